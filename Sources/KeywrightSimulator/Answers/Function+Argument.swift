internal import KeywrightDefinition

extension Function {
  /// What the function has to be called on to give a value; nil where that can't be told.
  func argument(
    for value: JSON, _ arguments: [Expression], in knowledge: Knowledge
  ) -> JSON? {
    let text = value.scalarText
    switch self {
    case .lower, .upper, .trim, .positive, .split, .first, .last, .capture: return value
    case .base64:
      return text.map {
        .string(String(decoding: Encoding.bytes(anyBase64: $0) ?? [], as: UTF8.self))
      }
    case .fromBase64: return text.map { .string(Encoding.base64(Array($0.utf8))) }
    case .seconds:
      return text.flatMap { Int64(strict: $0) }.flatMap { seconds in
        Self.written(seconds, as: arguments.first?.value(in: knowledge)?.text ?? "")
      }
    default: return nil
    }
  }

  /// An instant or a length of time, as `seconds` reads it.
  private static func written(_ seconds: Int64, as format: String) -> JSON? {
    switch format {
    case "milliseconds": return .integer(seconds * 1_000)
    case "minutes": return .integer(seconds / 60)
    case "hours": return .integer(seconds / 3_600)
    case "D:HH:MM": return .string("0:\(seconds / 3_600):\(seconds % 3_600 / 60)")
    default:
      let written = Expression(
        .call(
          .time, on: Expression(.integer(seconds), at: 0..<0),
          arguments: [Expression(.text(format), at: 0..<0)]), at: 0..<0)
      return written.value(in: [String: Value]())?.json
    }
  }
}
