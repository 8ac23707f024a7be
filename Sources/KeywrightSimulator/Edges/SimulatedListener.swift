#if Server

  internal import HTTPTypes
  internal import Hummingbird
  public import Keywright
  internal import Logging
  internal import NIOCore

  /// A simulated provider behind a port of this machine: a person's browser sees its consent page.
  ///
  /// ```swift
  /// try await SimulatedListener.listening(for: provider) { listener in
  ///   try await HTTPClientTransport.with(origins: listener.origins) { transport in … }
  /// }
  /// ```
  public struct SimulatedListener: Sendable {
    /// Where it listens, such as `http://127.0.0.1:4711`.
    public let address: String

    /// The provider's origins, and this machine in their place.
    public let origins: OriginMap

    /// Listens on 127.0.0.1 while some work is done.
    /// - Parameter port: 0 takes a free one.
    public static func listening<Result: Sendable>(
      for provider: SimulatedProvider, port: Int = 0, isolation: isolated (any Actor)? = #isolation,
      _ body: (SimulatedListener) async throws -> Result
    ) async throws -> Result {
      let (ports, found) = AsyncStream<Int>.makeStream()
      var logger = Logger(label: "keywright.simulator")
      logger.logLevel = .critical
      let desk = SimulatedDesk(provider: provider)
      let application = Application(
        responder: CallbackResponder { (request: Request, context: ChannelContext) in
          try await desk.respond(to: request, context)
        },
        configuration: .init(address: .hostname("127.0.0.1", port: port)),
        onServerRunning: { channel in found.yield(channel.localAddress?.port ?? 0) },
        logger: logger)
      let task = Task {
        defer { found.finish() }
        try await application.run()
      }
      var chosen: Int?
      for await port in ports.prefix(1) { chosen = port }
      guard let chosen else {
        _ = try await task.value
        throw TransportError(.unreachable, "nothing can listen on 127.0.0.1:\(port)")
      }
      defer { task.cancel() }
      let address = "http://127.0.0.1:\(chosen)"
      let origins = try OriginMap(
        Dictionary(
          provider.addresses.map { ($0, address) }, uniquingKeysWith: { first, _ in first }))
      let result = try await body(SimulatedListener(address: address, origins: origins))
      return result
    }
  }

  /// A context that can close its connection: a fault may have to.
  struct ChannelContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
      coreContext = .init(source: source)
      channel = source.channel
    }
  }

  /// Receives requests for a provider's origins, all of them at one port.
  struct SimulatedDesk: Sendable {
    let provider: SimulatedProvider

    func respond(to request: Request, _ context: ChannelContext) async throws -> Response {
      let path = request.uri.string
      let origin =
        provider.addresses.first { provider.knows($0 + path) } ?? provider.addresses.first ?? ""
      let url = origin + path
      let body = try await request.body.collect(upTo: 1_024 * 1_024)
      if let page = page(at: url, request.method, String(buffer: body)) { return page }
      var head = request.head
      let parts = origin.split(separator: "/", maxSplits: 1)
      head.scheme = parts.first.map { String($0.dropLast()) }
      head.authority = parts.last.map { String($0.drop { $0 == "/" }) }
      let (answer, fault) = try await provider.answer(
        head, body: body.readableBytes == 0 ? nil : Array(buffer: body))
      switch fault {
      case .dropped?:
        try await context.channel.close()
        throw CancellationError()
      case .cutOff?: return cut(answer, context)
      case .latency?, .status?, .malformed?, nil: return Response(answer)
      }
    }

    /// What a person sees; nil where the address is a program's.
    private func page(at url: String, _ method: HTTPRequest.Method, _ form: String) -> Response? {
      switch SimulatedPage(at: url, of: provider, form: method == .post ? form : nil) {
      case nil: nil
      case .html(let html)?: Response(html: html)
      case .redirect(let url)?: Response(status: .seeOther, headers: [.location: url])
      }
    }

    /// Half of an answer, and the end of the connection.
    private func cut(_ answer: TransportAnswer, _ context: ChannelContext) -> Response {
      var headers = answer.headers
      headers[.contentLength] = String(max(answer.body.count, 2))
      let half = ByteBuffer(bytes: answer.body.prefix(answer.body.count / 2))
      return Response(
        status: .init(code: answer.status), headers: headers,
        body: ResponseBody { writer in
          try await writer.write(half)
          try await context.channel.close()
          throw CancellationError()
        })
    }
  }

  extension Response {
    fileprivate init(_ answer: TransportAnswer) {
      self.init(
        status: .init(code: answer.status), headers: answer.headers,
        body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    fileprivate init(html: String) {
      self.init(
        status: .ok,
        headers: [
          .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
          .contentSecurityPolicy: SimulatedPage.contentSecurityPolicy,
        ],
        body: .init(byteBuffer: ByteBuffer(string: html)))
    }
  }

#endif
