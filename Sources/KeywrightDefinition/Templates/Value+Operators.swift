extension Value {
  /// What `.name` or `.0` reads; JSON's `null` counts as absent.
  func member(_ member: Expression.Member) -> Value? {
    switch (self, member) {
    case (.record(let values), .name(let name)): return values[name]
    case (.choice(_, let attributes), .name(let name)): return attributes[name].map { .text($0) }
    case (.list(let values), .index(let index)):
      return values.indices.contains(index) ? values[index] : nil
    case (.list(let values), .name("last")): return values.last
    case (.dynamic(.array(let elements)), .name("last")): return Self.present(elements.last)
    case (.dynamic(let json), .name(let name)): return Self.present(json[name])
    case (.dynamic(let json), .index(let index)):
      return Self.present(json[index] ?? json[String(index)])
    case (.integer(let status), .name("ok")): return .boolean((200...299).contains(status))
    case (.xml(let elements), .index(let index)):
      return elements.indices.contains(index) ? .xml([elements[index]]) : nil
    case (.xml(let elements), .name(let name)): return elements.first.flatMap { $0.member(name) }
    default: return nil
    }
  }

  private static func present(_ json: JSON?) -> Value? {
    guard let json, json != .null else { return nil }
    return .dynamic(json)
  }

  /// Joins text or bytes, or adds integers; a dynamic operand takes the type of the other, and two are text.
  func adding(_ other: Value) -> Value? {
    switch (self, other) {
    case (.integer, .integer), (.integer, .dynamic), (.dynamic, .integer), (.integer, .xml),
      (.xml, .integer):
      guard let one = integer, let other = other.integer else { return nil }
      let (sum, overflow) = one.addingReportingOverflow(other)
      return overflow ? nil : .integer(sum)
    case (.bytes, _), (_, .bytes):
      guard let one = bytes, let other = other.bytes else { return nil }
      return .bytes(one + other)
    default:
      guard let one = text, let other = other.text else { return nil }
      return .text(one + other)
    }
  }

  /// Whether two values are equal; what is absent equals only `none`, never another absent value.
  ///
  /// A dynamic scalar is converted to the type of the other side. Texts are compared in time that does not
  /// depend on where they differ.
  static func areEqual(_ one: Value?, _ other: Value?) -> Bool {
    guard let one, let other else { return one == .nothing || other == .nothing }
    switch (one, other) {
    case (.nothing, .nothing): return true
    case (.nothing, _), (_, .nothing): return false
    case (.dynamic(let one), .dynamic(let other)): return one.isSame(as: other)
    case (.boolean(let truth), _) where other.isDynamic: return other.isSpelling(of: truth)
    case (_, .boolean(let truth)) where one.isDynamic: return one.isSpelling(of: truth)
    case (.boolean(let one), .boolean(let other)): return one == other
    case (.integer, _) where other.isDynamic, (_, .integer) where one.isDynamic,
      (.integer, .integer):
      return one.integer != nil && one.integer == other.integer
    case (.list(let one), .list(let other)): return one == other
    case (.pairs(let one), .pairs(let other)): return one == other
    default:
      guard let one = one.bytes, let other = other.bytes else { return false }
      return one.isEqualWithoutEarlyExit(to: other)
    }
  }

  /// Whether a dynamic scalar says `true` or `false`, be it JSON's own word or text.
  private func isSpelling(of truth: Bool) -> Bool {
    self == .dynamic(.boolean(truth)) || text.map { $0 == (truth ? "true" : "false") } ?? false
  }
}

extension JSON {
  /// Whether both have the same type and value: members in any order, texts byte by byte and without an early exit.
  fileprivate func isSame(as other: JSON) -> Bool {
    switch (self, other) {
    case (.string(let one), .string(let other)), (.number(let one), .number(let other)):
      Array(one.utf8).isEqualWithoutEarlyExit(to: Array(other.utf8))
    case (.array(let one), .array(let other)):
      one.count == other.count && zip(one, other).allSatisfy { $0.isSame(as: $1) }
    case (.object(let one), .object(_)):
      one.count == other.memberCount
        && one.allSatisfy { member in
          other[member.name].map { member.value.isSame(as: $0) } ?? false
        }
    default: self == other
    }
  }

  private var memberCount: Int { if case .object(let members) = self { members.count } else { 0 } }
}

extension XMLElement {
  /// A child element by its name, or an attribute by `@` and its name.
  fileprivate func member(_ name: String) -> Value? {
    if name.hasPrefix("@") { return attribute(String(name.dropFirst())).map { .text($0) } }
    let children = members(name)
    return children.isEmpty ? nil : .xml(children)
  }
}

extension [UInt8] {
  /// Whether both hold the same bytes, in time that depends on their number alone.
  fileprivate func isEqualWithoutEarlyExit(to other: [UInt8]) -> Bool {
    guard count == other.count else { return false }
    var difference: UInt8 = 0
    for index in indices { difference |= self[index] ^ other[index] }
    return difference == 0
  }
}
