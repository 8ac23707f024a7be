package import KeywrightDefinition

/// A spec that every stage has accepted.
package struct CompiledProvider: Sendable {
  /// As it was written.
  package let spec: Spec

  /// With its presets spelled out.
  package let lowered: Spec
  /// The compiled form.
  package let definition: Definition

  /// The name of its Swift type.
  package let swiftName: String

  /// What the spec says of its scopes.
  package let scopes: [ScopeListing]

  /// The fields that stand in the file itself, and so in each method.
  package let sharedFields: [Field]

  /// A scope with its description.
  package struct ScopeListing: Sendable, Hashable {
    /// The scope as the provider writes it.
    package let name: String
    /// What a person allows with it; nil where the spec does not say.
    package let description: String?
  }
}

/// What the compiler made of one spec: a provider, or what is wrong with it.
package enum Compilation: Sendable {
  case compiled(CompiledProvider)
  case refused([Diagnostic])

  /// The provider, where nothing is wrong.
  package var provider: CompiledProvider? {
    if case .compiled(let provider) = self { provider } else { nil }
  }

  /// What is wrong.
  package var diagnostics: [Diagnostic] {
    if case .refused(let diagnostics) = self { diagnostics } else { [] }
  }
}

/// Compiles one spec: read, decode, lower, resolve, check, name.
///
/// - Parameters:
///   - id: the provider's id, which the file is named after.
///   - context: what else is known, such as where a spec that this one extends is found.
package func compile(
  _ source: SourceText, id: String, in context: CompilerContext = CompilerContext()
) -> Compilation {
  var bag = DiagnosticBag(source)
  guard let provider = compile(source, id: id, in: context, into: &bag) else {
    return .refused(bag.sorted)
  }
  return .compiled(provider)
}

private func compile(
  _ source: SourceText, id: String, in context: CompilerContext, into bag: inout DiagnosticBag
) -> CompiledProvider? {
  scanBytes(of: source, into: &bag)
  guard bag.isEmpty, let root = readYAML(source, into: &bag),
    let whole = extend(root, id: id, loading: context.load, into: &bag),
    let spec = decode(whole, id: id, into: &bag)
  else { return nil }
  let lowered = lower(spec, into: &bag)
  guard bag.isEmpty, let resolved = resolve(lowered, into: &bag) else { return nil }
  check(resolved, in: context, into: &bag)
  checkFile(spec, in: context, into: &bag)
  let names = SwiftNaming(spec, resolved.definition)
  let swiftName = names.check(into: &bag)
  guard bag.isEmpty else { return nil }
  return CompiledProvider(
    spec: spec, lowered: lowered, definition: resolved.definition, swiftName: swiftName,
    scopes: names.scopes.map {
      CompiledProvider.ScopeListing(name: $0.name, description: $0.description)
    }, sharedFields: names.sharedFields)
}
