import Foundation
import HTTPTypes
import Keywright
import KeywrightDefinition
import Testing

@testable import KeywrightSimulator

/// What is done to one parameter of a request on its way.
enum Tampering: String, CaseIterable {
  case missing, wrong, repeated
}

/// A method that is run with one parameter of one request changed on its way to the simulated provider.
struct TamperedRun {
  let definition: Definition
  let method: Method
  let form: FilledForm

  /// One parameter of one request.
  struct Target: CustomStringConvertible {
    /// Counted from 0 over the requests of a whole run; nil is the browser's.
    let request: Int?
    let stage: String
    let part: Part
    let isLeave: Bool
    /// Whether nobody reads the answer.
    var isUnread = false

    var description: String { "\(stage) \(part.place) \(part.template)" }
  }

  init(_ definition: Definition, _ method: Method) {
    self.definition = definition
    self.method = method
    form = FilledForm.all(of: method)[0]
  }

  /// Every parameter of every request that the method makes.
  func targets() async throws -> [Target] {
    let transport = try TamperingTransport(self, target: nil)
    try await run(transport, tampering: nil)
    var targets: [Target] = []
    let opened = transport.opened.flatMap(ReceivedRequest.init(browsing:))
    for endpoint in endpoints where endpoint.isLeave {
      targets += endpoint.shape.parts.filter { opened?.values(at: $0.place).isEmpty == false }
        .map { Target(request: nil, stage: "authorize", part: $0, isLeave: true) }
    }
    for (index, sent) in transport.sent.enumerated() {
      guard let endpoint = transport.endpoint(of: sent.request, sent.body) else { continue }
      for part in endpoint.shape.parts
      where !ReceivedRequest(sent.request, body: sent.body)!.values(at: part.place).isEmpty {
        targets.append(
          Target(
            request: index, stage: endpoint.stage, part: part, isLeave: false,
            isUnread: endpoint.step?.request?.format == Request.Format.none))
      }
    }
    return targets
  }

  private var endpoints: [Endpoint] { Endpoint.all(of: method) }

  /// What comes of a run; nil where nobody noticed.
  func outcome(_ target: Target, _ tampering: Tampering) async -> (any Error)? {
    do {
      let transport = try TamperingTransport(self, target: (target, tampering))
      try await run(transport, tampering: target.isLeave ? (target, tampering) : nil)
      return nil
    } catch {
      return error
    }
  }

  private func run(
    _ transport: TamperingTransport, tampering: (Target, Tampering)?
  ) async throws {
    let client = form.client(of: method)
    var connection = try await Rehearsal.connect(method, of: definition, form, over: transport) {
      url in
      transport.opened = url
      guard let (target, tampering) = tampering, case .query(let name) = target.part.place else {
        return try transport.provider.consent(at: url)
      }
      return try transport.provider.consent(at: Self.tampered(url, name, tampering))
    }
    for name in method.credentials.map(\.name) where method.api != nil {
      guard connection.credential(named: name ?? "") != nil else { continue }
      let (request, body) = try connection.sign(.get("/simulated"), as: name, client: client)
      let answer = try await transport.send(request, body: body)
      guard answer.status == 200, !connection.isUnauthorized(answer) else {
        throw APIRefusal(isUnauthorized: connection.isUnauthorized(answer))
      }
    }
    for name in method.credentials.map(\.name) where connection.isRenewable(name) {
      connection = try await connection.renewed(name, client: client, over: transport)
    }
    if !method.verify.isEmpty {
      try await connection.verify(client: client, over: transport)
    }
    if !method.revoke.isEmpty { try await connection.revoke(client: client, over: transport) }
  }

  /// The API said no; perhaps because the credential is no good.
  struct APIRefusal: Error {
    let isUnauthorized: Bool
  }

  static func tampered(_ url: String, _ name: String, _ tampering: Tampering) -> String {
    let halves = url.split(separator: "?", maxSplits: 1).map(String.init)
    return halves[0] + "?" + tampered(pairs: halves.count > 1 ? halves[1] : "", name, tampering)
  }

  static func tampered(pairs text: String, _ name: String, _ tampering: Tampering) -> String {
    text.split(separator: "&").flatMap { pair -> [String] in
      let written = String(pair.prefix { $0 != "=" })
      guard written.removingPercentEncoding == name else { return [String(pair)] }
      switch tampering {
      case .missing: return []
      case .wrong: return ["\(written)=\(wrong)"]
      case .repeated: return [String(pair), String(pair)]
      }
    }.joined(separator: "&")
  }

  static let wrong = "tampered"
}

/// Changes one request on its way.
final class TamperingTransport: Transport, @unchecked Sendable {
  let provider: SimulatedProvider
  private let target: (TamperedRun.Target, Tampering)?
  private let simulator: Simulator
  private(set) var sent: [(request: HTTPRequest, body: [UInt8]?)] = []
  /// What the browser was sent to.
  var opened: String?

  init(_ run: TamperedRun, target: (TamperedRun.Target, Tampering)?) throws {
    let registration = Simulator.Registration(
      values: run.form.values, isWhole: true, redirectURIs: [Rehearsal.redirectURI])
    provider = try SimulatedProvider(
      run.definition, method: run.method.id, registration: registration)
    simulator = Simulator(run.definition, method: run.method, registration: registration)
    self.target = target
  }

  /// Which endpoint a request is for: by its stage, as the provider told it.
  func endpoint(of request: HTTPRequest, _ body: [UInt8]?) -> Endpoint? {
    ReceivedRequest(request, body: body).flatMap(simulator.recognise)?.endpoint
  }

  func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    let index = sent.count
    sent.append((request, body))
    guard let (target, tampering) = target, target.request == index else {
      return try await provider.send(request, body: body)
    }
    var (request, body) = (request, body)
    switch target.part.place {
    case .query(let name):
      request.path = TamperedRun.tampered(request.path ?? "", name, tampering)
    case .form(let name):
      let text = String(decoding: body ?? [], as: UTF8.self)
      body = Array(TamperedRun.tampered(pairs: text, name, tampering).utf8)
    case .header(let name):
      guard let field = HTTPField.Name(name) else { break }
      let value = request.headerFields[field] ?? ""
      switch tampering {
      case .missing: request.headerFields[field] = nil
      case .wrong: request.headerFields[field] = TamperedRun.wrong
      case .repeated: request.headerFields.append(HTTPField(name: field, value: value))
      }
    case .json(let path):
      guard path.count == 1, case .object(let members)? = try? JSON(reading: body ?? []) else {
        break
      }
      let changed = members.compactMap { member -> JSON.Member? in
        guard member.name == path[0] else { return member }
        return tampering == .missing ? nil : JSON.Member(member.name, .string(TamperedRun.wrong))
      }
      body = Array(JSON.object(changed).compactText.utf8)
    case .cookie, .xml, .text: break
    }
    return try await provider.send(request, body: body)
  }
}
