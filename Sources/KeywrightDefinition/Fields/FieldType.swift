/// The types of the spec language that this version knows, by their names there.
package enum FieldType: String, Sendable, Hashable, CaseIterable {
  case text, secret, email, url
  case hostLabel = "host_label"

  /// Names of the language that come later, and are refused with "not yet".
  package static let later = [
    "integer", "boolean", "choice", "uuid", "host", "origin", "list", "private_key", "certificate",
    "jwk",
  ]

  /// Whether values of the type are never shown.
  package var isSecret: Bool { self == .secret }

  /// Checks an entry and brings it into its canonical form.
  package func canonical(_ entry: String) throws(FieldFailure) -> String {
    switch self {
    case .text:
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
    case .email: return try EmailAddress(entry).text
    case .url: return try HTTPSURL(entry).text
    case .hostLabel: return try HostLabel(entry).text
    }
  }
}
