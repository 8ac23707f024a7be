/// The texts that `keywright new` begins with. What is to be replaced stands at `example`, which is nobody's.
enum StartingSpec {
  static func text(id: String, kind: New.Kind, schema: String?) -> String {
    let name = id.split(separator: "-").map(\.capitalized).joined(separator: " ")
    let host = "\(id).example"
    var lines: [String] = []
    if let schema { lines.append("# yaml-language-server: $schema=\(schema)") }
    lines.append(head(name: name, host: host, kind: kind))
    lines.append(method(host: host, kind: kind))
    return lines.joined(separator: "\n") + "\n"
  }

  private static func head(name: String, host: String, kind: New.Kind) -> String {
    """
    # Every fact comes from the provider's own documentation: put the page that says it under links.
    name: \(name)
    categories: [productivity]                # of specs/categories.yaml
    links:
      docs: https://docs.\(host)/
      auth: https://docs.\(host)/authentication
      \(kind == .oauth2 || kind == .clientCredentials ? "apps" : "keys"): https://console.\(host)/      # where \(kind == .oauth2 || kind == .clientCredentials ? "an application is registered" : "a key is made")
    notes:
      - What surprises people, in your own words; a line for each.
    # Where each customer has an address of its own, ask for it:
    # ask:
    #   subdomain: { title: Subdomain, type: host_label, example: acme, shown_as: https://$<subdomain>.\(host) }
    api: { base: https://api.\(host)/v1 }     # with the above: https://$<subdomain>.\(host)
    # A request whose answer says whose account it is; the id never changes, the name is for people.
    account: { get: /me, id: $<body.id>, name: $<body.name>, email: $<body.email> }
    """
  }

  private static func method(host: String, kind: New.Kind) -> String {
    switch kind {
    case .oauth2: oauth2(host)
    case .clientCredentials: clientCredentials(host)
    case .apiKey: apiKey(host)
    case .basic: basic
    case .custom: custom(host)
    }
  }

  private static func oauth2(_ host: String) -> String {
    """
    auth:
      oauth:
        kind: oauth2
        authorization_endpoint: https://\(host)/oauth/authorize
        token_endpoint: https://\(host)/oauth/token
        # revocation_endpoint: https://\(host)/oauth/revoke
        # client_authentication: client_secret_basic      # default: client_secret_post
        # pkce: off                                       # default: S256; only where the provider refuses it
        # refresh_token: rotates                          # where each refresh token works once
        # authorization_parameters: { prompt: consent }
        # scope_separator: ","
        # required_scopes: [profile]                      # what the account request needs
        scopes:
          read: Read all that the person can read
          write: Change it
    """
  }

  private static func clientCredentials(_ host: String) -> String {
    """
    auth:
      machine:
        kind: oauth2
        grant: client_credentials
        token_endpoint: https://\(host)/oauth/token
        # client_authentication: client_secret_basic      # default: client_secret_post
    """
  }

  private static func apiKey(_ host: String) -> String {
    """
    auth:
      api_key:
        ask:
          api_key: { title: API key, help: Under Settings, link: https://console.\(host)/keys }
        # How requests carry it; default: Authorization: Bearer
        # sign: { headers: { X-Api-Key: $<credential.access_token> } }
    """
  }

  private static let basic =
    """
    auth:
      basic:
        ask:
          username: { title: E-mail address, type: email }
          password: { title: API token, help: Under Settings }
    """

  private static func custom(_ host: String) -> String {
    """
    auth:
      login:
        kind: custom
        ask:
          username: { title: User name }
          password: { title: Password, type: secret }
        # The requests that make a credential, in their order. A later one may read what an earlier one brought.
        exchange:
          - id: challenge
            post: https://\(host)/session/begin
            json: { user: $<username> }
            let: { ticket: { from: $<body.ticket>, type: secret } }
          - id: login
            post: https://\(host)/session
            json: { ticket: $<ticket>, password: $<password> }
            accept: status.ok and body.ok == true
            credential: { access_token: $<body.token>, expires_in: $<body.expires_in> }
        renew: repeat                                     # by the same requests
        sign: { headers: { Authorization: Bearer $<credential.access_token> } }
    """
  }
}
