package import HTTPTypes

/// What happens to a flow.
package enum EngineEvent: Sendable {
  case begin
  /// The browser came back, with this URL or its query.
  case callback(String)
  case answer(TransportAnswer)
  case failure(TransportError)
}

/// What is to be done next.
package enum EngineEffect: Sendable {
  case request(OutgoingRequest)
  /// The browser goes to this URL.
  case redirect(String)
  case done
  /// The person said no.
  case denied(AuthorizationError)
  case failed(AuthorizationError)
}

/// A request that is ready to be sent.
package struct OutgoingRequest: Sendable, CustomStringConvertible, CustomReflectable {
  /// Method, URL and headers.
  package let request: HTTPRequest
  /// The body; nil where there is none.
  package let body: [UInt8]?

  /// Method and host: a URL or body may hold secrets.
  package var description: String { "\(request.method) \(request.authority ?? "")" }

  /// A mirror without children.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
