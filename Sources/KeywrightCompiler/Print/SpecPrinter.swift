import KeywrightDefinition

/// Prints a spec as text of the language: reading it again gives the same tree, places aside.
package struct SpecPrinter {
  private var lines: [String] = []

  /// The widest line on which a map stands in braces.
  private static let width = 100

  /// Prints a whole spec.
  package static func text(of spec: Spec) -> String {
    var printer = SpecPrinter()
    printer.print(spec.root.members, indent: 0)
    return printer.lines.joined(separator: "\n") + "\n"
  }

  private mutating func print(_ members: [Node.Member], indent: Int) {
    for member in members {
      let head = pad(indent) + key(member.key) + ":"
      print(member.value, after: head, indent: indent, isTopLevel: indent == 0)
    }
  }

  private mutating func print(_ node: Node, after head: String, indent: Int, isTopLevel: Bool) {
    switch node.content {
    case .scalar: lines.append("\(head) \(scalar(node, inFlow: false))")
    case .map(let members):
      if let flow = flow(node), !isTopLevel || members.count <= 1,
        head.utf8.count + flow.utf8.count < Self.width
      {
        lines.append("\(head) \(flow)")
      } else {
        lines.append(head)
        print(members, indent: indent + 2)
      }
    case .list(let elements):
      if let flow = flow(node), head.utf8.count + flow.utf8.count < Self.width {
        lines.append("\(head) \(flow)")
      } else {
        lines.append(head)
        for element in elements { print(element: element, indent: indent + 2) }
      }
    }
  }

  private mutating func print(element: Node, indent: Int) {
    if let flow = flow(element), indent + flow.utf8.count < Self.width {
      lines.append("\(pad(indent))- \(flow)")
      return
    }
    let start = lines.count
    switch element.content {
    case .map(let members): print(members, indent: indent + 2)
    default: print(element, after: pad(indent + 2), indent: indent + 2, isTopLevel: false)
    }
    // The first line of the element carries its dash.
    let first = lines[start].dropFirst(indent + 2)
    lines[start] = "\(pad(indent))- \(first)"
  }

  /// The node on one line; nil for a map of maps, which reads badly so.
  private func flow(_ node: Node, depth: Int = 0) -> String? {
    switch node.content {
    case .scalar: return scalar(node, inFlow: true)
    case .list(let elements):
      let texts = elements.compactMap { flow($0, depth: depth + 1) }
      guard texts.count == elements.count, !elements.contains(where: \.isMap) else { return nil }
      return "[\(texts.joined(separator: ", "))]"
    case .map(let members):
      if depth > 0, members.count > 1, members.contains(where: { $0.value.isMap }) { return nil }
      if members.isEmpty { return "{}" }
      let texts = members.compactMap { member in
        flow(member.value, depth: depth + 1).map { "\(key(member.key)): \($0)" }
      }
      guard texts.count == members.count,
        members.count == 1 || !members.contains(where: { $0.value.isMap })
      else { return nil }
      return "{ \(texts.joined(separator: ", ")) }"
    }
  }

  private func key(_ key: String) -> String {
    isPlain(key, inFlow: true) ? key : quoted(key)
  }

  private func scalar(_ node: Node, inFlow: Bool) -> String {
    guard case .scalar(let text, let style) = node.content else { return "" }
    return !style.isQuoted && isPlain(text, inFlow: inFlow) ? text : quoted(text)
  }

  /// Whether a text may stand without quotes and is read as the same text.
  private func isPlain(_ text: String, inFlow: Bool) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last,
      bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
    else { return false }
    if "!&*-?|>@`'\"%#,[]{}:=~ ".utf8.contains(first) || last == 0x20 || last == UInt8(ascii: ":") {
      return false
    }
    if inFlow, bytes.contains(where: { ",[]{}?:".utf8.contains($0) }), !isFlowSafe(bytes) {
      return false
    }
    return !zip(bytes, bytes.dropFirst()).contains { one, next in
      (one == UInt8(ascii: ":") && next == 0x20) || (one == 0x20 && next == UInt8(ascii: "#"))
    }
  }

  /// In a flow map a colon is harmless inside a word, as in `https://…` and `tickets:read`.
  private func isFlowSafe(_ bytes: [UInt8]) -> Bool {
    !bytes.contains { ",[]{}?".utf8.contains($0) }
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private func pad(_ width: Int) -> String { String(repeating: " ", count: width) }
}
