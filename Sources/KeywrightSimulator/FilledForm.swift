package import Keywright
package import KeywrightDefinition

/// What an integrator and a person could fill in: examples of the spec, or what its types allow.
package struct FilledForm: Sendable {
  /// Canonical texts, by the spec's names.
  package private(set) var values: [String: String] = [:]
  /// What is particular about it; empty where a method can be filled in one way only.
  package let variant: String

  /// Each way of filling in a method's form: by every choice of each field that is one, with what is optional and
  /// without.
  package static func all(of method: Method) -> [FilledForm] {
    let fields = method.filled
    var forms = [FilledForm(fields, [:], isWhole: true, variant: "")]
    for field in fields {
      for choice in field.choices.dropFirst() {
        forms.append(
          FilledForm(
            fields, [field.name: choice.value], isWhole: true,
            variant: "\(field.name)=\(choice.value)"))
      }
    }
    if fields.contains(where: { $0.isOptional && $0.standard == nil }) {
      forms.append(FilledForm(fields, [:], isWhole: false, variant: "without what is optional"))
    }
    return forms
  }

  /// What is registered with the provider.
  package func client(of method: Method) -> AnyClient {
    AnyClient(values.filter { value in method.setup.contains { $0.name == value.key } })
  }

  /// What the person has.
  package func person(of method: Method) -> ProviderFields {
    ProviderFields(texts: values.filter { value in method.ask.contains { $0.name == value.key } })
  }

  private init(_ fields: [Field], _ chosen: [String: String], isWhole: Bool, variant: String) {
    self.variant = variant
    for field in fields {
      if let condition = field.condition, condition.truth(in: bindings(fields)) != true { continue }
      if field.isOptional, field.standard == nil, !isWhole { continue }
      values[field.name] = chosen[field.name] ?? field.sample
    }
  }

  private func bindings(_ fields: [Field]) -> [String: Value] {
    var bindings: [String: Value] = [:]
    for field in fields { bindings[field.name] = values[field.name].map(field.value) }
    return bindings
  }
}
