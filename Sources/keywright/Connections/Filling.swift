import ArgumentParser
import Keywright
import KeywrightDefinition

/// What is filled in for a method: by `--set`, by an example where the provider is simulated, or by asking.
struct Filling {
  let method: Method
  private(set) var values: [String: String] = [:]

  init(_ method: Method, _ entries: [FieldEntry], isSimulated: Bool) throws {
    self.method = method
    let known = (method.filled + method.hints).filter { !$0.isGenerated }
    for entry in entries {
      guard known.contains(where: { $0.name == entry.name }) else {
        let names = known.map(\.name)
        throw ValidationError(
          "the method '\(method.id)' has no field '\(entry.name)'"
            + didYouMean(entry.name, among: names)
            + (names.isEmpty ? "; it has none" : "; it has \(names.joined(separator: ", "))"))
      }
      values[entry.name] = try entry.value()
    }
    for field in method.filled where !field.isGenerated {
      if let condition = field.condition, condition.truth(in: bindings) != true { continue }
      if let text = values[field.name] {
        values[field.name] = try canonical(text, field)
      } else if isSimulated {
        if !field.mayBeAbsent || field.standard != nil { values[field.name] = field.sample }
      } else if Terminal.isInteractive {
        values[field.name] = try ask(for: field)
      } else if !field.isOptional, field.standard == nil {
        throw ValidationError(
          "'\(field.name)' (\(field.title ?? field.name)) is missing: pass --set "
            + "\(field.name)=\(field.isSecret ? "env:NAME, or =@FILE, or =@- for standard input" : field.example ?? "VALUE")"
        )
      }
    }
  }

  private func canonical(_ text: String, _ field: Field) throws -> String {
    do {
      return try field.canonical(text)
    } catch {
      throw ValidationError("'\(field.name)': \(error.reason)")
    }
  }

  private func ask(for field: Field) throws -> String? {
    let optional = field.isOptional || field.standard != nil
    var question = field.title ?? field.name
    if !field.choices.isEmpty {
      question += " (\(field.choices.map(\.value).joined(separator: ", ")))"
    } else if let example = field.example {
      question += " (such as \(example))"
    }
    if let help = field.help { complain(help) }
    while true {
      let text = Terminal.ask(
        question + (optional ? ", or nothing: " : ": "), isSecret: field.isSecret)
      guard let text else { throw ExitCode(1) }
      if text.isEmpty, optional { return nil }
      do {
        return try field.canonical(text)
      } catch {
        complain(error.reason)
      }
    }
  }

  private var bindings: [String: Value] {
    var bindings: [String: Value] = [:]
    for field in method.filled {
      let text = values[field.name] ?? field.standard?.literalText
      bindings[field.name] = text.map(field.value)
    }
    return bindings
  }

  /// What is registered with the provider.
  var client: AnyClient {
    let names = method.setup.map(\.name)
    return AnyClient(values.filter { names.contains($0.key) })
  }

  /// What the person has.
  var person: ProviderFields {
    let names = method.ask.map(\.name)
    return ProviderFields(entries: values.filter { names.contains($0.key) })
  }

  /// What is said to the browser.
  var hints: ProviderFields {
    let names = method.hints.map(\.name)
    return ProviderFields(entries: values.filter { names.contains($0.key) })
  }
}
