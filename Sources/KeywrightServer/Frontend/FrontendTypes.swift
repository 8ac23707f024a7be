internal import KeywrightDefinition

/// TypeScript's view of providers: what each method asks, so that a wrong call does not compile.
enum FrontendTypes {
  /// The file `providers.d.ts`: the same text for the same providers.
  static func text(of entries: [KeywrightDefinition.Catalogue.Entry]) -> String {
    let sorted = entries.sorted { $0.definition.id < $1.definition.id }
    return """
      // Made by Keywright out of the specs of the providers; not to be edited.

      /** What can be connected: each provider's methods, and what they ask. */
      export interface Providers {
      \(sorted.map(provider).joined(separator: "\n"))
      }

      """
  }

  private static func provider(_ entry: KeywrightDefinition.Catalogue.Entry) -> String {
    let methods = entry.definition.methods.map { method($0, entry) }
    return """
      \(comment(entry.definition.name, indented: 2))  \(quoted(entry.definition.id)): {
      \(methods.joined(separator: "\n"))
        };
      """
  }

  private static func method(
    _ method: Method, _ entry: KeywrightDefinition.Catalogue.Entry
  ) -> String {
    let asked = method.ask.filter { !$0.isGenerated }
    let scopes = method.scopes.known
    return """
          \(quoted(method.id)): {
            browser: \(method.leaves);
            params: \(members(asked.filter { method.leaves || !$0.isSecret }));
            credentials: \(members(asked.filter { !method.leaves && $0.isSecret }));
            hints: \(members(method.hints));
            scopes: \(scopes.isEmpty ? "string" : scopes.map(quoted).joined(separator: " | "));
          };
      """
  }

  private static func members(_ fields: [Field]) -> String {
    if fields.isEmpty { return "{}" }
    let lines = fields.map { field in
      let isOptional = field.isOptional || field.standard != nil || field.condition != nil
      return comment(field.title ?? field.name, indented: 8)
        + "        \(quoted(field.name))\(isOptional ? "?" : ""): \(type(of: field));"
    }
    return "{\n\(lines.joined(separator: "\n"))\n      }"
  }

  private static func type(of field: Field) -> String {
    let one =
      switch field.type {
      case .integer: "number | string"
      case .boolean: "boolean"
      case .choice: field.choices.map { quoted($0.value) }.joined(separator: " | ")
      default: "string"
      }
    return field.isList ? "readonly (\(one))[] | string" : one
  }

  private static func quoted(_ text: String) -> String { JSON.string(text).compactText }

  /// Words of a spec, where they can't end the comment that they stand in.
  private static func comment(_ text: String, indented width: Int) -> String {
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !text.contains("*/")
    return isPlain ? String(repeating: " ", count: width) + "/** \(text) */\n" : ""
  }
}
