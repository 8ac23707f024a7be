import Foundation
import Testing

/// A row of `Vectors/crypto.tsv`: what is published about one algorithm and one input.
struct Vector: Sendable, CustomTestStringConvertible {
  let name: String
  let algorithm: String
  let key: [UInt8]
  let nonce: [UInt8]
  let additional: [UInt8]
  let message: [UInt8]
  let expected: [UInt8]
  let source: String

  var testDescription: String { "\(name) (\(source))" }

  /// A row, or a part of one, that can't be read.
  struct Unreadable: Error {
    let text: String
  }

  /// Reads a row.
  init(_ row: Substring) throws {
    let fields = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 8 else { throw Unreadable(text: String(row)) }
    (name, algorithm, source) = (fields[0], fields[1], fields[7])
    key = try Self.bytes(fields[2])
    nonce = try Self.bytes(fields[3])
    additional = try Self.bytes(fields[4])
    message = try Self.bytes(fields[5])
    expected = try Self.bytes(fields[6])
  }

  /// The rows, read once. A file that is missing or cut is an error, not an empty list.
  private static let rows = Result {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Vectors/crypto.tsv")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }.map(Vector.init)
  }

  /// The rows whose algorithm has this name.
  static func all(of algorithm: String) throws -> [Vector] {
    try rows.get().filter { $0.algorithm == algorithm }
  }

  /// The bytes of `0aff`, of `-`, which has none, or of `0aff*3`, which are written three times.
  private static func bytes(_ text: String) throws -> [UInt8] {
    if text == "-" { return [] }
    let parts = text.split(separator: "*")
    let digits = Array((parts.first ?? "").utf8)
    let once = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
    }
    guard !once.isEmpty, once.count * 2 == digits.count, parts.count <= 2,
      let times = parts.count == 2 ? Int(parts[1]) : 1
    else { throw Unreadable(text: text) }
    var bytes: [UInt8] = []
    for _ in 0..<times { bytes += once }
    return bytes
  }
}
