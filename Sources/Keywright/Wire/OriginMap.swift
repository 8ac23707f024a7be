internal import KeywrightDefinition

/// Which origins are answered by this machine instead: how tests and simulators stand in for providers.
///
/// Specs and definitions stay as they are; the transport and the URL that the browser gets are mapped.
public struct OriginMap: Sendable, Hashable {
  private let targets: [Origin: Origin]

  /// Nothing is mapped.
  public static let none = OriginMap(targets: [:])

  private init(targets: [Origin: Origin]) { self.targets = targets }

  /// Maps origins, such as `["https://auth.example.test": "http://127.0.0.1:4711"]`.
  /// - Throws: ``FieldFailure`` where one is no origin, or where a target is not this machine itself.
  public init(_ pairs: [String: String]) throws(FieldFailure) {
    var targets: [Origin: Origin] = [:]
    for (from, to) in pairs {
      let target = try Self.origin(to)
      guard target.isLoopback else {
        throw FieldFailure(
          type: "origin", reason: "wanted an origin on loopback, such as 'http://127.0.0.1:4711'")
      }
      targets[try Self.origin(from)] = target
    }
    self.targets = targets
  }

  private static func origin(_ text: String) throws(FieldFailure) -> Origin {
    guard let parts = try? URLParts(reading: text), parts.path == "/", parts.query == nil,
      parts.fragment == nil
    else {
      throw FieldFailure(
        type: "origin",
        reason: "wanted an origin: scheme, host and port, such as 'https://example.com'")
    }
    return parts.origin
  }

  /// What stands in for an origin; nil where it stands for itself.
  package func target(of origin: Origin) -> Origin? { targets[origin] }

  /// The URL with its origin mapped, for a browser that has to reach the same stand-in.
  public func mapped(_ url: String) -> String {
    guard let parts = try? URLParts(reading: url), let target = targets[parts.origin] else {
      return url
    }
    let prefix = parts.origin.description
    return target.description + parts.description.dropFirst(prefix.count)
  }
}
