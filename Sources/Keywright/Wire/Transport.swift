public import HTTPTypes

/// What brings a request to a provider and its answer back.
///
/// A transport follows no redirect, and ends within its deadline, head and body together.
public protocol Transport: Sendable {
  /// Sends a request.
  /// - Throws: ``TransportError`` where no whole answer came.
  func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer

  /// Sends a request whose scheme is `http`: the spec says, by `unsafe`, why its address has no TLS.
  ///
  /// A transport that does not tell the two apart need not have it: the request then comes to `send`. One that wraps
  /// another passes both on.
  /// - Throws: ``TransportError`` where no whole answer came.
  func sendWithoutTLS(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer

  /// What stands in for a provider's origin, for tests and simulators; empty elsewhere.
  var origins: OriginMap { get }
}

extension Transport {
  /// No origin is mapped.
  public var origins: OriginMap { .none }

  /// As any other request.
  public func sendWithoutTLS(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    try await send(request, body: body)
  }

  /// Sends a request that a connection has signed, by the way that its scheme needs: what is signed goes without TLS only
  /// where the spec allows it.
  /// - Throws: ``TransportError`` where no whole answer came.
  public func deliver(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    request.scheme == "http"
      ? try await sendWithoutTLS(request, body: body) : try await send(request, body: body)
  }
}

/// A whole answer.
public struct TransportAnswer: Sendable {
  /// The status, 100–599.
  public let status: Int
  /// The answer's headers.
  public let headers: HTTPFields
  /// The whole body; empty where there is none.
  public let body: [UInt8]

  /// Brings an answer together.
  public init(status: Int, headers: HTTPFields, body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

extension TransportAnswer: CustomStringConvertible, CustomReflectable {
  /// Status and length; headers and body may hold tokens.
  public var description: String { "status \(status), \(body.count) bytes" }

  /// A mirror without headers and body.
  public var customMirror: Mirror { Mirror(self, children: ["status": status]) }
}

/// Why no whole answer came.
public struct TransportError: Error, Sendable, Hashable {
  /// How far the request came.
  public enum Reason: String, Sendable {
    /// Nothing was sent that the provider could have acted on.
    case unreachable
    /// Bytes were sent, and no whole answer came.
    case interrupted
    /// The deadline passed.
    case timedOut
    /// The answer is longer than is read.
    case tooLarge
    /// The request may not be sent: its scheme is not https.
    case refused
  }

  /// How far the request came.
  public let reason: Reason

  /// What happened, without any of the request.
  public let message: String

  /// Joins a reason to what happened.
  public init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }
}
