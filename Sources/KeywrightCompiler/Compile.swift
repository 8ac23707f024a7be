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
    /// The name of its member in Swift.
    package let member: String
  }
}

/// What the compiler made of one spec: a provider, or what is wrong with it.
package enum Compilation: Sendable {
  case compiled(CompiledProvider)
  case refused([Diagnostic], at: Stage)

  /// The stages of a compilation, in their order.
  package enum Stage: Int, Sendable, CaseIterable, Comparable {
    case read, decode, lower, check, done

    /// The earlier one is less.
    package static func < (one: Stage, other: Stage) -> Bool { one.rawValue < other.rawValue }
  }

  /// The last stage that looked at the spec.
  package var reached: Stage {
    if case .refused(_, let stage) = self { stage } else { .done }
  }

  /// The provider, where nothing is wrong.
  package var provider: CompiledProvider? {
    if case .compiled(let provider) = self { provider } else { nil }
  }

  /// What is wrong.
  package var diagnostics: [Diagnostic] {
    if case .refused(let diagnostics, _) = self { diagnostics } else { [] }
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
  var stage = Compilation.Stage.read
  guard let provider = compile(source, id: id, in: context, into: &bag, &stage) else {
    return .refused(bag.sorted, at: stage)
  }
  return .compiled(provider)
}

private func compile(
  _ source: SourceText, id: String, in context: CompilerContext, into bag: inout DiagnosticBag,
  _ stage: inout Compilation.Stage
) -> CompiledProvider? {
  scanBytes(of: source, into: &bag)
  guard bag.isEmpty, let root = readYAML(source, into: &bag),
    let whole = extend(root, id: id, loading: context.load, into: &bag)
  else { return nil }
  stage = .decode
  guard let spec = decode(whole, id: id, into: &bag) else { return nil }
  stage = .lower
  let lowered = lower(spec, into: &bag)
  guard bag.isEmpty, let resolved = resolve(lowered, into: &bag) else { return nil }
  stage = .check
  check(resolved, in: context, into: &bag)
  checkFile(spec, resolved.definition, in: context, into: &bag)
  let names = SwiftNaming(spec, resolved.definition)
  let swiftName = names.check(into: &bag)
  guard bag.isEmpty else { return nil }
  return CompiledProvider(
    spec: spec, lowered: lowered, definition: resolved.definition, swiftName: swiftName,
    scopes: names.scopes.map {
      CompiledProvider.ScopeListing(
        name: $0.name, description: $0.description, member: SwiftName.escaped($0.identifier))
    }, sharedFields: names.sharedFields)
}
