internal import KeywrightDefinition

extension Request.Format {
  /// A body of this format.
  func text(of json: JSON) -> String {
    switch self {
    case .json: json.compactText
    case .text: json.scalarText ?? ""
    case .none: ""
    case .form:
      if case .object(let members) = json {
        FormText.text(
          members.map { ($0.name, $0.value.scalarText ?? $0.value.compactText) },
          encode: Encoding.form)
      } else {
        ""
      }
    case .xml: json.element?.xmlText ?? "<answer/>"
    }
  }
}

extension JSON {
  /// An element by its name: `{ "Envelope": { … } }`.
  fileprivate var element: XMLElement? {
    guard case .object(let members) = self, let root = members.first else { return nil }
    return XMLElement(root.name, root.value)
  }
}

extension XMLElement {
  fileprivate init(_ name: String, _ json: JSON) {
    guard case .object(let members) = json else {
      self.init(name: name, text: json.scalarText ?? "")
      return
    }
    self.init(
      name: name,
      attributes: members.filter { $0.name.hasPrefix("@") }.map {
        Attribute(String($0.name.dropFirst()), $0.value.scalarText ?? "")
      },
      children: members.filter { !$0.name.hasPrefix("@") }.flatMap { member in
        if case .array(let elements) = member.value {
          elements.map { XMLElement(member.name, $0) }
        } else {
          [XMLElement(member.name, member.value)]
        }
      })
  }
}
