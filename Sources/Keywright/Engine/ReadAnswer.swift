internal import HTTPTypes
internal import KeywrightDefinition

/// An answer, read in the format that its step names.
struct ReadAnswer: Sendable {
  let status: Int

  /// By ``FieldName/canonical(_:)``; of a repeated header the first.
  let headers: [String: Value]

  /// What the answer sets, by name; of a repeated cookie the last.
  let cookies: [String: Value]

  /// Nil where the body can't be read in the format.
  let body: Value?

  /// Why the body can't be read.
  let problem: String?

  init(_ answer: TransportAnswer, as format: Request.Format) {
    status = answer.status
    headers = Dictionary(
      answer.headers.map { (FieldName.canonical($0.name.canonicalName), Value.text($0.value)) },
      uniquingKeysWith: { first, _ in first })
    cookies = Self.cookies(of: answer.headers)
    do {
      body = try Self.body(answer.body, as: format)
      problem = nil
    } catch {
      body = nil
      problem = error.text
    }
  }

  private struct Unreadable: Error { let text: String }

  private static func body(
    _ bytes: [UInt8], as format: Request.Format
  ) throws(Unreadable) -> Value? {
    switch format {
    case .none: return nil
    case .text:
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Unreadable(text: "bytes that are no UTF-8")
      }
      return .dynamic(.string(text))
    case .form:
      let text = String(validating: bytes, as: UTF8.self)
      guard let object = text.flatMap({ FormText.pairs($0) }).flatMap(object) else {
        throw Unreadable(text: "no form")
      }
      return .dynamic(object)
    case .json:
      do {
        let json = try JSON(reading: bytes)
        return json == .null ? nil : .dynamic(json)
      } catch {
        throw Unreadable(text: "no JSON: \(error)")
      }
    case .xml:
      do {
        // The root is read by its name, so it stands in an element of its own.
        let root = try XMLElement(reading: bytes)
        return .xml([XMLElement(name: "document", attributes: [], children: [root], text: "")])
      } catch {
        throw Unreadable(text: "no XML: \(error)")
      }
    }
  }

  private static func object(_ pairs: [(name: String, value: String)]) -> JSON? {
    guard Set(pairs.map(\.name)).count == pairs.count else { return nil }
    return .object(pairs.map { JSON.Member($0.name, .string($0.value)) })
  }

  /// RFC 6265 §5.2: the name and value before the first `;`.
  private static func cookies(of headers: HTTPFields) -> [String: Value] {
    var cookies: [String: Value] = [:]
    for field in headers where field.name == .setCookie {
      let pair = field.value.split(separator: ";", maxSplits: 1).first ?? ""
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2 else { continue }
      let name = halves[0].filter { $0 != " " }
      if !name.isEmpty { cookies[name] = .text(String(halves[1])) }
    }
    return cookies
  }
}

extension Request.Format {
  /// What a media type of this format says somewhere, in any of the ways in use; nil where any will do.
  var labelWords: [String]? {
    switch self {
    case .json: ["json", "javascript"]
    case .form: ["x-www-form-urlencoded"]
    case .xml: ["xml"]
    case .text, .none: nil
    }
  }
}
