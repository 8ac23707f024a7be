package import KeywrightDefinition

/// A spec whose every key is known and has the shape that the language wants; every leaf knows its place.
package struct Spec: Sendable {
  /// The id, from the file's name.
  package let id: String
  /// The text that it was read from.
  package let source: SourceText

  /// The file's map.
  package let root: Node

  /// The methods, in their order.
  package var methods: [Node.Member] { root["auth"]?.members ?? [] }

  /// What people call the provider.
  package var name: String { root["name"]?.text ?? "" }

  /// The spec with other methods.
  func replacingMethods(_ methods: [Node.Member]) -> Spec {
    guard let auth = root["auth"] else { return self }
    return Spec(
      id: id, source: source,
      root: root.setting("auth", Node(.map(methods), at: auth.place)))
  }
}
