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
}

extension Function {
  /// What stands in a function's brackets.
  package enum Argument: Sendable, Hashable {
    case text, integer, bytes
    /// A pattern that is written there as a text.
    case pattern
    /// One of some words, written there as a text.
    case word([String])
    /// A text that is written there.
    case literal
    /// A condition over `item`.
    case condition
  }

  /// What a function is called on, or gives.
  package enum Kind: Sendable, Hashable {
    /// Text, or what has a text.
    case text
    case integer, boolean, bytes
    case list, pairs
    /// A list or text whose kind is the receiver's.
    case same
    /// An element of the receiver.
    case element
    /// What an answer holds: typed where it goes.
    case dynamic
    /// Seconds since 1970, or a number of seconds; `seconds` says which by its word.
    case time
    /// Anything that JSON can hold.
    case any
  }

  /// What a function takes and gives.
  package struct Signature: Sendable {
    /// What it is called on.
    package let receiver: Kind
    /// What stands in its brackets, in their order.
    package let arguments: [Argument]
    /// Whether the last argument may be repeated.
    package let repeatsLast: Bool
    /// What it gives.
    package let result: Kind

    init(_ receiver: Kind, _ result: Kind) { self.init(receiver, [], result) }

    init(
      _ receiver: Kind, _ arguments: [Argument], _ result: Kind, repeatsLast: Bool = false
    ) {
      self.receiver = receiver
      self.arguments = arguments
      self.repeatsLast = repeatsLast
      self.result = result
    }
  }

  /// What the function takes and gives; nil where this version does not know it yet.
  package var signature: Signature? {
    switch self {
    case .lower, .upper, .trim: Signature(.text, .text)
    case .first, .last: Signature(.text, [.integer], .same)
    case .split: Signature(.text, [.text], .list)
    case .capture: Signature(.text, [.pattern], .text)
    case .replace: Signature(.text, [.text, .text], .text)
    case .join: Signature(.list, [.text], .text)
    case .base64, .base64url, .hex: Signature(.bytes, .text)
    case .json: Signature(.any, .text)
    case .url, .form: Signature(.text, .text)
    case .fromBase64, .fromHex: Signature(.text, .bytes)
    case .positive: Signature(.integer, .integer)
    case .md5, .sha1, .sha256, .sha512: Signature(.bytes, .bytes)
    case .hmacSHA1, .hmacSHA256, .hmacSHA512: Signature(.bytes, [.bytes], .bytes)
    case .claims: Signature(.text, .dynamic)
    case .host, .origin: Signature(.text, .text)
    case .wellKnown: Signature(.text, [.literal], .text)
    case .without: Signature(.pairs, [.literal], .pairs, repeatsLast: true)
    case .plainQuery, .canonicalQuery: Signature(.pairs, .text)
    case .time: Signature(.time, [.word(Self.timeFormats)], .text)
    case .seconds: Signature(.text, [.word(Self.instantFormats + Self.durationFormats)], .time)
    case .find: Signature(.list, [.condition], .element)
    case .filter: Signature(.list, [.condition], .list)
    case .any: Signature(.list, [.condition], .boolean)
    case .count: Signature(.list, .integer)
    case .fromJSON, .sign, .fingerprint, .thumbprint: nil
    }
  }

  /// How `time` writes an instant.
  package static let timeFormats = ["iso8601", "iso8601_basic", "rfc1123", "milliseconds"]
  /// What `seconds` reads as an instant; `milliseconds` may be either.
  package static let instantFormats = ["iso8601", "rfc1123", "milliseconds"]
  /// What `seconds` reads as a length of time.
  package static let durationFormats = ["minutes", "hours", "D:HH:MM"]

  /// One sentence for the reference.
  package var meaning: String {
    switch self {
    case .lower: "ASCII letters in lower case"
    case .upper: "ASCII letters in upper case"
    case .trim: "without white space at both ends"
    case .first: "the first n characters, or bytes"
    case .last: "the last n characters, or bytes"
    case .split: "the parts between a separator, as a list"
    case .capture: "the first group of a pattern that is found anywhere, or all that it found"
    case .replace: "every `old` replaced by `new`"
    case .join: "a list's elements as one text"
    case .base64: "base64 with padding (RFC 4648 §4)"
    case .base64url: "base64 for URLs, without padding (RFC 4648 §5)"
    case .hex: "hexadecimal digits, in lower case"
    case .json: "the value as JSON text; a text gets its quotes"
    case .url: "percent-encoded as one component (RFC 3986)"
    case .form: "as in a form: a space is `+`"
    case .fromBase64: "the bytes of base64, either alphabet, with or without padding"
    case .fromHex: "the bytes of hexadecimal digits, either case"
    case .fromJSON: "the value of JSON text"
    case .positive: "the integer, where it is above 0"
    case .md5, .sha1, .sha256, .sha512: "the digest; of a secret it stays secret"
    case .hmacSHA1, .hmacSHA256, .hmacSHA512: "the HMAC (RFC 2104); public, whatever its key is"
    case .sign: "a signature by a private key"
    case .fingerprint: "SHA-256 of a key's SPKI"
    case .thumbprint: "a certificate's `x5t#S256`"
    case .claims: "a JWT's claims, read and not verified"
    case .host: "the host of a URL, without its port"
    case .origin: "scheme, host and port of a URL"
    case .wellKnown: "the address of a well-known document, inserted before the path (RFC 8414 §3)"
    case .without: "the pairs but those of some names"
    case .plainQuery: "`a=1&b=2`, sorted by name, as they are"
    case .canonicalQuery: "the same, percent-encoded (RFC 3986)"
    case .time: "an instant as text; `milliseconds` as an integer"
    case .seconds: "the seconds of a date, which is an instant, or of a length of time"
    case .find: "the first element for which a condition over `item` holds"
    case .filter: "all such elements"
    case .any: "whether there is one"
    case .count: "how many elements there are"
    }
  }
}
