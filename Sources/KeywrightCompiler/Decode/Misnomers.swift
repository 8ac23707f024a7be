import KeywrightDefinition

/// What RFCs, other tools and other specs call keys of this language.
package enum Misnomers {
  /// The keys that somebody may mean who writes another name, the likeliest first; which it is depends on the place.
  ///
  /// `authorizationURL` means what `authorization_url` does, and `scopeSeparator` what `scope_separator` does.
  package static func keys(for name: String) -> [String] {
    let words = name.inSnakeCase
    return keys[words] ?? (words.isSameBytes(as: name) ? [] : [words])
  }

  /// Each with what it may mean.
  package static let keys: [String: [String]] = {
    var keys: [String: [String]] = [:]
    for (key, names) in names {
      for name in names.split(separator: " ") { keys[String(name), default: []].append(key) }
    }
    return keys
  }()

  /// Keys with their other names: those of RFC 6749, RFC 7591 and RFC 8414, then of other tools.
  private static let names = [
    (
      "authorization_endpoint",
      "authorization_uri authorize_endpoint auth_endpoint authorization_url authorize_url auth_url"
    ),
    (
      "token_endpoint",
      "token_uri token_url access_url access_token_url access_token_endpoint"
    ),
    ("refresh_endpoint", "refresh_url refresh_token_url"),
    ("revocation_endpoint", "revoke_endpoint revoke_url revocation_url"),
    (
      "client_authentication",
      "token_endpoint_auth_method token_request_auth_method token_auth_method client_auth "
        + "client_auth_method client_authentication_method auth_style"
    ),
    ("pkce", "code_challenge_method code_challenge_methods_supported use_pkce"),
    ("authorization_parameters", "authorization_params authorize_params auth_params"),
    ("token_parameters", "token_params"),
    ("refresh_parameters", "refresh_params"),
    ("scope_separator", "scope_delimiter"),
    ("scopes", "scope"),
    (
      "account",
      "userinfo user_info userinfo_endpoint userinfo_url user_info_url profile profile_url"
    ),
    ("kind", "auth_mode auth_type type preset mode"),
    ("verify", "verification test"),
    ("renew", "refresh"),
    ("revoke", "logout"),
    ("exchange", "steps flow login connect"),
    ("credential", "token"),
    ("save", "output outputs"),
    ("id", "name"),
    ("name", "display_name title"),
    ("title", "label"),
    ("help", "description"),
    ("notes", "description"),
    ("categories", "category tags"),
    ("pattern", "regex"),
    ("values", "enum options"),
    ("get", "url path"),
    ("json", "body"),
    ("form", "data"),
    ("query", "params parameters"),
    ("links", "docs"),
    ("base", "base_url"),
    ("api", "proxy"),
    ("auth", "methods"),
    ("ask", "fields connection_config"),
    ("accept", "expect"),
    ("when", "condition if"),
  ]
}

extension String {
  /// A name in camel case as words in lower case that `_` joins; any other as it is.
  fileprivate var inSnakeCase: String {
    if !holds({ $0.lowered != $0 }) || holds(UInt8(ascii: "-")) { return self }
    var words: [UInt8] = []
    var previous: UInt8 = UInt8(ascii: "_")
    for byte in utf8 {
      // An acronym is one word.
      if byte.lowered != byte, previous.lowered == previous, previous != UInt8(ascii: "_") {
        words.append(UInt8(ascii: "_"))
      }
      words.append(byte.lowered)
      previous = byte
    }
    return String(decoding: words, as: UTF8.self)
  }
}
