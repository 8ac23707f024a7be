import KeywrightCompiler
import KeywrightDefinition
import Testing

extension Definition {
  /// Compiles a spec that a test writes out; what is wrong with it is the test's failure.
  init(spec: String) throws {
    let compilation = compile(SourceText(name: "demo.yaml", text: spec), id: "demo")
    let errors = compilation.diagnostics.map(\.description).joined(separator: "\n")
    self = try #require(compilation.provider, "\(errors)\n\(spec)").definition
  }
}
