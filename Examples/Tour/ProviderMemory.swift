import Foundation
import Hummingbird
import KeywrightCrypto
import KeywrightDefinition

/// What the played provider remembers: which codes and tokens are good.
actor ProviderMemory {
  private struct Grant {
    let challenge: String
    let redirectURI: String
    let scope: String
  }

  private var codes: [String: Grant] = [:]
  private var accessTokens: Set<String> = []
  private var refreshTokens: [String: String] = [:]
  private var counter = 0

  /// The person consents at once; a real provider would show a page.
  func authorize(_ query: [String: String]) -> Response {
    guard query["client_id"] == PlayedProvider.clientID, let redirectURI = query["redirect_uri"],
      let challenge = query["code_challenge"], query["code_challenge_method"] == "S256"
    else { return json(.badRequest, #"{"error":"invalid_request"}"#) }
    let code = fresh("code")
    codes[code] = Grant(
      challenge: challenge, redirectURI: redirectURI, scope: query["scope"] ?? "")
    let state = query["state"] ?? ""
    return Response(
      status: .found, headers: [.location: "\(redirectURI)?code=\(code)&state=\(state)"])
  }

  func token(_ sent: [String: String]) -> Response {
    guard sent["client_id"] == PlayedProvider.clientID,
      sent["client_secret"] == PlayedProvider.clientSecret
    else { return json(.unauthorized, #"{"error":"invalid_client"}"#) }
    switch sent["grant_type"] {
    case "authorization_code":
      // A code works once, whatever comes of it.
      guard let grant = sent["code"].flatMap({ codes.removeValue(forKey: $0) }),
        grant.redirectURI == sent["redirect_uri"], isVerified(sent["code_verifier"], grant)
      else { return json(.badRequest, #"{"error":"invalid_grant"}"#) }
      return issue(grant.scope)
    case "refresh_token":
      guard let scope = sent["refresh_token"].flatMap({ refreshTokens.removeValue(forKey: $0) })
      else { return json(.badRequest, #"{"error":"invalid_grant"}"#) }
      return issue(scope)
    default: return json(.badRequest, #"{"error":"unsupported_grant_type"}"#)
    }
  }

  /// Answers a request to the API that carries a good token: with the person, or with what the person has.
  func answer(_ request: Request) -> Response {
    let token = request.headers[.authorization]?.dropFirst("Bearer ".count)
    guard let token, accessTokens.contains(String(token)) else {
      return json(.unauthorized, #"{"error":"invalid_token"}"#)
    }
    let person = #""id":35436,"login":"ada","name":"Ada Lovelace","email":"ada@example.com""#
    switch request.uri.path.split(separator: "/").last {
    // The shapes in which providers tell whose account it is.
    case "me.json": return json(.ok, "{\"user\":{\(person)}}")
    case "user": return json(.ok, "{\(person)}")
    default: return json(.ok, #"{"tickets":[{"id":1,"subject":"It works"}]}"#)
    }
  }

  private func issue(_ scope: String) -> Response {
    let access = fresh("access")
    let refresh = fresh("refresh")
    accessTokens.insert(access)
    refreshTokens[refresh] = scope
    let text = """
      {"access_token":"\(access)","refresh_token":"\(refresh)","token_type":"bearer",\
      "expires_in":1800,"scope":"\(scope)"}
      """
    return json(.ok, text)
  }

  private func isVerified(_ verifier: String?, _ grant: Grant) -> Bool {
    guard let verifier else { return false }
    let challenge = Encoding.base64URL(digest(Array(verifier.utf8), .sha256))
    return challenge == grant.challenge
  }

  private func fresh(_ kind: String) -> String {
    counter += 1
    return "\(kind)-\(counter)-\(UUID().uuidString.lowercased())"
  }

  private func json(_ status: HTTPResponse.Status, _ text: String) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: .init(byteBuffer: ByteBuffer(string: text)))
  }
}
