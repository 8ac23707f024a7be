import Foundation
import Testing

/// KeywrightCrypto under the address sanitizer: its own sources and `Tests/CryptoCheck`, as one small program.
@Suite("Crypto under the address sanitizer", .serialized, .timeLimit(.minutes(3)))
struct CryptoCheckTests {
  struct Failure: Error, CustomStringConvertible { let description: String }

  /// The program, built once; a module of its own, so that the package is not built a second time.
  private static let program: Result<String, any Error> = Result {
    let folder = Repository.root.appendingPathComponent(".build/crypto-check")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let sources = try RepositoryTests.files("Sources/KeywrightCrypto").map(\.path)
    let libcrypto = try Command.run("pkg-config", ["--cflags", "--libs", "libcrypto"])
    let flags = libcrypto.output.split(whereSeparator: \.isWhitespace).map(String.init)
    let program = folder.appendingPathComponent("crypto-check").path
    let built = try Command.run(
      "swiftc",
      [
        "-swift-version", "6", "-Onone", "-g", "-sanitize=address", "-package-name", "keywright",
        "-module-name", "CryptoCheck", "-I", "Sources/COpenSSL", "-o", program,
      ]
        + ["ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility"].flatMap {
          ["-enable-upcoming-feature", $0]
        } + sources + ["Tests/CryptoCheck/main.swift"] + flags)
    guard built.status == 0, sources.count > 5 else {
      throw Failure(description: "\(built.errors.prefix(4_000))")
    }
    return program
  }

  @Test("no function reads or writes out of place, or loses memory, at any length up to 300")
  func clean() throws {
    let outcome = try Command.run(Self.program.get(), [])
    #expect(outcome.status == 0, "\(outcome.errors.prefix(4_000))")
    let calls = outcome.output.split(separator: " ").first.flatMap { Int($0) } ?? 0
    #expect(calls > 20_000)
  }

  @Test(
    "the sanitizer is at work: it ends what reads out of place, and sees what is lost",
    arguments: [("overflow", "heap-buffer-overflow"), ("leak", "LeakSanitizer")])
  func sanitizer(_ defect: String, _ report: String) throws {
    let outcome = try Command.run(Self.program.get(), [defect])
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains(report))
  }
}
