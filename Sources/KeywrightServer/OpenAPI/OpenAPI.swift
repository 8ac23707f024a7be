internal import HTTPTypes
internal import KeywrightDefinition

/// The interface as an OpenAPI 3.1 document.
///
/// - Source: https://spec.openapis.org/oas/v3.1.0
struct OpenAPI {
  private let server: String

  /// - Parameter server: where the interface is.
  init(_ server: String) { self.server = server }

  /// Every operation of the interface, group by group.
  static var operations: [Operation] { browser + backend + connections + admin + web + system }

  /// The document: the same text for the same server.
  var json: JSON {
    .object([
      .init("openapi", .string("3.1.0")),
      .init(
        "info",
        .object([
          .init("title", .string("Keywright")), .init("version", .string("1")),
          .init("description", .string(Self.words)),
        ])),
      .init("servers", .array([.object([.init("url", .string(server))])])),
      .init(
        "tags",
        .array(
          Tag.allCases.map { tag in
            .object([
              .init("name", .string(tag.rawValue)), .init("description", .string(tag.summary)),
            ])
          })),
      .init("paths", paths),
      .init(
        "components",
        .object([
          .init(
            "securitySchemes",
            .object(Scheme.allCases.map { .init($0.rawValue, $0.json) })),
          .init("schemas", .object(Self.schemas.map { .init($0.name, $0.schema.json) })),
          .init(
            "responses", .object(Self.refusals.map { .init("Refusal\($0.status)", $0.json) })),
        ])),
    ])
  }

  private static let words = """
    Connects accounts at providers, keeps their credentials good and hands them out. Errors have one envelope; their \
    codes are stable. A request body is read as JSON whatever its media type says, and an empty one is an empty object. \
    A query parameter that is there with an empty value counts as one that is not there. \
    A browser may open a WebSocket at / or /ws, which tells how an authorization with its 'ws_client_id' ended.
    """

  /// Operations by path, in the order in which they are listed.
  private var paths: JSON {
    var names: [String] = []
    var items: [String: [JSON.Member]] = [:]
    for operation in Self.operations {
      if items[operation.path] == nil { names.append(operation.path) }
      items[operation.path, default: []].append(
        .init(operation.method.rawValue.asciiLowered, operation.json))
    }
    return .object(names.map { .init($0, .object(items[$0] ?? [])) })
  }
}

extension OpenAPI {
  /// Who calls a part of the interface.
  enum Tag: String, CaseIterable {
    case browser = "Browser"
    case providers = "Providers"
    case integrations = "Integrations"
    case connections = "Connections"
    case sessions = "Connect sessions"
    case activity = "Activity"
    case admin = "Administration"
    case system = "System"

    fileprivate var summary: String {
      switch self {
      case .browser: "What pages call, with a public key or a connect session."
      case .providers: "What can be connected."
      case .integrations: "Methods of providers as an environment offers them."
      case .connections: "Accounts that are connected, with their credentials."
      case .sessions: "What a backend lets one browser do."
      case .activity: "What was attempted, and how it went."
      case .admin: "Environments, their keys and switches."
      case .system: "What operators and their machines ask."
      }
    }
  }

  /// By what a caller is known.
  enum Scheme: String, CaseIterable {
    case secretKey, adminSession, connectSession, connectSessionInQuery, publicKey

    fileprivate var json: JSON {
      switch self {
      case .secretKey: Self.bearer("A secret key of an environment: 'kw_sk_…'.")
      case .adminSession: Self.bearer("What POST /admin/session gives; it works for twelve hours.")
      case .connectSession:
        Self.bearer("What POST /connect/sessions gives; it works for half an hour.")
      case .connectSessionInQuery:
        Self.query("connect_session_token", "What POST /connect/sessions gives, in the query.")
      case .publicKey:
        Self.query("public_key", "The public key of an environment: it replaces no connection.")
      }
    }

    private static func bearer(_ words: String) -> JSON {
      .object([
        .init("type", .string("http")), .init("scheme", .string("bearer")),
        .init("description", .string(words)),
      ])
    }

    private static func query(_ name: String, _ words: String) -> JSON {
      .object([
        .init("type", .string("apiKey")), .init("in", .string("query")),
        .init("name", .string(name)), .init("description", .string(words)),
      ])
    }
  }
}
