package import KeywrightDefinition

/// The frontend SDK as a package that an application installs or copies.
package enum FrontendPackage {
  /// Its files by name, sorted: the same bytes for the same providers.
  package static func files(
    for entries: [KeywrightDefinition.Catalogue.Entry]
  ) -> [(name: String, text: String)] {
    let sources = WebFiles.texts(in: "sdk")
    return [
      ("keywright.d.ts", sources["keywright.d.ts"] ?? ""),
      ("keywright.js", sources["keywright.js"] ?? ""),
      ("package.json", manifest), ("providers.d.ts", FrontendTypes.text(of: entries)),
    ]
  }

  private static let manifest = """
    {
      "name": "keywright",
      "version": "1.0.0",
      "description": "Connects accounts from a web page.",
      "license": "Apache-2.0",
      "type": "module",
      "exports": {
        ".": { "types": "./keywright.d.ts", "default": "./keywright.js" }
      },
      "types": "./keywright.d.ts",
      "sideEffects": false
    }

    """
}
