import Foundation
import Hummingbird
import Logging
import NIOCore

/// Answers every request for `/` with the bytes of a file: what a server of this kind can do at most.
@main
struct BareServer {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let port = Int(arguments[1]),
      let bytes = FileManager.default.contents(atPath: arguments[2])
    else {
      print("usage: BareServer PORT FILE")
      exit(64)
    }
    let buffer = ByteBuffer(bytes: bytes)
    let router = Router()
    router.get("/") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
        body: .init(byteBuffer: buffer))
    }
    var logger = Logger(label: "bare")
    logger.logLevel = .error
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
      logger: logger)
    try await application.runService()
  }
}
