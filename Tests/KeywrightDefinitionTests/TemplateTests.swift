import KeywrightDefinition
import Testing

@Suite("Templates and expressions")
struct TemplateTests {
  static let bindings: [String: Value] = [
    "name": .text("Ada"), "n": .integer(5),
    "body": .dynamic(
      .object([
        .init("ok", .boolean(true)), .init("id", .number("17841400123456789")),
        .init("list", .array([.string("x"), .string("y")])), .init("odd-key", .string("z")),
        .init("nothing", .null), .init("inner", .object([.init("a", .string("b"))])),
      ])), "raw": .bytes([0xFB, 0xFF]),
  ]

  @Test(
    "an expression has the value that LANGUAGE §2 says",
    arguments: [
      ("name", "Ada"), ("name + \"!\"", "Ada!"), ("n + 2", "7"), ("n - 2", "3"),
      ("body.id", "17841400123456789"), ("body.list.1", "y"), ("body.\"odd-key\"", "z"),
      ("body.inner.a", "b"), ("body.absent else name", "Ada"), ("body.nothing else \"-\"", "-"),
      ("body.absent else body.list.0", "x"), ("name.lower()", "ada"), ("name.upper()", "ADA"),
      ("(\" \" + name + \" \").trim()", "Ada"), ("(name + \":\" + n).base64()", "QWRhOjU="),
      ("raw.base64url()", "-_8"), ("raw.hex()", "fbff"), ("\"a b/\u{E9}\".url()", "a%20b%2F%C3%A9"),
      ("\"a b/~\".form()", "a+b%2F~"), ("n.positive()", "5"), ("(n - 5).positive() else 1", "1"),
      ("\"q\\\"\\\\\\n\\u{e9}\"", "q\"\\\n\u{E9}"),
      ("9223372036854775807 + 1 else \"over\"", "over"),
    ])
  func values(_ text: String, _ expected: String) throws {
    let template = try Template(reading: "$<\(text)>")
    #expect(try template.text(in: Self.bindings) == expected)
  }

  @Test(
    "a condition is true or false",
    arguments: [
      ("body.ok == true", true), ("body.ok != true", false), ("body.absent == none", true),
      ("body.absent == true", false), ("body.nothing == none", true), ("name == \"Ada\"", true),
      ("n == 5 and not body.ok == false", true), ("n == 4 or name == \"Ada\"", true),
      ("body.id == 17841400123456789", true), ("body.list.0 == \"x\"", true),
      ("body.inner == none", false), ("body.absent != none", false),
      ("\"\u{E9}\" == \"e\u{301}\"", false), ("n == \"5\"", true),
    ])
  func conditions(_ text: String, _ expected: Bool) throws {
    #expect(try Expression(reading: text).truth(in: Self.bindings) == expected)
  }

  @Test("what is absent is an error that names the expression and no value")
  func absent() throws {
    let template = try Template(reading: "key $<body.absent>")
    #expect(throws: EvaluationFailure(expression: "body.absent", reason: .absent)) {
      try template.text(in: Self.bindings)
    }
  }

  @Test("none leaves the entry out")
  func none() throws {
    #expect(try Template(reading: "a $<body.absent else none>").text(in: Self.bindings) == nil)
  }

  @Test("an object in a text is an error")
  func object() throws {
    #expect(throws: EvaluationFailure(expression: "body.inner", reason: .notText)) {
      try Template(reading: "x$<body.inner>").text(in: Self.bindings)
    }
  }

  @Test("a value is never read again as a template")
  func singlePass() throws {
    let bindings: [String: Value] = ["a": .text("$<b>"), "b": .text("secret")]
    #expect(try Template(reading: "$<a>").text(in: bindings) == "$<b>")
  }

  @Test("$$< is a literal $<")
  func escape() throws {
    let template = try Template(reading: "cost $$<5> $< name >")
    #expect(try template.text(in: Self.bindings) == "cost $<5> Ada")
    #expect(template.description == "cost $$<5> $<name>")
  }

  @Test(
    "what is wrong is found where it stands",
    arguments: [
      ("$<", 0, "template-unclosed"), ("ab $<name", 3, "template-unclosed"),
      ("$<a ? b>", 4, "expression-syntax"), ("$<a-b>", 3, "expression-syntax"),
      ("$<a b>", 4, "expression-syntax"), ("$<a.>", 4, "expression-syntax"),
      ("$<(a>", 4, "expression-syntax"), ("$<a.lowr()>", 4, "unknown-function"),
      ("$<a.lower(1)>", 4, "argument-count"), ("$<a.sign()>", 4, "not-yet"),
      ("$<99999999999999999999>", 2, "expression-syntax"), ("$<\"\\q\">", 3, "expression-syntax"),
    ])
  func failures(_ text: String, _ offset: Int, _ code: String) {
    do {
      _ = try Template(reading: text)
      Issue.record("read '\(text)'")
    } catch {
      #expect(error.code == code)
      #expect(error.range.lowerBound == offset)
    }
  }

  @Test("brackets are bounded")
  func depth() {
    let text = "$<" + String(repeating: "(", count: 10_000)
    #expect(throws: TemplateFailure.self) { try Template(reading: text) }
  }

  @Test("what is printed reads as the same expression")
  func printing() throws {
    var random = SplitMix(seed: 7)
    for _ in 0..<5_000 {
      let expression = Self.random(depth: 4, &random)
      let text = expression.description
      let read = try Expression(reading: text)
      #expect(read == expression, "\(text)")
      #expect(read.description == text)
    }
  }

  @Test("no text crashes the reader")
  func fuzz() {
    var random = SplitMix(seed: 11)
    let pieces = [
      "$<", ">", "$$<", "(", ")", ".", "\"", "\\", "else", "and", "not", "==", "!=", "+", " - ",
      "-",
      "name", "1", "none", "\u{E9}", " ", "lower()", "}", "\\u{", ",", "\u{0}",
    ]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0..<12, using: &random))
        .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      if let template = try? Template(reading: text) {
        #expect((try? Template(reading: template.description)) == template, "\(text)")
      }
    }
  }

  private static func random(depth: Int, _ random: inout SplitMix) -> Expression {
    func inner() -> Expression { Self.random(depth: depth - 1, &random) }
    let choice = Int.random(in: depth <= 0 ? 0..<5 : 0..<14, using: &random)
    let form: Expression.Form =
      switch choice {
      case 0: .text(["", "a\"b", "é\n\\"].randomElement(using: &random) ?? "")
      case 1: .integer(Int64.random(in: 0...99, using: &random))
      case 2: .boolean(Bool.random(using: &random))
      case 3: .none
      case 4: .name(["a", "body", "_x1"].randomElement(using: &random) ?? "a")
      case 5:
        .member(inner(), .name(["id", "odd-key", "9", "else"].randomElement(using: &random) ?? ""))
      case 6: .member(inner(), .index(Int.random(in: 0...9, using: &random)))
      case 7: .call(.base64, on: inner(), arguments: [])
      case 8: .not(inner())
      case 9: .and(inner(), inner())
      case 10: .or(inner(), inner())
      case 11: .equals(inner(), inner())
      case 12: .otherwise(inner(), inner())
      default: Bool.random(using: &random) ? .plus(inner(), inner()) : .minus(inner(), inner())
      }
    return Expression(form, at: 0..<0)
  }
}

/// A random source that gives the same every time.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
