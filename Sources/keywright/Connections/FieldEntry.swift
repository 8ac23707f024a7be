import ArgumentParser
import Foundation

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
