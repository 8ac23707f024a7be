/// A function of the language: a closed set, each called on its first argument.
package enum Function: String, Sendable, Hashable, CaseIterable {
  case lower, upper, trim, first, last, split, capture, replace, join
  case base64, base64url, hex, json, url, form
  case fromBase64 = "from_base64"
  case fromHex = "from_hex"
  case fromJSON = "from_json"
  case positive
  case md5, sha1, sha256, sha512
  case hmacSHA1 = "hmac_sha1"
  case hmacSHA256 = "hmac_sha256"
  case hmacSHA512 = "hmac_sha512"
  case sign, fingerprint, thumbprint, claims
  case host, origin
  case wellKnown = "well_known"
  case without
  case plainQuery = "plain_query"
  case canonicalQuery = "canonical_query"
  case time, seconds
  case find, filter, any, count

  /// How many arguments it takes in its brackets, where this version knows the function; nil where not yet.
  package var argumentCount: Int? {
    switch self {
    case .lower, .upper, .trim, .base64, .base64url, .hex, .url, .form, .positive: 0
    default: nil
    }
  }
}
