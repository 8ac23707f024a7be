internal import Foundation
package import HTTPTypes
package import Keywright
internal import KeywrightDefinition
package import KeywrightSimulator

/// All providers at once, each played out of its spec: a transport that reaches nothing but this process.
package final class SimulatedWorld: Transport {
  private let byID: [String: SimulatedProvider]
  private let providers: [SimulatedProvider]

  /// Plays every provider that can be connected; whatever client is registered will do.
  package init(_ known: Providers, in surroundings: Surroundings = .system) throws {
    byID = try known.definitions.mapValues {
      try SimulatedProvider($0, registration: .init(), in: surroundings)
    }
    providers = byID.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The provider that a URL belongs to; nil where it is nobody's.
  private func provider(of url: String) -> SimulatedProvider? {
    if let one = providers.first(where: { $0.knows(url) }) { return one }
    // An API has addresses that no spec writes down: its host tells whose they are.
    guard let origin = (try? URLParts(reading: url))?.origin.description else { return nil }
    return providers.first { $0.addresses.contains(origin) }
  }

  /// Answers for whoever the request is addressed to.
  package func send(
    _ request: HTTPRequest, body: [UInt8]?
  ) async throws(TransportError) -> TransportAnswer {
    let url = "\(request.scheme ?? "https")://\(request.authority ?? "")\(request.path ?? "/")"
    guard let provider = provider(of: url) else {
      throw TransportError(.unreachable, "the simulation knows no provider at this address")
    }
    return try await provider.send(request, body: body)
  }

  /// What a browser gets at a provider's address, which stands without its scheme; nil where there is nothing for it.
  package func page(at address: Substring, form: String?) -> SimulatedPage? {
    for scheme in ["https", "http"] {
      let url = "\(scheme)://\(address)"
      if let page = provider(of: url).flatMap({ SimulatedPage(at: url, of: $0, form: form) }) {
        return page
      }
    }
    return nil
  }

  /// Takes a connection as one that was made here, before a restart.
  func adopt(_ kept: KeptConnection) { byID[kept.provider]?.adopt(kept) }

  /// The address at which this server shows what stands at a provider's.
  package static func address(of url: String, at server: PublicURL) -> String {
    guard let scheme = url.range(of: "://") else { return url }
    return "\(server.text)/simulated/\(url[scheme.upperBound...])"
  }
}
