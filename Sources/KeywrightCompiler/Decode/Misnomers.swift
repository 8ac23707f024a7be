import KeywrightDefinition

/// What RFCs, other tools and other specs call keys of this language.
package enum Misnomers {
  /// The key that somebody means who writes another name; nil where that is not known.
  ///
  /// `authorizationURL` means what `authorization_url` does, and `scopeSeparator` what `scope_separator` does.
  package static func key(for name: String) -> String? {
    let words = name.inSnakeCase
    return keys[words] ?? (words.isSameBytes(as: name) ? nil : words)
  }

  /// Each with the key that is meant.
  package static let keys: [String: String] = [
    // RFC 8414, RFC 7591 and RFC 6749.
    "authorization_uri": "authorization_endpoint", "authorize_endpoint": "authorization_endpoint",
    "token_uri": "token_endpoint", "revoke_endpoint": "revocation_endpoint",
    "token_endpoint_auth_method": "client_authentication", "code_challenge_method": "pkce",
    "code_challenge_methods_supported": "pkce", "userinfo_endpoint": "account",
    // Other tools.
    "authorization_url": "authorization_endpoint", "authorize_url": "authorization_endpoint",
    "auth_url": "authorization_endpoint", "auth_endpoint": "authorization_endpoint",
    "token_url": "token_endpoint", "access_url": "token_endpoint",
    "access_token_url": "token_endpoint", "access_token_endpoint": "token_endpoint",
    "refresh_url": "refresh_endpoint", "refresh_token_url": "refresh_endpoint",
    "revoke_url": "revocation_endpoint", "revocation_url": "revocation_endpoint",
    "authorization_params": "authorization_parameters", "auth_params": "authorization_parameters",
    "authorize_params": "authorization_parameters", "token_params": "token_parameters",
    "refresh_params": "refresh_parameters", "client_auth": "client_authentication",
    "client_auth_method": "client_authentication",
    "client_authentication_method": "client_authentication",
    "token_auth_method": "client_authentication", "auth_style": "client_authentication",
    "token_request_auth_method": "client_authentication", "scope_delimiter": "scope_separator",
    "use_pkce": "pkce", "userinfo": "account", "userinfo_url": "account",
    "user_info_url": "account", "profile_url": "account", "profile": "account",
    "auth_mode": "kind", "auth_type": "kind", "type": "kind", "preset": "kind", "mode": "kind",
    "display_name": "name", "label": "title", "description": "help", "regex": "pattern",
    "enum": "values", "options": "values", "url": "get", "body": "json", "data": "form",
    "params": "query", "parameters": "query", "docs": "links", "proxy": "api", "base_url": "base",
    "methods": "auth", "fields": "ask", "connection_config": "ask", "scope": "scopes",
    "verification": "verify", "expect": "accept", "condition": "when", "if": "when",
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
