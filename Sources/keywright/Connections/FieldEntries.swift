import ArgumentParser
import Foundation
import Keywright
import KeywrightDefinition

/// What `--set` says: a value, or where it stands. A secret need never stand in arguments, where every process of the
/// machine can read it.
struct FieldEntry: ExpressibleByArgument {
  let name: String
  private let source: Source

  private enum Source {
    case text(String), file(String), standardInput, variable(String)
  }

  init?(argument: String) {
    let halves = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2, !halves[0].isEmpty else { return nil }
    name = String(halves[0])
    let value = String(halves[1])
    source =
      if value == "@-" { .standardInput } else if value.hasPrefix("@") {
        .file(String(value.dropFirst()))
      } else if value.hasPrefix("env:") { .variable(String(value.dropFirst(4))) } else {
        .text(value)
      }
  }

  /// The value itself, without the line's end that files have.
  func value() throws -> String {
    switch source {
    case .text(let text): return text
    case .variable(let variable):
      guard let text = ProcessInfo.processInfo.environment[variable] else {
        throw ValidationError("--set \(name): the environment has no variable '\(variable)'")
      }
      return text
    case .file(let path):
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw ValidationError("--set \(name): '\(path)' can't be read, or is no text")
      }
      return Self.withoutLineEnd(text)
    case .standardInput:
      let data = (try? FileHandle.standardInput.readToEnd()) ?? nil
      return Self.withoutLineEnd(String(decoding: data ?? Data(), as: UTF8.self))
    }
  }

  private static func withoutLineEnd(_ text: String) -> String {
    text.hasSuffix("\r\n") || text.hasSuffix("\n") ? String(text.dropLast()) : text
  }
}

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
