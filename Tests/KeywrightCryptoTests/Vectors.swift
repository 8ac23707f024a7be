import Foundation

/// Rows of a file of vectors, cut at tabs.
enum Vectors {
  static func rows(_ name: String) -> [[String]] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Vectors/\(name)")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: "\t").map(String.init) }
  }

  /// The bytes of hexadecimal digits; `-` has none.
  static func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    if hex == "-" { return [] }
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
  }
}
