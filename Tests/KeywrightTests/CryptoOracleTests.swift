import Foundation
import KeywrightCrypto
import KeywrightDefinition
import Testing

/// Digests, HMAC, AES-GCM and base64 do what Python's cryptography package does, over random inputs.
@Suite("Crypto oracle")
struct CryptoOracleTests {
  /// A question to Python, beside what is answered here.
  struct Question: Sendable {
    let line: String
    let expected: String
  }

  struct Failure: Error, CustomStringConvertible { let description: String }

  /// Bytes as the oracle's lines have them.
  private static func hex(_ bytes: [UInt8]?) -> String {
    guard let bytes else { return "refused" }
    return bytes.isEmpty ? "-" : Encoding.hex(bytes)
  }

  private static func bytes(_ count: Int, _ random: inout SystemNumbers) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
  }

  /// Lengths about the edges of blocks, and any.
  private static func length(_ random: inout SystemNumbers) -> Int {
    let edges = [0, 1, 15, 16, 17, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 255, 256, 4_096]
    return Bool.random(using: &random)
      ? edges[Int.random(in: 0..<edges.count, using: &random)]
      : Int.random(in: 0...300, using: &random)
  }

  /// All questions, the same every time.
  private static func questions() throws -> [Question] {
    var random = SystemNumbers(seed: 53)
    var questions: [Question] = []
    for algorithm in DigestAlgorithm.allCases {
      for _ in 0..<50 {
        let message = bytes(length(&random), &random)
        questions.append(
          Question(
            line: "digest \(algorithm.rawValue) \(hex(message))",
            expected: hex(digest(message, algorithm))))
        let key = bytes(length(&random), &random)
        questions.append(
          Question(
            line: "hmac \(algorithm.rawValue) \(hex(key)) \(hex(message))",
            expected: hex(authenticationCode(for: message, key: key, algorithm))))
      }
    }
    for _ in 0..<100 { questions += try sealing(&random) }
    for _ in 0..<100 { questions += base64(&random) }
    return questions
  }

  /// What is sealed here opens there, what is sealed there is the same, and what was changed opens nowhere.
  private static func sealing(_ random: inout SystemNumbers) throws -> [Question] {
    let (key, nonce) = (bytes(32, &random), bytes(12, &random))
    let plaintext = bytes(length(&random), &random)
    let additional = bytes(length(&random), &random)
    let cipher = try AESGCM(key: key)
    let sealed = try cipher.seal(plaintext, nonce: nonce, authenticating: additional)
    let place = "\(hex(key)) \(hex(nonce)) \(hex(additional))"
    var changed = sealed
    let bit = Int.random(in: 0..<sealed.count * 8, using: &random)
    changed[bit / 8] ^= 1 << UInt8(bit % 8)
    var questions = [
      Question(line: "seal \(place) \(hex(plaintext))", expected: hex(sealed)),
      Question(line: "open \(place) \(hex(sealed))", expected: hex(plaintext)),
    ]
    for other in [changed, Array(sealed.dropLast()), sealed + [0], Array(sealed.dropFirst())] {
      let opened = try cipher.open(other, nonce: nonce, authenticating: additional)
      guard opened == nil else { throw Failure(description: "a changed text opens: \(place)") }
      questions.append(Question(line: "open \(place) \(hex(other))", expected: hex(opened)))
    }
    let opened = try cipher.open(sealed, nonce: nonce, authenticating: additional + [0])
    questions.append(
      Question(
        line: "open \(hex(key)) \(hex(nonce)) \(hex(additional + [0])) \(hex(sealed))",
        expected: hex(opened)))
    return questions
  }

  private static func base64(_ random: inout SystemNumbers) -> [Question] {
    let data = bytes(Int.random(in: 0...70, using: &random), &random)
    let alphabet = Array("ABCDEFXYZabcxyz0189-_+/=.".utf8)
    let text = String(
      decoding: (0..<Int.random(in: 1...6, using: &random)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }, as: UTF8.self)
    func shown(_ text: String) -> String { text.isEmpty ? "-" : text }
    return [
      Question(line: "base64 \(hex(data))", expected: shown(Encoding.base64(data))),
      Question(line: "base64url \(hex(data))", expected: shown(Encoding.base64URL(data))),
      Question(
        line: "unbase64url \(shown(Encoding.base64URL(data)))", expected: hex(data)),
      Question(line: "unbase64url \(text)", expected: hex(Encoding.bytes(base64URL: text))),
    ]
  }

  /// Each question with Python's answer, out of one process.
  private static let answers: Result<[(question: Question, answer: String)], any Error> = Result {
    let questions = try Self.questions()
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("keywright-crypto-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try questions.map(\.line).joined(separator: "\n")
      .write(to: file, atomically: true, encoding: .utf8)
    let outcome = try PythonEnvironment.oracle("crypto_oracle.py", [file.path])
    let lines = outcome.output.split(separator: "\n").map(String.init)
    guard outcome.status == 0, lines.count == questions.count else {
      throw Failure(
        description: "\(lines.count) answers to \(questions.count) questions: \(outcome.errors)")
    }
    return Array(zip(questions, lines)).map { (question: $0, answer: $1) }
  }

  private func expectAgreement(_ word: String, atLeast count: Int) throws {
    let asked = try Self.answers.get().filter { $0.question.line.hasPrefix(word + " ") }
    #expect(asked.count >= count)
    for (question, answer) in asked {
      #expect(question.expected == answer, "\(question.line.prefix(300))")
    }
  }

  @Test("200 digests are Python's")
  func digests() throws { try expectAgreement("digest", atLeast: 200) }

  @Test("200 HMACs are Python's")
  func codes() throws { try expectAgreement("hmac", atLeast: 200) }

  @Test("100 texts are sealed as Python seals them")
  func seals() throws { try expectAgreement("seal", atLeast: 100) }

  @Test("what is sealed opens in Python, and 500 changed texts open in neither")
  func opens() throws {
    try expectAgreement("open", atLeast: 600)
    let refused = try Self.answers.get().filter { $0.answer == "refused" }
    #expect(refused.filter { $0.question.line.hasPrefix("open ") }.count == 500)
  }

  @Test("base64 of both alphabets is Python's, and what is refused is refused by both")
  func base64() throws {
    try expectAgreement("base64", atLeast: 100)
    try expectAgreement("base64url", atLeast: 100)
    try expectAgreement("unbase64url", atLeast: 200)
  }
}
