import KeywrightDefinition

/// Names of the language as Swift identifiers, by one rule.
///
/// Words are split at every character that is no ASCII letter or digit; the first is lowered, the others are
/// capitalized; a leading digit gets `_`.
enum SwiftName {
  /// The name of a member, such as `ticketsRead` for `tickets:read`; escaped where Swift needs it.
  static func member(_ text: String) -> String {
    escaped(plainMember(text))
  }

  /// A name that ``plainMember(_:)`` gave, escaped where Swift needs it.
  static func escaped(_ name: String) -> String {
    // Most names are longer than any word of Swift, and sets hash what they are asked for.
    guard name.utf8.count <= longestWord, reserved.contains(name) else { return name }
    return unescapable.contains(name) ? name + "_" : "`\(name)`"
  }

  /// The name of a member without escapes, by which collisions are found.
  static func plainMember(_ text: String) -> String {
    // One pass over the bytes, into the text itself: a spec may have hundreds of scopes.
    var text = text
    return text.withUTF8 { text in plainMember(text) }
  }

  private static func plainMember(_ text: UnsafeBufferPointer<UInt8>) -> String {
    String(unsafeUninitializedCapacity: text.count + 1) { name in
      // Room for an underscore before a digit.
      var count = 1
      var endOfFirst: Int?
      var isBetween = true
      for byte in text {
        if byte.isLetter || byte.isDigit {
          name[count] = isBetween && endOfFirst != nil ? byte.uppered : byte
          count += 1
          isBetween = false
        } else {
          if endOfFirst == nil, count > 1 { endOfFirst = count }
          isBetween = true
        }
      }
      lowerStart(of: name, from: 1, to: endOfFirst ?? count)
      if count == 1 || name[1].isDigit {
        name[0] = UInt8(ascii: "_")
        return count
      }
      for index in 1..<count { name[index - 1] = name[index] }
      return count - 1
    }
  }

  /// An acronym at the start is lowered whole: `APIKey` is `apiKey`.
  private static func lowerStart(
    of name: UnsafeMutableBufferPointer<UInt8>, from start: Int, to end: Int
  ) {
    let capitals = name[start..<end].prefix { $0 >= 0x41 && $0 <= 0x5A }.count
    let length = end - start
    for index in start..<start + (capitals > 1 && capitals < length ? capitals - 1 : capitals) {
      name[index] = name[index].lowered
    }
  }

  /// The name of a nested type, such as `Environment` for `environment`; never one that something else has.
  static func nested(_ text: String) -> String {
    let name = capitalized(words(of: text))
    let isTaken = takenTypes.contains(name) || reserved.contains(name)
    return isTaken || name.utf8.first.map(\.isDigit) != false ? name + "Choice" : name
  }

  /// The name of a saved value among a connection's members.
  static func saved(_ text: String) -> String {
    let name = plainMember(text)
    return connectionMembers.contains(name)
      ? "saved" + capitalized([name]) : member(text)
  }

  private static let connectionMembers: Set<String> = [
    "account", "any", "credential", "description", "engine", "grantedScopes", "missingScopes",
    "provider",
    "record", "renewed", "revoke", "savedText", "sealed", "sign", "verify", "warnings",
    "customMirror",
  ]

  /// The type's name: the letters of `name` where they equal the id's, else the id in camel case.
  static func type(id: String, name: String) -> String {
    let letters = words(of: name).joined()
    let isSame = letters.asciiLowered.isSameBytes(as: words(of: id).joined())
    return capitalized(isSame ? [letters] : words(of: id))
  }

  /// The words, which are ASCII, each with a capital.
  private static func capitalized(_ words: [String]) -> String {
    words.map { String(decoding: $0.utf8.prefix(1).map(\.uppered), as: UTF8.self) + $0.dropFirst() }
      .joined()
  }

  /// Why a type can't have a name; nil where it can.
  static func problem(ofType name: String) -> String? {
    if name.utf8.first.map(\.isDigit) != false { return "begins with a digit" }
    if takenTypes.contains(name) { return "is a type that consumers use" }
    return reserved.contains(name) ? "is a word of Swift" : nil
  }

  private static func words(of text: String) -> [String] {
    text.utf8.split { !$0.isLetter && !$0.isDigit }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Words that Swift reserves, and that backticks make identifiers.
  private static let keywords: Set<String> = [
    "as", "associatedtype", "await", "break", "case", "catch", "class", "continue", "default",
    "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate",
    "for", "func", "guard", "if", "import", "in", "inout", "internal", "is", "let", "nil",
    "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return",
    "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
    "typealias", "var", "where", "while", "Any",
  ]

  /// Both sets together.
  private static let reserved = keywords.union(unescapable)

  /// The bytes of the longest of either set.
  private static let longestWord = reserved.map(\.utf8.count).max() ?? 0

  /// Words that mean something else even in backticks, or after a dot.
  private static let unescapable: Set<String> = ["init", "self", "Self", "Type", "Protocol"]

  /// Types of Swift, of Foundation and of the runtime: a provider of that name would shadow the consumer's.
  private static let takenTypes: Set<String> = [
    "Array", "Bool", "Calendar", "Character", "Codable", "Collection", "Data", "Date", "Decimal",
    "Decoder", "Dictionary", "Double", "Duration", "Encoder", "Error", "File", "Float", "Host",
    "Int", "Locale", "Mirror", "Never", "Notification", "Object", "Operation", "Optional",
    "Process", "Range", "Result", "Sequence", "Set", "Slice", "Stream", "String", "Swift", "Task",
    "Thread", "Timer", "Unicode", "URL", "UUID", "Void", "Account", "AuthorizationCode",
    "AuthorizationError", "Clock", "Connection", "Credential", "CredentialForm", "EmailAddress",
    "ChoiceValue", "FieldFailure", "FieldInteger",
    "FieldList", "FieldTruth", "HostName", "Origin", "UUIDText", "NoClient",
    "AnyScope", "GeneratedFormat", "HTTPRequest", "HTTPResponse", "HTTPSURL",
    "HostLabel", "Keywright", "OAuthClient", "OriginMap", "Pending", "Provider", "PublicClient",
    "AnyClient", "AnyConnection", "AnyMethod", "AnyPending", "AnyProvider", "Catalogue",
    "ConnectionKeeper", "ConnectionStore", "CredentialName", "FileStore", "FormField",
    "InMemoryStore", "KeptConnection", "NoHints", "ProviderCredentialName", "ProviderHints",
    "SoleCredential", "Scope", "Sealed", "SealingKey", "Secret", "Transport", "UnixTime",
    "ClientSetup", "FieldValue",
    "HTTPField", "HTTPFields", "ProviderFields", "ProviderScope", "RedirectURI", "ScopeChoice",
    "StaticString", "Surroundings", "TransportAnswer", "TransportError",
  ]
}
