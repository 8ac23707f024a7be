/// Where a secret stands: bound to its ciphertext, so that one row's can't be put in the place of another's.
struct Place: Sendable, Hashable {
  /// The environment that the row belongs to.
  let environment: String
  /// The row's own id.
  let row: String
  /// Which of its secrets.
  let field: String
  /// The row's version, which grows with each change: an older secret can't be put back.
  let version: Int64

  /// Length-prefixed, so that no two places have the same bytes.
  func bytes(_ label: String) -> [UInt8] {
    [label, environment, row, field, String(version)].flatMap { part in
      let text = Array(part.utf8)
      return withUnsafeBytes(of: UInt32(text.count).bigEndian) { Array($0) } + text
    }
  }
}
