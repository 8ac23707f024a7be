import KeywrightDefinition

/// What the checks know about a value before any is there.
struct Known: Sendable {
  var kind: ValueKind
  /// Whose secret it holds; nobody's where it may be seen.
  var secrecy: Owners = []
  /// Whose signature it holds: what it was made with stays hidden, but it speaks for its owner.
  var signature: Owners = []
  /// Who gave it.
  var sources: Sources = []
  /// Who chose the host, where the value names one.
  var host = HostChoice.fixed
  var mayBeAbsent = false
  /// The condition behind which it is there.
  var condition: Expression?
  /// The field that declares it.
  var field: Shared<Field>?

  var isSecret: Bool { !secrecy.isEmpty }

  /// Takes in what the value may be instead, where only a run decides: whatever of the integrator's it may hold, and the
  /// least trusted who may have chosen its host.
  mutating func join(_ other: Known) {
    secrecy.formUnion(other.secrecy.intersection(.integrator))
    signature.formUnion(other.signature.intersection(.integrator))
    host = max(host, other.host)
  }
}

/// What is known of a few names. A method has so few that looking at each is quicker than hashing one.
struct KnownNames {
  private struct Entry {
    let name: String
    var known: Known
  }

  private var entries: [Entry] = []

  /// What is known of a name; set, it replaces what was known.
  subscript(name: String) -> Known? {
    get {
      for index in entries.indices where entries[index].name == name {
        return entries[index].known
      }
      return nil
    }
    set {
      entries.removeAll { $0.name == name }
      if let newValue { entries.append(Entry(name: name, known: newValue)) }
    }
  }

  /// The names, sorted.
  var names: [String] { entries.map(\.name).sorted() }

  /// Those of which something holds.
  func filter(_ holds: (Known) -> Bool) -> KnownNames {
    var result = KnownNames()
    result.entries = entries.filter { holds($0.known) }
    return result
  }

  /// Takes in what the same names may be instead.
  mutating func join(_ others: KnownNames) {
    for index in entries.indices {
      if let other = others[entries[index].name] { entries[index].known.join(other) }
    }
  }

  /// What is known of the names that an expression reads.
  func read(by expression: Expression) -> [Known] {
    entries.filter { expression.reads($0.name) }.map(\.known)
  }
}

/// A value behind one reference: what is known of a name is copied wherever it is read.
@dynamicMemberLookup
final class Shared<Value: Sendable>: Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }

  subscript<Part>(dynamicMember part: KeyPath<Value, Part>) -> Part { value[keyPath: part] }
}

/// What a value is, as far as the spec says.
enum ValueKind: Hashable, Sendable {
  case text, integer, boolean, bytes, list, pairs
  /// Seconds since 1970.
  case instant
  /// A number of seconds.
  case duration
  /// Part of an answer: typed where it goes.
  case dynamic
  /// Read by `.name` alone.
  case group
  /// The word `none`.
  case nothing
  /// An error has been told already.
  case unknown

  /// How a message names it.
  var name: String {
    switch self {
    case .text: "text"
    case .integer: "an integer"
    case .boolean: "true or false"
    case .bytes: "bytes"
    case .list: "a list"
    case .pairs: "the pairs of a query"
    case .instant: "an instant"
    case .duration: "a length of time"
    case .dynamic: "part of an answer"
    case .group: "a group of values"
    case .nothing: "none"
    case .unknown: "unknown"
    }
  }

  /// Whether its type is decided by what stands beside it.
  var adapts: Bool { self == .dynamic || self == .unknown || self == .nothing }

  /// Whether it is a number to the operators.
  var isNumber: Bool { self == .integer || self == .instant || self == .duration }

  init(_ field: Field) {
    if field.isList {
      self = .list
    } else {
      switch field.type {
      case .integer: self = .integer
      case .boolean: self = .boolean
      default: self = .text
      }
    }
  }
}

/// Whose something is.
struct Owners: OptionSet, Sendable {
  let rawValue: UInt8
  static let integrator = Owners(rawValue: 1)
  static let person = Owners(rawValue: 2)
}

/// Who gave a value.
struct Sources: OptionSet, Sendable {
  let rawValue: UInt16
  static let setup = Sources(rawValue: 1)
  static let ask = Sources(rawValue: 2)
  static let hints = Sources(rawValue: 4)
  static let callback = Sources(rawValue: 8)
  static let answer = Sources(rawValue: 16)
  static let credential = Sources(rawValue: 32)
  /// Made by the engine for this flow.
  static let flow = Sources(rawValue: 64)
  /// What the client authenticates itself by.
  static let client = Sources(rawValue: 256)
}

/// Who chose a host; the later ones are trusted less.
enum HostChoice: Int, Comparable, Sendable {
  /// The spec or the integrator, or an answer of such a host.
  case fixed
  /// The person, or an answer of a host that a person chose.
  case person
  /// A callback: anybody.
  case callback
  /// An answer that came without TLS: anybody on its way.
  case plain

  static func < (one: HostChoice, other: HostChoice) -> Bool { one.rawValue < other.rawValue }
}

/// A name that was read, where, and what is known of it.
struct Use: Sendable {
  let name: String
  /// What is taken of it.
  var member: String?
  var known: Known
  let path: Path
  /// Where it stands in its template, in bytes.
  let range: Range<Int>

  /// As it is written, such as `callback.code`.
  var text: String { member.map { "\(name).\($0)" } ?? name }

  /// Whether it is a secret of the integrator's.
  var isOfIntegrator: Bool { known.secrecy.contains(.integrator) }
}

/// Most lists of uses are joined with an empty one; then nothing is copied.
extension [Use] {
  static func += (uses: inout [Use], more: [Use]) {
    if uses.isEmpty { uses = more } else if !more.isEmpty { uses.append(contentsOf: more) }
  }

  static func + (uses: [Use], more: [Use]) -> [Use] {
    var all = uses
    all += more
    return all
  }
}

/// What is known of an expression.
struct Analysis: Sendable {
  var kind: ValueKind
  /// What it was made of.
  var uses: [Use] = []
  /// What may be absent, and is not answered.
  var absent: [Use] = []

  static let unknown = Analysis(kind: .unknown)

  /// A name by itself, or a member of one.
  /// - Parameter isMissing: whether it may be absent, and nothing that holds here says that it is not.
  init(_ use: Use, isMissing: Bool) {
    kind = use.known.kind
    uses = [use]
    absent = isMissing ? uses : []
  }

  init(kind: ValueKind, uses: [Use] = [], absent: [Use] = []) {
    self.kind = kind
    self.uses = uses
    self.absent = absent
  }

  /// The whole as one value.
  var known: Known {
    uses.reduce(into: Known(kind: kind)) { known, use in
      known.secrecy.formUnion(use.known.secrecy)
      known.signature.formUnion(use.known.signature)
      known.sources.formUnion(use.known.sources)
      known.host = max(known.host, use.known.host)
    }
  }

  /// The same uses as another kind of value.
  func becoming(_ kind: ValueKind) -> Analysis { Analysis(kind: kind, uses: uses, absent: absent) }
}
