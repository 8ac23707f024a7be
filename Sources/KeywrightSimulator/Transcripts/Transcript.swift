package import KeywrightDefinition

/// What goes over the wire between an application and one provider, written by hand out of the provider's documentation.
///
/// A file of `Tests/Transcripts`, read by the reader of specs. `Tests/Transcripts/README.md` says what stands where.
package struct Transcript: Sendable {
  /// Why a file is no transcript.
  package struct Failure: Error, CustomStringConvertible {
    /// What is wrong with it.
    package let description: String
  }

  /// A request, and what the provider answers to it.
  struct Exchange: Sendable {
    let request: WireText
    let answer: WireText
  }

  /// A request of the consumer's, before and after it is signed.
  struct Call: Sendable {
    let ask: WireText
    let request: WireText
    /// Which credential signs, of a method that has several.
    let credential: String?
  }

  /// The renewal of one credential.
  struct Renewal: Sendable {
    let credential: String?
    let exchanges: [Exchange]
  }

  /// The file's name without its ending, such as `zendesk.oauth`.
  package let name: String
  /// The provider's id.
  package let provider: String
  /// The method's id.
  package let method: String
  /// The pages that it is written out of.
  package let sources: [String]
  let setup: [String: String]
  let ask: [String: String]
  let hints: [String: String]
  /// What the caller asks for; nil where it leaves that to the spec.
  let scopes: [String]?
  let redirectURI: String
  /// Where the browser goes; nil where nobody consents.
  let browser: String?
  /// The query that the browser brings back.
  let callback: String
  let connect: [Exchange]
  /// What the connection holds, by dotted names.
  let gives: [String: String]
  let calls: [Call]
  let renewals: [Renewal]
  /// What it holds after the renewals.
  let givesThen: [String: String]
  let revoke: [Exchange]

  private static let keys: Set = [
    "sources", "provider", "method", "setup", "ask", "hints", "scopes", "redirect_uri", "connect",
    "gives", "call", "renew", "gives_then", "revoke",
  ]

  /// Reads the tree of a file, in which all scalars are texts.
  package init(_ tree: JSON, named name: String) throws {
    guard case .object(let members) = tree else {
      throw Failure(description: "a transcript is a map")
    }
    let unknown = members.map(\.name).filter { !Self.keys.contains($0) }
    guard unknown.isEmpty else { throw Failure(description: "unknown keys: \(unknown)") }
    self.name = name
    provider = tree["provider"]?.text ?? ""
    method = tree["method"]?.text ?? ""
    guard name == "\(provider).\(method)" else {
      throw Failure(description: "the file is named after another method than '\(method)'")
    }
    sources = tree["sources"]?.elements.compactMap(\.text) ?? []
    setup = tree["setup"]?.leaves ?? [:]
    ask = tree["ask"]?.leaves ?? [:]
    hints = tree["hints"]?.leaves ?? [:]
    scopes = tree["scopes"]?.elements.compactMap(\.text)
    redirectURI = tree["redirect_uri"]?.text ?? ""
    let connect = tree["connect"]?.elements ?? []
    browser = connect.first?["browser"]?.text
    callback = connect.first?["callback"]?.text ?? ""
    self.connect = try connect.dropFirst(browser == nil ? 0 : 1).map(Exchange.init)
    gives = tree["gives"]?.leaves ?? [:]
    calls = try (tree["call"]?.elements ?? []).map(Call.init)
    renewals = try Self.renewals(tree["renew"])
    givesThen = tree["gives_then"]?.leaves ?? [:]
    revoke = try (tree["revoke"]?.elements ?? []).map(Exchange.init)
  }

  /// A list of exchanges, or one for each credential.
  private static func renewals(_ tree: JSON?) throws -> [Renewal] {
    switch tree {
    case nil: []
    case .object(let members)?:
      try members.map { member in
        Renewal(
          credential: member.name, exchanges: try member.value.elements.map(Exchange.init))
      }
    case .some(let list):
      [Renewal(credential: nil, exchanges: try list.elements.map(Exchange.init))]
    }
  }
}

extension Transcript.Exchange {
  init(_ tree: JSON) throws {
    guard let request = tree["request"]?.text, let answer = tree["answer"]?.text else {
      throw Transcript.Failure(description: "an exchange has a request and an answer")
    }
    self.init(request: WireText(request), answer: WireText(answer))
  }
}

extension Transcript.Call {
  init(_ tree: JSON) throws {
    guard let ask = tree["ask"]?.text, let request = tree["request"]?.text else {
      throw Transcript.Failure(description: "a call says what is asked and what is sent")
    }
    self.init(
      ask: WireText(ask), request: WireText(request), credential: tree["credential"]?.text)
  }
}

extension JSON {
  fileprivate var elements: [JSON] {
    if case .array(let elements) = self { elements } else { [] }
  }

  /// The texts of a map by dotted names; those of a list are joined by a comma.
  fileprivate var leaves: [String: String] {
    guard case .object(let members) = self else { return [:] }
    var leaves: [String: String] = [:]
    for member in members {
      switch member.value {
      case .string(let text): leaves[member.name] = text
      case .array(let elements):
        leaves[member.name] = elements.compactMap(\.text).joined(separator: ", ")
      default:
        for (name, text) in member.value.leaves { leaves["\(member.name).\(name)"] = text }
      }
    }
    return leaves
  }
}
