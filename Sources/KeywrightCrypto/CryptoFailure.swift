internal import COpenSSL

/// A failed operation, with the library's own reasons. It holds no key and no message.
package struct CryptoFailure: Error, Sendable, CustomStringConvertible {
  /// What was tried.
  package let operation: String

  /// What the library said; empty where it was never asked.
  package let reasons: [String]

  /// A failure that the library was not asked about.
  init(_ operation: String, reasons: [String] = []) {
    self.operation = operation
    self.reasons = reasons
  }

  /// What was tried, and why it failed.
  package var description: String {
    reasons.isEmpty ? operation : "\(operation): \(reasons.joined(separator: "; "))"
  }

  /// Takes the calling thread's error queue.
  ///
  /// The queue is per thread, so this runs in the same synchronous function as the call that failed.
  static func drained(_ operation: String) -> CryptoFailure {
    var reasons: [String] = []
    var text = [CChar](repeating: 0, count: 256)
    while case let code = ERR_get_error(), code != 0 {
      ERR_error_string_n(code, &text, text.count)
      let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      reasons.append(String(decoding: bytes, as: UTF8.self))
    }
    return CryptoFailure(operation, reasons: reasons)
  }
}
