internal import Keywright
internal import KeywrightDefinition

/// A connection as the interface shows it.
struct ConnectionView: Sendable {
  let row: ConnectionRow
  let integration: String
  /// The id of its newest failure in Activity.
  var failure: String?

  /// What a list shows.
  var summary: [JSON.Member] {
    [
      .init("id", .integer(row.number)),
      .init("connection_id", .string(row.connectionID)),
      .init("provider_config_key", .string(integration)),
      .init("provider", .string(row.provider)),
      .init("state", .string(row.isBroken ? "broken" : "ok")),
      .init("reason", row.isBroken ? reason : .null),
      .init(
        "errors",
        .array(
          row.isBroken
            ? [.object([.init("type", .string("auth")), .init("log_id", .optional(failure))])] : [])
      ),
      .init("account", account),
      .init("end_user", row.endUser ?? .null),
      .init("tags", row.tags),
      .init("metadata", row.metadata),
      .init("created", .time(row.createdAt)),
      .init("created_at", .time(row.createdAt)),
      .init("updated_at", .time(row.updatedAt)),
    ]
  }

  private var reason: JSON {
    .object([.init("code", .optional(row.reason)), .init("message", .optional(row.reasonText))])
  }

  private var account: JSON {
    guard let id = row.accountID else { return .null }
    return .object([
      .init("id", .string(id)), .init("name", .optional(row.accountName)),
      .init("email", .optional(row.accountEmail)),
    ])
  }

  /// All of it; the credentials where there are any to show.
  func json(credentials: JSON, fetchedAt: Int64?) -> JSON {
    .object(
      summary + [
        .init("connection_config", row.config),
        .init(
          "scopes",
          .object([.init("granted", .texts(row.granted)), .init("missing", .texts(row.missing))])),
        .init("last_fetched_at", fetchedAt.map { .time($0) } ?? .null),
        .init("credentials", credentials),
      ])
  }
}

extension AnyConnection {
  /// The credentials in the shape that their kind has.
  func credentialsJSON(_ method: Method, includingRefreshToken: Bool) -> JSON {
    let mode = method.authMode
    guard record.credentials.count <= 1 else {
      let named = record.credentials.sorted { $0.key < $1.key }.map { name, record in
        JSON.Member(name, Self.json(record, "OAUTH2", includingRefreshToken))
      }
      guard case .object(let first)? = named.first(where: { $0.name == credentialName })?.value
      else {
        return .object(named)
      }
      return .object(first + [.init("by_name", .object(named))])
    }
    guard let credential = record.credentials.first?.value else {
      return .object([.init("type", .string(mode == "NONE" ? "NONE" : mode))])
    }
    return Self.json(credential, mode, includingRefreshToken)
  }

  private var credentialName: String {
    record.credentials.keys.min { one, _ in
      record.credentials[one]?.parts["access_token"] == credential?.parts["access_token"]
    } ?? ""
  }

  private static func json(_ record: CredentialRecord, _ mode: String, _ includesRefreshToken: Bool)
    -> JSON
  {
    var members = [JSON.Member("type", .string(mode))]
    func add(_ name: String, _ part: String) {
      if let text = record.parts[part] { members.append(.init(name, .string(text))) }
    }
    switch mode {
    case "API_KEY":
      members.append(
        .init("apiKey", .optional(record.parts["api_key"] ?? record.parts["access_token"])))
    case "BASIC":
      members.append(.init("username", .string(record.parts["username"] ?? "")))
      members.append(.init("password", .string(record.parts["password"] ?? "")))
    case "OAUTH2_CC", "TWO_STEP":
      add("token", "access_token")
      add("access_token", "access_token")
    default: add("access_token", "access_token")
    }
    if includesRefreshToken { add("refresh_token", "refresh_token") }
    if let end = record.expiresAt { members.append(.init("expires_at", .time(end.seconds))) }
    let shown: Set<String> = ["access_token", "refresh_token", "api_key", "username", "password"]
    let rest = record.parts.filter { !shown.contains($0.key) }
    if !rest.isEmpty { members.append(.init("parts", .texts(rest))) }
    if mode == "OAUTH2" || mode == "OAUTH2_CC" {
      var raw = record.parts
      if !includesRefreshToken { raw["refresh_token"] = nil }
      if !record.scopes.isEmpty { raw["scope"] = record.scopes.joined(separator: " ") }
      members.append(.init("raw", .texts(raw)))
    }
    return .object(members)
  }
}
