import HTTPTypes
import Keywright
import KeywrightDefinition
import KeywrightTesting
import KeywrightZ
import Testing

@Suite("The token answer")
struct TokenAnswerTests {
  private func error(_ answer: TransportAnswer) async throws -> AuthorizationError {
    let error = await #expect(throws: AuthorizationError.self) {
      try await Flow().finish(token: answer)
    }
    return try #require(error)
  }

  @Test("RFC 6749 §5.1: the parts are taken as they are")
  func success() async throws {
    let connection = try await Flow().finish(
      token: .json(
        #"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"Bearer","expires_in":3600,"refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA","example_parameter":"example_value"}"#
      ))
    #expect(connection.credential?.accessToken == Secret("2YotnFZFEjr1zCsicMWpAA"))
    #expect(connection.credential?.refreshToken == Secret("tGzv3JOkF0XG5Qx2TlKWIA"))
    #expect(connection.credential?.expiresAt == UnixTime(seconds: 1_700_000_060 + 3_600))
    #expect(connection.grantedScopes == ["users:read", "read"])
    #expect(connection.warnings == [])
  }

  @Test("RFC 6749 §5.1's own example is refused: its token type is 'example'")
  func example() async throws {
    let error = try await error(
      .json(
        #"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"example","expires_in":3600,"refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA","example_parameter":"example_value"}"#
      ))
    #expect(error.code == .unacceptedAnswer)
    #expect(error.message.contains("token_type"))
  }

  @Test(
    "a token type that is missing counts as bearer, in any case",
    arguments: ["", #","token_type":"BeArEr""#])
  func tokenType(_ member: String) async throws {
    let connection = try await Flow().finish(
      token: .json(#"{"access_token":"a1","expires_in":5184000\#(member)}"#))
    #expect(connection.credential?.accessToken == Secret("a1"))
  }

  @Test(
    "a lifetime is digits, as a number or as text",
    arguments: [
      ("3599", 3_599), ("\"3599\"", 3_599), ("0", 0), ("99999999999999999", 315_360_000),
      ("\"3600abc\"", nil), ("\"-5\"", nil), ("-5", nil), ("1e400", nil), ("true", nil),
      ("3600.5", nil), ("[]", nil), ("99999999999999999999999", nil),
    ] as [(String, Int64?)])
  func lifetime(_ text: String, _ seconds: Int64?) async throws {
    let connection = try await Flow().finish(
      token: .json(#"{"access_token":"a1","refresh_token":"r1","expires_in":\#(text)}"#))
    let credential = try #require(connection.credential)
    #expect(credential.accessToken == Secret("a1"))
    #expect(credential.expiresAt == seconds.map { UnixTime(seconds: 1_700_000_060 + $0) })
    #expect(connection.warnings.isEmpty == (seconds != nil))
  }

  @Test(
    "granted scopes are read from a text with spaces or commas and from a list",
    arguments: [
      (#""repo,user:email""#, ["repo", "user:email"]),
      (#"["repo","user:email"]"#, ["repo", "user:email"]),
      (#""user:email repo""#, ["user:email", "repo"]), (#""""#, []),
      ("null", ["users:read", "read"]),
    ] as [(String, [String])])
  func scopes(_ text: String, _ expected: [String]) async throws {
    let connection = try await Flow().finish(
      token: .json(#"{"access_token":"a1","scope":\#(text)}"#))
    #expect(connection.grantedScopes == expected)
  }

  @Test("what was not granted is known")
  func missing() async throws {
    let flow = try Flow(scopes: [.read, .ticketsRead])
    let connection = try await flow.finish(
      token: .json(#"{"access_token":"a1","scope":"tickets:read"}"#))
    #expect(connection.missingScopes == ["users:read", "read"])
  }

  @Test(
    "no access token, no connection, whatever the status says",
    arguments: [
      (#"{"error":"bad_verification_code","error_description":"x"}"#, "refused"),
      ("{}", "missing_credential"),
      ("", "unreadable_answer"), (#"{"access_token":""}"#, "missing_credential"),
      (#"{"access_token":7}"#, "missing_credential"),
      (#"{"access_token":null}"#, "missing_credential"),
      ("[]", "missing_credential"), ("null", "missing_credential"), ("\"a\"", "missing_credential"),
      (#"{"access_token":"a","access_token":"b"}"#, "unreadable_answer"),
      (#"{"access_token":"a"} x"#, "unreadable_answer"),
      (#"{"access_token":"a","token_type":"mac"}"#, "unaccepted_answer"),
    ])
  func refusals(_ body: String, _ code: String) async throws {
    #expect(try await error(.json(body)).code.text == code)
  }

  @Test(
    "RFC 6749 §5.2: each error code is a code of ours",
    arguments: [
      "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "invalid_scope",
      "unsupported_grant_type",
    ])
  func codes(_ code: String) async throws {
    let error = try await error(
      .json(#"{"error":"\#(code)","error_description":"Why not"}"#, status: 400))
    #expect(error.code.text == code)
    #expect(error.providerCode == code)
    #expect(error.providerDescription == "Why not")
    #expect(error.status == 400)
    #expect(error.stage == "exchange")
    #expect(!error.nextStep.isEmpty)
  }

  @Test("an error that is an object is survived, and its words are shown")
  func errorObject() async throws {
    let error = try await error(
      .json(
        #"{"error":{"message":"This code has expired.","type":"AuthException","code":100}}"#,
        status: 400))
    #expect(error.code == .refused)
    #expect(error.providerCode == "100")
    #expect(error.providerDescription == "This code has expired.")
  }

  @Test(
    "a page is an unreadable answer that says so",
    arguments: ["<!DOCTYPE html><title>Maintenance</title>"])
  func page(_ text: String) async throws {
    let error = try await error(.json(text))
    #expect(error.code == .unreadableAnswer)
    #expect(error.status == 200)
    #expect(error.message.contains("a page titled 'Maintenance'"))
  }

  @Test("JSON labelled as text is taken; the format decides")
  func label() async throws {
    let answer = TransportAnswer(
      status: 200, headers: [.contentType: "text/plain"],
      body: Array(#"{"access_token":"a1"}"#.utf8))
    #expect(try await Flow().finish(token: answer).credential?.accessToken == Secret("a1"))
  }

  @Test("a form where JSON is wanted is an error that proposes the format")
  func form() async throws {
    let answer = TransportAnswer(
      status: 200, headers: [:], body: Array("access_token=a%2F1&token_type=bearer".utf8))
    let error = try await error(answer)
    #expect(error.code == .unreadableAnswer)
    #expect(error.message.contains("format: form"))
    #expect(!error.description.contains("a%2F1"))
  }

  @Test("a redirect is not followed", arguments: [301, 302, 307, 308])
  func redirect(_ status: Int) async throws {
    let transport = CannedTransport([
      TransportAnswer(status: status, headers: [.location: "https://evil.test/"], body: [])
    ])
    let error = await #expect(throws: AuthorizationError.self) {
      try await Flow().finish("code=c&state=STATE", over: transport)
    }
    #expect(error?.status == status)
    #expect(error?.message.contains("redirect") == true)
    #expect(transport.seen.count == 1)
  }

  @Test("a promised refresh token that does not come is said at once")
  func promise() async throws {
    let connection = try await Flow().finish(
      token: .json(#"{"access_token":"a1","token_type":"bearer","expires_in":3600}"#))
    #expect(connection.warnings.count == 1)
    let error = await #expect(throws: AuthorizationError.self) {
      try await connection.renewed(client: Flow.client, over: UnreachableTransport())
    }
    #expect(error?.code == .personNeeded)
  }

  @Test(
    "no answer brings a secret into an error, by any way of printing it",
    arguments: [
      #"{"access_token":"CANARY-token","token_type":7}"#, #"{"access_token":"CANARY-tok"#,
      #"{"error":"invalid_grant","error_description":"code c0de-CANARY and CANARY-client-secret"}"#,
      #"{"error":"CANARY-client-secret","message":"CANARY%2Dclient%2Dsecret"}"#,
      #"{"error":{"message":"secret is CANARY-client-secret"}}"#,
      "<title>CANARY-client-secret</title>",
      "access_token=CANARY-token",
    ])
  func canaries(_ body: String) async throws {
    let flow = try Flow()
    let error = await #expect(throws: AuthorizationError.self) {
      try await flow.finish("code=c0de-CANARY&state=STATE", over: CannedTransport([.json(body)]))
    }
    var dumped = ""
    dump(error, to: &dumped)
    for text in ["\(error as Any)", String(reflecting: error), dumped] {
      #expect(!text.contains("CANARY-") && !text.contains("-CANARY"), "\(text)")
    }
  }
}
