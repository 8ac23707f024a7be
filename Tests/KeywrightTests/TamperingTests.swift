import Foundation
import Keywright
import KeywrightDefinition
import Testing

@testable import KeywrightSimulator

/// Each parameter of each request that the catalogue makes, left out, changed and said twice on its way.
///
/// What has to come of it is the RFC's word: 6749 §3.1, §3.2 (nothing more than once), §4.1.2.1 and §5.2 (the codes),
/// 6750 §3.1, 7009 §2.2, 7636 §4.6.
@Suite("What is wrong with a request")
struct TamperingTests {
  /// What has to come of a tampered parameter.
  private enum Expected: Equatable {
    case code(AuthorizationError.Code)
    /// The provider shows a page, and sends nobody back.
    case page
    /// The API refuses the credential, or the request.
    case unauthorized, refusedByAPI
    case nothing
  }

  private static let grants = ["code", "refresh_token", "redirect_uri", "code_verifier"]

  private func expected(
    _ target: TamperedRun.Target, _ tampering: Tampering, in method: Method
  ) -> Expected {
    let name = target.part.place.name
    let template = target.part.template.description
    let isRegistered = method.filled.contains { target.part.reads($0.name) }
    // Of several ways to verify the first that is accepted counts, so another one stands in.
    if target.stage == "verify", method.verify.count > 1 { return .nothing }
    if target.isLeave {
      if ["client_id", "redirect_uri"].contains(name) { return .page }
      switch (name, tampering) {
      // Without its own state nobody takes the callback for an answer; what is said twice is not echoed.
      case ("state", .missing), ("state", .repeated): return .code(.missingState)
      case ("state", .wrong): return .code(.stateMismatch)
      // What may be left out is not missed; what is registered is known to be sent.
      case (_, .missing) where template.hasSuffix("else none>") && !isRegistered: return .nothing
      case (_, .repeated), (_, .missing): return .code(.invalidRequest)
      case ("response_type", .wrong): return .code(.unsupportedGrantType)
      // The person is asked, and the code is bound to another challenge.
      case ("code_challenge", .wrong): return .code(.invalidGrant)
      // What is granted is compared where the token request names it once more.
      case ("scope", .wrong) where method.exchange.contains { $0.readsScopes }:
        return .code(.invalidScope)
      case (_, .wrong):
        let isFree = target.part.template.literalText == nil && !isRegistered
        return isFree ? .nothing : .code(.invalidRequest)
      }
    }
    // RFC 6750 §3.1: a credential that is missing or no good is 401, a request with two of them is 400.
    let isCarrier = template.contains("credential.") && !Self.isToken(target)
    if target.stage == "api" {
      return isCarrier && tampering != .repeated ? .unauthorized : .refusedByAPI
    }
    if isCarrier, tampering != .repeated { return .code(.refused) }
    if target.stage == "revoke", Self.isToken(target), tampering == .wrong { return .nothing }
    // Another query to a GraphQL API is another request: nothing of an account comes.
    if target.stage == "account", tampering == .wrong, Self.isBody(target),
      target.part.template.literalText != nil
    {
      return .code(.missingAccount)
    }
    // Of an answer that nobody reads, the status alone is known.
    if target.isUnread { return .code(.refused) }
    let isClient = template.contains("client_id") || template.contains("client_secret")
    if tampering == .repeated { return .code(.invalidRequest) }
    if isClient { return .code(.invalidClient) }
    if tampering == .missing { return .code(.invalidRequest) }
    if name == "grant_type" { return .code(.unsupportedGrantType) }
    if target.part.template.literalText != nil { return .code(.invalidRequest) }
    if target.part.reads("scopes") { return .code(.invalidScope) }
    return .code(.invalidGrant)
  }

  /// Whether a token stands there as a parameter, and not as what signs.
  private static func isToken(_ target: TamperedRun.Target) -> Bool {
    isBody(target) && target.part.reads("credential")
  }

  private static func isBody(_ target: TamperedRun.Target) -> Bool {
    switch target.part.place {
    case .form, .json: true
    default: false
    }
  }

  @Test(
    "is refused by the RFC's error, which reaches the engine's user as its code",
    arguments: SimulatorTests.methods)
  func tampered(_ name: String) async throws {
    let words = name.split(separator: " ").map(String.init)
    let definition = try #require(SimulatorTests.definitions.first { $0.id == words[0] })
    let run = TamperedRun(definition, try #require(definition.method(words[1])))
    let targets = try await run.targets()
    #expect(!targets.isEmpty)
    for target in targets {
      for tampering in Tampering.allCases {
        if case .json = target.part.place, tampering == .repeated { continue }
        let outcome = await run.outcome(target, tampering)
        let came: Expected? =
          switch outcome {
          case nil: .nothing
          case let error as AuthorizationError: .code(error.code)
          case is SimulatedRefusal: .page
          case let refusal as TamperedRun.APIRefusal:
            refusal.isUnauthorized ? .unauthorized : .refusedByAPI
          default: nil
          }
        #expect(
          came == expected(target, tampering, in: run.method),
          "\(tampering) \(target): \(outcome.map { "\($0)" } ?? "nobody noticed")")
      }
    }
  }
}

extension Step {
  /// Whether the request says once more what is asked for.
  fileprivate var readsScopes: Bool {
    (request?.body?.templates ?? []).contains { template in
      template.expressions.contains { $0.reads("scopes") }
    }
  }
}
