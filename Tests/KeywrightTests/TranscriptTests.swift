import Foundation
import Keywright
import KeywrightCompiler
import KeywrightDefinition
import KeywrightSimulator
import Testing

/// Exchanges written by hand out of the providers' documentation: a wrong fact in a spec shows here, where a simulator that
/// reads the same spec would agree with it.
///
/// Compared are method, URL and body byte by byte and the headers; only what a flow makes anew each time (`{state}`,
/// `{challenge}`, `{verifier}`) is bound where it is first seen. Each header of a request has to be written, but for
/// `Accept`, which counts only where it is.
@Suite("Transcripts")
struct TranscriptTests {
  static let specs = Repository.root.appendingPathComponent("specs").path

  /// All providers of the catalogue, by their ids.
  static let definitions: [String: Definition] = {
    let compiled = (try? SpecFolder([specs]).compiled()) ?? []
    let definitions = compiled.compactMap(\.provider).map(\.definition)
    return Dictionary(uniqueKeysWithValues: definitions.map { ($0.id, $0) })
  }()

  /// Methods without a transcript, and why. There is none.
  static let exceptions: [String: String] = [:]

  @Test("the engine sends and keeps what the documentation says", arguments: Transcript.names)
  func exchange(_ name: String) async throws {
    let transcript = try Transcript(named: name)
    let definition = try #require(Self.definitions[transcript.provider])
    let differences = try await transcript.differences(from: definition)
    if !differences.isEmpty { Issue.record("\(differences.joined(separator: "\n\n"))") }
  }

  @Test("each method of each provider has its transcript")
  func isComplete() {
    let methods = Self.definitions.values.flatMap { definition in
      definition.methods.map { "\(definition.id).\($0.id)" }
    }
    #expect(methods.count >= 26)
    let wanted = Set(methods).subtracting(Self.exceptions.keys)
    let missing = wanted.subtracting(Transcript.names).sorted()
    let idle = Set(Transcript.names).subtracting(wanted).sorted()
    #expect(missing.isEmpty, "without a transcript: \(missing)")
    #expect(idle.isEmpty, "of no method: \(idle)")
  }

  @Test(
    "a transcript names the documentation that it is written out of", arguments: Transcript.names)
  func namesItsSources(_ name: String) throws {
    let sources = try Transcript(named: name).sources
    #expect(!sources.isEmpty && sources.allSatisfy { $0.hasPrefix("https://") }, "\(sources)")
  }

  /// A fact of a spec that is wrong, and what shows it.
  struct WrongFact: Sendable, CustomTestStringConvertible {
    let transcript: String
    let right: String
    let wrong: String
    let sign: String

    var testDescription: String { "\(transcript): \(wrong)" }
  }

  static let wrongFacts = [
    WrongFact(  // a path
      transcript: "gitlab.oauth", right: "$<server>/oauth/token", wrong: "$<server>/oauth/tokens",
      sign: "POST https://gitlab.example.com/oauth/tokens"),
    WrongFact(  // a host
      transcript: "dropbox.oauth", right: "https://www.dropbox.com/oauth2/authorize",
      wrong: "https://api.dropboxapi.com/oauth2/authorize", sign: "the browser goes elsewhere"),
    WrongFact(  // a parameter's name
      transcript: "dropbox.oauth", right: "token_access_type: offline",
      wrong: "access_type: offline", sign: "?access_type=offline&client_id="),
    WrongFact(  // how the client says who it is
      transcript: "slack.oauth", right: "client_authentication: client_secret_basic\n",
      wrong: "client_authentication: client_secret_post\n", sign: "&client_secret="),
    WrongFact(  // the form of a body
      transcript: "notion.oauth", right: "token_body: json\n", wrong: "token_body: form\n",
      sign: "Content-Type: application/x-www-form-urlencoded"),
    WrongFact(  // a header
      transcript: "shopify.token", right: "{ X-Shopify-Access-Token: $<credential.access_token> }",
      wrong: "{ Authorization: Bearer $<credential.access_token> }", sign: "Authorization: Bearer"),
    WrongFact(  // what stands between scopes
      transcript: "shopify.oauth", right: #"scope_separator: ",""#, wrong: #"scope_separator: " ""#,
      sign: "scope=read_products%20write_orders"),
    WrongFact(  // where in an answer something stands
      transcript: "hubspot.oauth", right: "$<body.portalId>", wrong: "$<body.portal_id>",
      sign: "missing_account"),
    WrongFact(  // a scope that is always asked for
      transcript: "gitlab.oauth", right: "required_scopes: [read_user]",
      wrong: "required_scopes: [openid]", sign: "scope=openid"),
    WrongFact(  // the steps of a renewal
      transcript: "docuware.login", right: "renew: repeat", wrong: "renew: person",
      sign: "renewing fails"),
    WrongFact(  // what a new refresh token means
      transcript: "google.oauth", right: "    required_scopes: [openid, email]",
      wrong: "    refresh_token: rotates\n    required_scopes: [openid, email]",
      sign: "what it gives then differs"),
  ]

  @Test("a wrong fact in a spec is seen", arguments: wrongFacts)
  func seesWrongFact(_ fact: WrongFact) async throws {
    let transcript = try Transcript(named: fact.transcript)
    let id = transcript.provider
    let path = "specs/\(id.prefix(1))/\(id).yaml"
    let text = try Repository.text(path)
    #expect(text.contains(fact.right))
    let source = SourceText(name: path, text: text.replacing(fact.right, with: fact.wrong))
    let compilation = compile(source, id: id, in: CompilerContext(root: Self.specs))
    let errors = compilation.diagnostics.map(\.description).joined(separator: "\n")
    let definition = try #require(compilation.provider, "\(errors)").definition
    let differences = try await transcript.differences(from: definition)
    let told = differences.joined(separator: "\n\n")
    #expect(told.contains(fact.sign), "\(told)")
  }
}
