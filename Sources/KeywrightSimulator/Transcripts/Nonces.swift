internal import KeywrightDefinition

/// The values that a flow makes for itself: each is bound where it is first seen, and the same from then on.
struct Nonces: Sendable {
  private(set) var values: [String: String] = [:]

  /// Compares what the engine sends with what is written, first line, headers and body.
  ///
  /// All headers that are written must be sent, and no other may be but `Accept`, which counts only where it is written:
  /// few providers say what a client should accept, and to say it harms nobody.
  mutating func matches(_ expected: WireText, _ found: WireText) -> Bool {
    let unnamed = found.headers.filter { header in
      !expected.headers.contains { $0.name.isSameName(as: header.name) }
    }
    guard unnamed.allSatisfy({ $0.name.isSameName(as: "Accept") }),
      matches(expected.first, found.first), matches(expected.body, found.body)
    else { return false }
    for header in expected.headers {
      let values = found.headers.filter { $0.name.isSameName(as: header.name) }.map(\.value)
      guard values.count == 1, matches(header.value, values[0]) else { return false }
    }
    return true
  }

  /// Compares byte by byte, but for the nonces.
  mutating func matches(_ expected: String, _ found: String) -> Bool {
    var bound = values
    var rest = Array(found.utf8)[...]
    for piece in Self.pieces(of: expected) {
      guard let name = piece.nonce else {
        guard rest.starts(with: piece.literal.utf8) else { return false }
        rest = rest.dropFirst(piece.literal.utf8.count)
        continue
      }
      // 256 bits in base64url.
      let value = String(decoding: rest.prefix(43), as: UTF8.self)
      guard value.utf8.count == 43, value.utf8.allSatisfy(\.isBase64URL),
        bound.allSatisfy({ ($0.key == name) == ($0.value == value) })
      else { return false }
      bound[name] = value
      rest = rest.dropFirst(43)
    }
    guard rest.isEmpty else { return false }
    values = bound
    return true
  }

  /// Binds a nonce to a value that was found elsewhere.
  mutating func bind(_ name: String, _ value: String?) { values[name] = value }

  /// A text with the values for the names.
  func filled(_ text: String) -> String {
    Self.pieces(of: text).map { $0.nonce.flatMap { values[$0] } ?? $0.literal }.joined()
  }

  private static let names = ["state", "challenge", "verifier"]

  private static func pieces(of text: String) -> [(literal: String, nonce: String?)] {
    var pieces: [(String, String?)] = [(text, nil)]
    for name in names {
      pieces = pieces.flatMap { piece -> [(String, String?)] in
        if piece.1 != nil { return [piece] }
        let texts = piece.0.split(separator: "{\(name)}", omittingEmptySubsequences: false)
        return Array(texts.map { [(String($0), nil)] }.joined(separator: [("{\(name)}", name)]))
      }
    }
    return pieces
  }
}

extension String {
  fileprivate func isSameName(as other: String) -> Bool {
    asciiLowered.isSameBytes(as: other.asciiLowered)
  }
}

extension UInt8 {
  fileprivate var isBase64URL: Bool {
    isLetterDigitHyphen || self == UInt8(ascii: "_")
  }
}
