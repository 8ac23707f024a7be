extension MethodLowering {
  /// `basic`: a user name and a password (RFC 7617).
  mutating func lowerBasic() {
    let parts = [
      ("username", map([("title", text("User name"))])),
      ("password", map([("title", text("Password")), ("type", text("secret"))])),
    ]
    keep("setup")
    add("ask", fields("ask", preset: parts.filter { method[$0.0] == nil }))
    if let exchange = method["exchange"] {
      refuseDead(["username", "password"], because: "exchange")
      add("exchange", exchange)
    } else {
      add(
        "exchange",
        map([("credential", map(parts.map { ($0.0, method[$0.0] ?? text("$<\($0.0)>")) }))]))
    }
    keep("renew")
    keep("revoke")
    let joined = #"(credential.username + ":" + (credential.password else "")).base64()"#
    add("sign", method["sign"] ?? carrier(header: "Authorization", "Basic $<\(joined)>"))
  }

  /// `api_key`: one key, carried as a bearer token where nothing else is said.
  mutating func lowerAPIKey() {
    keep("setup")
    add(
      "ask",
      fields(
        "ask",
        preset: [("api_key", map([("title", text("API key")), ("type", text("secret"))]))]))
    add(
      "exchange",
      method["exchange"] ?? map([("credential", map([("access_token", text("$<api_key>"))]))]))
    keep("renew")
    keep("revoke")
    add(
      "sign",
      method["sign"] ?? carrier(header: "Authorization", "Bearer $<credential.access_token>"))
  }

  /// A carrier of one header.
  func carrier(header name: String, _ value: String) -> Node {
    map([("headers", map([(name, text(value))]))])
  }
}
