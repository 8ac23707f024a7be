/// The types of the spec language that this version knows, by their names there.
package enum FieldType: String, Sendable, Hashable, CaseIterable {
  case text, secret, integer, boolean, choice, email, uuid
  case hostLabel = "host_label"
  case host, origin, url

  /// Names of the language that come later, and are refused with "not yet".
  package static let later = ["private_key", "certificate", "jwk"]

  /// What other languages call a type of ours.
  static let misnomers = [
    "string": "text", "str": "text", "password": "secret", "token": "secret", "int": "integer",
    "number": "integer", "bool": "boolean", "enum": "choice", "select": "choice", "uri": "url",
    "hostname": "host", "domain": "host", "subdomain": "host_label", "guid": "uuid",
    "mail": "email",
  ]

  /// Whether values of the type are never shown.
  package var isSecret: Bool { self == .secret }

  /// Checks an entry and brings it into its canonical form. What a choice allows is its field's to say.
  package func canonical(_ entry: String) throws(FieldFailure) -> String {
    switch self {
    case .text, .choice:
      guard !entry.hasControlCharacter, entry.unicodeScalars.count <= 1_024 else {
        throw FieldFailure(
          type: rawValue, reason: "wanted text of at most 1,024 characters, on one line")
      }
      return entry
    case .secret:
      guard entry.utf8.count <= 64 * 1_024 else {
        throw FieldFailure(type: rawValue, reason: "wanted a secret of at most 64 KiB")
      }
      return entry
    case .integer:
      guard let value = Int64(strict: entry) else {
        throw FieldFailure(type: rawValue, reason: "wanted an integer, such as '42'")
      }
      return String(value)
    case .boolean:
      guard entry == "true" || entry == "false" else {
        throw FieldFailure(type: rawValue, reason: "wanted 'true' or 'false'")
      }
      return entry
    case .email: return try EmailAddress(entry).text
    case .uuid: return try UUIDText(entry).text
    case .hostLabel: return try HostLabel(entry).text
    case .host: return try HostName(entry).text
    case .origin: return try Origin(entry).description
    case .url: return try HTTPSURL(entry).text
    }
  }

  /// The value of a canonical text.
  package func value(_ text: String) -> Value {
    switch self {
    case .integer: Int64(strict: text).map { .integer($0) } ?? .text(text)
    case .boolean: .boolean(text == "true")
    default: .text(text)
    }
  }
}
