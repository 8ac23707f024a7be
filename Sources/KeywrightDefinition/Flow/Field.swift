/// A declared value: filled in (`setup`, `ask`, `hints`), brought back (`take`), made (`let`) or kept (`save`).
package struct Field: Sendable, Hashable {
  /// The value's name in templates.
  package let name: String
  /// What it is read into; of a list, what each element is.
  package var type = FieldType.text
  /// Whether it is a list of such values.
  package var isList = false
  /// Whether the spec names a type. Where it does not, a value made from others keeps the type it has.
  package var hasType = true
  /// What a form calls it.
  package var title: String?
  /// One sentence on where to find it.
  package var help: String?
  /// A value that fits.
  package var example: String?
  /// Where a person finds it.
  package var link: String?
  /// What the entry means, shown while it is typed: a template over the field itself.
  package var shownAs: Template?
  /// What the whole value matches.
  package var pattern: Pattern?
  /// Domains that the host lies under, or is.
  package var under: [String] = []
  /// What can be chosen.
  package var choices: [Choice] = []
  /// Whether it may be left empty.
  package var isOptional = false
  /// What stands in for an empty entry.
  package var standard: Template?
  /// Asked for only if this holds.
  package var condition: Expression?
  /// Used while the flow runs, and not kept.
  package var isOnce = false
  /// Whether the system fills it, with a UUID.
  package var isGenerated = false
  /// What a made or kept value comes from; nil for the others.
  package var from: Template?
  /// Whether the spec says `secret: true` of it.
  package var isMarkedSecret = false

  /// Whether it is never shown.
  package var isSecret: Bool { isMarkedSecret || type.isSecret }

  /// Whether a flow may come without it.
  package var mayBeAbsent: Bool { isOptional && standard == nil || condition != nil }

  /// One of the values that can be chosen.
  package struct Choice: Sendable, Hashable {
    /// What is sent, and stored.
    package let value: String
    /// What a form calls it.
    package let title: String?
    /// Constants that come with it, by name.
    package let attributes: [Entry]

    /// The text of a constant.
    package func attribute(_ name: String) -> String? {
      attributes.first { $0.name == name }?.value.literalText
    }
  }

  /// Declares a value.
  package init(name: String) { self.name = name }
}

extension Field {
  /// Checks an entry, and brings it into its canonical form.
  ///
  /// A list is written with commas, or as a JSON array of texts; its canonical form is the array.
  package func canonical(_ entry: String) throws(FieldFailure) -> String {
    if isList {
      var elements: [JSON] = []
      for element in try self.elements(of: entry) { elements.append(.string(try single(element))) }
      return JSON.array(elements).compactText
    }
    return try single(entry)
  }

  /// The elements of a list as it is entered or stored.
  private func elements(of entry: String) throws(FieldFailure) -> [String] {
    if case .array(let elements)? = try? JSON(reading: entry) {
      let texts = elements.compactMap(\.scalarText)
      guard texts.count == elements.count else {
        throw FieldFailure(
          type: type.rawValue, reason: "wanted a list of texts, without lists and maps in it")
      }
      return texts
    }
    return entry.split { $0 == "," || $0.isNewline }.map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }

  private func single(_ entry: String) throws(FieldFailure) -> String {
    let text = try type.canonical(entry)
    if type == .choice, !choices.contains(where: { $0.value.isSameBytes(as: text) }) {
      throw FieldFailure(
        type: type.rawValue,
        reason: "wanted one of \(choices.map { "'\($0.value)'" }.joined(separator: ", "))")
    }
    if let pattern, !pattern.matches(text) {
      throw FieldFailure(
        type: type.rawValue,
        reason: "wanted what the pattern '\(pattern)' matches"
          + (example.map { ", such as '\($0)'" } ?? ""))
    }
    if !under.isEmpty, !lies(text) {
      throw FieldFailure(
        type: type.rawValue, reason: "wanted a host under \(under.joined(separator: " or "))")
    }
    return text
  }

  /// Whether the host of a canonical text is one of `under`, or lies below it.
  private func lies(_ text: String) -> Bool {
    let address = type == .host ? "https://\(text)" : text
    guard let host = (try? URLParts(reading: address))?.origin.host else { return false }
    return under.contains { suffix in
      host.isSameBytes(as: suffix) || host.hasSuffix("." + suffix)
    }
  }

  /// The value of a canonical text.
  package func value(_ text: String) -> Value {
    if isList {
      guard case .array(let elements)? = try? JSON(reading: text) else { return .list([]) }
      return .list(elements.compactMap(\.scalarText).map(type.value))
    }
    guard type == .choice, let choice = choices.first(where: { $0.value.isSameBytes(as: text) })
    else { return type.value(text) }
    return .choice(
      text, Dictionary(choice.attributes.map { ($0.name, $0.value.literalText ?? "") }) { $1 })
  }

  /// The canonical text of a value that an answer or a template gave; nil where it has none.
  package func text(of value: Value) -> String? {
    guard isList else { return value.text }
    switch value {
    case .list(let values): return JSON.array(values.compactMap(\.json)).compactText
    case .dynamic(.array(let elements)): return JSON.array(elements).compactText
    default: return value.text
    }
  }
}
