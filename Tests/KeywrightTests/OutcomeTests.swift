import HTTPTypes
import Keywright
import KeywrightTesting
import KeywrightZ
import Testing

/// What one attempt may have done at the provider: never sent, rejected, or nobody knows.
@Suite("The outcome of an attempt")
struct OutcomeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let outcome: CannedTransport.Outcome
    let expected: AuthorizationError.Outcome
    let isTransient: Bool
    var testDescription: String { name }

    init(
      _ name: String, _ status: Int, _ body: String, retryAfter: String? = nil,
      _ expected: AuthorizationError.Outcome, isTransient: Bool
    ) {
      self.name = name
      var headers: HTTPFields = [.contentType: "application/json"]
      headers[.retryAfter] = retryAfter
      outcome = .answer(
        TransportAnswer(status: status, headers: headers, body: Array(body.utf8)))
      self.expected = expected
      self.isTransient = isTransient
    }

    init(
      _ name: String, _ reason: TransportError.Reason, _ expected: AuthorizationError.Outcome,
      isTransient: Bool = true
    ) {
      self.name = name
      outcome = .failure(TransportError(reason, "it ended"))
      self.expected = expected
      self.isTransient = isTransient
    }
  }

  static let cases = [
    Case("no connection", .unreachable, .neverSent),
    Case("a request that may not be sent", .refused, .neverSent, isTransient: false),
    Case("a connection that ended", .interrupted, .ambiguous),
    Case("a deadline that passed", .timedOut, .ambiguous),
    Case("an answer without end", .tooLarge, .ambiguous),
    Case("an OAuth error", 400, #"{"error":"invalid_grant"}"#, .rejected, isTransient: false),
    Case(
      "an OAuth error with status 500", 500, #"{"error":"server_error"}"#, .rejected,
      isTransient: true),
    Case(
      "an OAuth error with status 200", 200, #"{"error":"invalid_grant"}"#, .rejected,
      isTransient: false),
    Case("429", 429, "", retryAfter: "5", .rejected, isTransient: true),
    Case("429 without words", 429, "", .rejected, isTransient: true),
    Case("413", 413, "", .rejected, isTransient: false),
    Case("503 that asks for rest", 503, "<html>", retryAfter: "5", .rejected, isTransient: true),
    Case("503 as it is", 503, "<html>", .ambiguous, isTransient: true),
    Case("502 of something between", 502, "<html>", .ambiguous, isTransient: true),
    Case(
      "a page with status 200", 200, "<html><title>Log in</title>", .ambiguous, isTransient: true),
    Case("an answer that is cut off", 200, #"{"access_token":"a"#, .ambiguous, isTransient: true),
    Case("no token with status 200", 200, "{}", .ambiguous, isTransient: true),
    Case("401 without words", 401, "", .rejected, isTransient: false),
  ]

  @Test("is one of three, by what came back", arguments: cases)
  func outcome(_ row: Case) async throws {
    let connection = try await Flow().finish(token: .json(ConnectionTests.token))
    let error = await #expect(throws: AuthorizationError.self) {
      try await connection.renewed(
        client: Flow.client, over: CannedTransport([row.outcome]),
        in: Flow.surroundings(at: 1_700_003_600))
    }
    #expect(error?.outcome == row.expected, "\(error?.description ?? "")")
    #expect(error?.isTransient == row.isTransient, "\(error?.description ?? "")")
    #expect(error?.stage == "renew")
  }

  @Test(
    "Retry-After is seconds or a date, and at most an hour",
    arguments: [
      ("5", 5), ("0", 0), ("99999", 3_600), ("999999999999999999999", 3_600), ("-1", nil),
      ("soon", nil), ("1.5", nil), ("", nil), ("Tue, 14 Nov 2023 23:13:40 GMT", 20),
      ("Tue, 14 Nov 2023 22:13:20 GMT", 0), ("Mon, 01 Jan 2029 00:00:00 GMT", 3_600),
    ] as [(String, Int64?)])
  func retryAfter(_ text: String, _ seconds: Int64?) async throws {
    let connection = try await Flow().finish(token: .json(ConnectionTests.token))
    let answer = TransportAnswer(status: 429, headers: [.retryAfter: text], body: [])
    let error = await #expect(throws: AuthorizationError.self) {
      try await connection.renewed(
        client: Flow.client, over: CannedTransport([answer]),
        in: Flow.surroundings(at: 1_700_003_600))
    }
    #expect(error?.retryAfter == seconds)
  }
}
