import Foundation
import KeywrightCrypto
import KeywrightDefinition
import Testing

/// The vectors of `Vectors/language.json`: each function, operator and type of the language, with what it gives.
///
/// Encodings, digests, dates and URLs were worked out in Python or taken from RFCs.
@Suite("Vectors of the language")
struct LanguageVectorTests {
  /// Names of a vector, with cryptography at hand.
  struct Names: Bindings {
    let values: [String: Value]

    func value(of name: String) -> Value? { values[name] }

    func digest(_ bytes: [UInt8], key: [UInt8]?, by name: String) -> [UInt8]? {
      guard let algorithm = DigestAlgorithm(rawValue: name) else { return nil }
      return key.map { authenticationCode(for: bytes, key: $0, algorithm) }
        ?? digest(bytes, algorithm)
    }

    private func digest(_ bytes: [UInt8], _ algorithm: DigestAlgorithm) -> [UInt8] {
      KeywrightCrypto.digest(bytes, algorithm)
    }
  }

  static let file: JSON = {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Vectors/language.json")
    return (try? JSON(reading: Array(try Data(contentsOf: url)))) ?? .null
  }()

  static func rows(_ name: String) -> [JSON] {
    if case .array(let rows)? = file[name] { rows } else { [] }
  }

  /// A value as the file writes it.
  static func value(_ json: JSON) -> Value? {
    if let choice = json["choice"]?.text {
      var constants: [String: String] = [:]
      if case .object(let members)? = json["constants"] {
        for member in members { constants[member.name] = member.value.text }
      }
      return .choice(choice, constants)
    }
    guard case .object(let members) = json, let member = members.first else { return nil }
    switch (member.name, member.value) {
    case ("text", .string(let text)): return .text(text)
    case ("integer", .number(let text)): return Int64(strict: text).map { .integer($0) }
    case ("boolean", .boolean(let truth)): return .boolean(truth)
    case ("bytes", .string(let hex)): return Encoding.bytes(hex: hex).map { .bytes($0) }
    case ("list", .array(let elements)):
      return .list(elements.compactMap { $0.text.map { .text($0) } ?? value($0) })
    case ("json", let json): return .dynamic(json)
    case ("xml", .string(let text)):
      return (try? XMLElement(reading: Array(text.utf8))).map { root in
        .xml([XMLElement(name: "document", attributes: [], children: [root], text: "")])
      }
    case ("pairs", .array(let pairs)):
      return .pairs(pairs.map { Value.Pair($0[0]?.text ?? "", $0[1]?.text ?? "") })
    default: return nil
    }
  }

  @Test("every expression gives what the language says", arguments: rows("expressions").indices)
  func expressions(_ index: Int) throws {
    let row = Self.rows("expressions")[index]
    let text = try #require(row["template"]?.text)
    var values: [String: Value] = [:]
    if case .object(let members)? = row["names"] {
      for member in members { values[member.name] = try #require(Self.value(member.value)) }
    }
    let template = try Template(reading: text)
    let expected = try #require(row["expect"])
    let result = Self.evaluate(template, Names(values: values))
    switch (result, expected) {
    case (.failure, .string("absent")): break
    case (.success(nil), .string("none")): break
    case (.success(let value), .object):
      let wanted = Self.value(expected)
      #expect(Self.isSame(value, wanted), "\(text) gave \(String(describing: value))")
    default: Issue.record("'\(text)' gave \(result)")
    }
    // A template's own text reads as the same template.
    #expect(try Template(reading: template.description) == template)
  }

  private static func evaluate(
    _ template: Template, _ names: Names
  ) -> Result<Value?, EvaluationFailure> {
    Result { () throws(EvaluationFailure) -> Value? in try template.value(in: names) }
  }

  /// Elements of an answer and texts of a file are the same where they say the same.
  private static func isSame(_ one: Value?, _ other: Value?) -> Bool {
    switch (one, other) {
    case (.list(let one)?, .list(let other)?):
      one.count == other.count && zip(one, other).allSatisfy { isSame($0, $1) }
    case (.text(let text)?, .dynamic(.string(let other))?),
      (.dynamic(.string(let other))?, .text(let text)?), (.choice(let text, _)?, .text(let other)?):
      text == other
    case (.xml?, .text(let text)?): one?.text == text
    default: one == other
    }
  }

  @Test("every type takes what it takes, in its canonical form", arguments: rows("fields").indices)
  func fields(_ index: Int) throws {
    let row = Self.rows("fields")[index]
    var attributes: [JSON.Member] = [.init("type", row["type"] ?? .null)]
    if case .object(let members)? = row["attributes"] { attributes += members }
    let json = JSON.object([
      .init("format", .integer(1)), .init("id", .string("demo")), .init("name", .string("Demo")),
      .init(
        "methods",
        .object([
          .init(
            "a", .object([.init("ask", .object([.init("f", .object(attributes))]))]))
        ])),
    ])
    let field = try Definition(json).methods[0].ask[0]
    let entry = try #require(row["entry"]?.text)
    let canonical = try? field.canonical(entry)
    #expect(
      canonical.map { Array($0.utf8) } == row["canonical"]?.text.map { Array($0.utf8) },
      "\(row["type"]?.text ?? "") \(entry.prefix(40))")
    if let canonical { #expect(try field.canonical(canonical) == canonical) }
  }

  @Test("every function, operator and type of this version has a vector")
  func complete() {
    let used = Self.rows("expressions").compactMap { $0["template"]?.text }
    for function in Function.allCases where function.signature != nil {
      #expect(used.contains { $0.contains(".\(function.rawValue)(") }, "\(function)")
    }
    for sign in [" + ", " - ", " == ", " != ", " and ", " or ", "not ", " else ", ".last"] {
      #expect(used.contains { $0.contains(sign) }, "\(sign)")
    }
    let types = Set(Self.rows("fields").compactMap { $0["type"]?.text })
    for type in FieldType.allCases { #expect(types.contains(type.rawValue), "\(type)") }
    #expect(types.contains { $0.hasPrefix("list of ") })
  }
}
