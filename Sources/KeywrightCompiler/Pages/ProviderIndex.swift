package import KeywrightDefinition

/// The list of all providers, each with its ways in.
package struct ProviderIndex: Sendable {
  /// The list's blocks.
  package private(set) var text = PageText()

  /// Lists some providers, each of which has a page beside this one.
  package init(_ entries: [Catalogue.Entry]) {
    text.heading(1, "Providers")
    text.paragraph(
      "What to register, what to fill in and what happens, of each; written from ", .code("specs/"),
      " by ",
      .code("make generate"), ".")
    text.table(
      ["provider", "id", "methods"],
      entries.map { entry in
        let id = entry.definition.id
        return [
          [.link(entry.definition.name, to: "\(id).md")], [.code(id)],
          [.text(entry.definition.methods.map(\.id).joined(separator: ", "))],
        ]
      })
  }
}
