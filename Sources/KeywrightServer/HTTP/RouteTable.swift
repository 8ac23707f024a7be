internal import HTTPTypes
internal import Hummingbird

/// Which methods each path has: whoever asks by another one is told them.
struct RouteTable: Sendable {
  private let routes: [(method: HTTPRequest.Method, path: RouterPath)]

  /// The routes that a router has by now.
  init(_ router: Router<ServerContext>) {
    routes = router.routes.map { ($0.method, $0.path) }
  }

  /// The methods of a path, by name; none where there is no such path.
  func methods(of path: String) -> [String] {
    let parts = path.split(separator: "/")
    let methods = routes.filter { Self.fits($0.path, parts) }.map(\.method)
    return Set(methods.map(\.rawValue)).sorted()
  }

  private static func fits(_ path: RouterPath, _ parts: [Substring]) -> Bool {
    let components = path.components
    let isOpen = components.last?.description == "**"
    return (isOpen ? components.count <= parts.count : components.count == parts.count)
      && zip(components, parts).allSatisfy { $0 ~= $1 }
  }
}
