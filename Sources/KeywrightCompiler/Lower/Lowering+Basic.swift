import KeywrightDefinition

extension MethodLowering {
  /// `basic`: a user name and a password (RFC 7617).
  func basic() -> Preset {
    let parts = [
      ("username", map([("title", text("User name"))])),
      ("password", map([("title", text("Password")), ("type", text("secret"))])),
    ]
    let joined = #"(credential.username + ":" + (credential.password else "")).base64()"#
    return Preset(
      ask: parts.filter { method[$0.0] == nil },
      exchange: map([
        ("credential", map(parts.map { ($0.0, method[$0.0] ?? text("$<\($0.0)>")) }))
      ]),
      sign: carrier(header: "Authorization", "Basic $<\(joined)>"),
      keys: [("exchange", ["username", "password", "save"])])
  }

  /// `api_key`: one key, carried as a bearer token where nothing else is said.
  func apiKey() -> Preset {
    Preset(
      ask: [("api_key", map([("title", text("API key")), ("type", text("secret"))]))],
      exchange: map([("credential", map([("access_token", text("$<api_key>"))]))]),
      sign: carrier(header: "Authorization", "Bearer $<credential.access_token>"),
      keys: [("exchange", ["save"])])
  }

  /// A carrier of one header.
  func carrier(header name: String, _ value: String) -> Node {
    map([("headers", map([(name, text(value))]))])
  }
}
