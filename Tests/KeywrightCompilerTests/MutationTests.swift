import Foundation
import KeywrightCompiler
import KeywrightDefinition
import Testing

/// Nobody's bytes crash the compiler; the mutations are of the catalogue's own specs.
@Suite("Mutations")
struct MutationTests {
  static let good: [[UInt8]] = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("specs")
    let files = (try? SpecFolder([root.path]).files) ?? []
    return files.compactMap { try? Data(contentsOf: URL(fileURLWithPath: $0.path)) }.map(Array.init)
  }()

  /// How many there are: more in a release build, by `make fuzz`.
  static let count =
    ProcessInfo.processInfo.environment["KEYWRIGHT_MUTATIONS"].flatMap(Int.init) ?? 20_000

  /// Words that mean something somewhere; most leave the YAML whole, so that later stages see them.
  static let words = [
    "$<", ">", "$<none>", "$<body.x>", "$<callback.code>", "$<client_secret>", "$<subdomain>",
    "none", "true", "0", "-1", "\"", "'", "{", "}", "[", "]", ": ", "\n", "- ", "|\n", "#", "é",
    "repeat", "preset", "person", "client", "credential", "custom", "oauth2", "basic", "api_key",
    "secret", "url", "host", "choice", "list of text", "https://a.test", "http://", "//", "@", "?",
    ".base64()", ".seconds(\"iso8601\")", " else none", " + 1", " == ", " and ", "status", "body",
  ]

  @Test("none crashes, each is refused or compiles, and every stage is reached")
  func mutations() {
    var random = Numbers(seed: 8)
    var reached: [Compilation.Stage: Int] = [:]
    var slowest = 0.0
    let before = Self.peakMemory
    for round in 0..<Self.count {
      var bytes = Self.good[random.below(Self.good.count)]
      for _ in 0...random.below(2) { Self.mutate(&bytes, &random, round) }
      let start = ContinuousClock.now
      let compilation = compile(SourceText(name: "demo.yaml", bytes: bytes), id: "demo")
      slowest = max(slowest, (ContinuousClock.now - start) / .seconds(1))
      #expect((compilation.provider == nil) == !compilation.diagnostics.isEmpty)
      for stage in Compilation.Stage.allCases where stage <= compilation.reached {
        reached[stage, default: 0] += 1
      }
      for diagnostic in compilation.diagnostics {
        #expect(diagnostic.position.offset <= bytes.count && !diagnostic.message.isEmpty)
      }
    }
    let shares = Compilation.Stage.allCases.map { stage in
      "\(stage): \((reached[stage] ?? 0) * 100 / Self.count) %"
    }
    print(
      "\(Self.count) mutations reached \(shares), the slowest took \(slowest) s, "
        + "peak memory grew by \(Self.peakMemory - before) MB")
    for stage in [Compilation.Stage.decode, .lower, .check] {
      #expect((reached[stage] ?? 0) * 5 >= Self.count, "\(stage)")
    }
    #expect(slowest < 2)
    #expect(Self.peakMemory - before < 200)
  }

  /// The most memory that this process ever had, in MB.
  private static var peakMemory: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1_024
  }

  private static func mutate(_ bytes: inout [UInt8], _ random: inout Numbers, _ round: Int) {
    if bytes.isEmpty { return }
    let at = random.below(bytes.count)
    switch random.below(6) {
    case 0:
      bytes.replaceSubrange(at..<at, with: Array(words[random.below(words.count)].utf8))
    case 1: bytes.removeSubrange(at..<min(at + 1 + random.below(20), bytes.count))
    case 2: bytes[at] = UInt8(random.below(256))
    case 3: swapLines(&bytes, &random)
    default: replaceWord(&bytes, &random)
    }
  }

  /// Puts a word of the language, or of the same file, in the place of another.
  private static func replaceWord(_ bytes: inout [UInt8], _ random: inout Numbers) {
    let text = String(decoding: bytes, as: UTF8.self)
    let parts = text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    guard let part = parts.randomElement(using: &random),
      let other = Bool.random(using: &random)
        ? parts.randomElement(using: &random).map(String.init)
        : words.randomElement(using: &random)
    else { return }
    bytes = Array(text.replacingCharacters(in: part.startIndex..<part.endIndex, with: other).utf8)
  }

  private static func swapLines(_ bytes: inout [UInt8], _ random: inout Numbers) {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    lines.swapAt(random.below(lines.count), random.below(lines.count))
    bytes = Array(lines.joined(separator: [0x0A]))
  }
}

/// Numbers that are the same every time.
struct Numbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
