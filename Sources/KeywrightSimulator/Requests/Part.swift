internal import KeywrightDefinition

/// One value that a request of the definition has, and the template that makes it.
struct Part: Sendable {
  /// What puts it there: the request's own step, or what carries the client or a credential.
  enum Origin { case step, client, credential }

  let place: Place
  let template: Template
  let origin: Origin

  init(_ place: Place, _ template: Template, from origin: Origin = .step) {
    self.place = place
    self.template = template
    self.origin = origin
  }

  /// Whether the template reads a name anywhere.
  func reads(_ name: String) -> Bool { template.expressions.contains { $0.reads(name) } }
}

/// The parts that a request of the definition has, and the values that its carrier makes.
struct RequestShape: Sendable {
  private(set) var parts: [Part] = []
  private(set) var made: [Field] = []

  /// The shape of a step's request.
  init(_ request: Request, subject: String?, in method: Method) {
    let isSigned = request.with.isSigned
    if isSigned, let api = method.api {
      add(api.headers, { .header($0) })
      add(api.query, { .query($0) })
      add(method.rule(request.with.name ?? subject)?.headers ?? [], { .header($0) })
    }
    addOwnQuery(of: request.url)
    add(request.query, { .query($0) })
    switch request.body {
    case nil: break
    case .form(let entries): add(entries, { .form($0) })
    case .json(let json): addJSON(json, at: [])
    case .xml(let xml): addXML(xml, at: [])
    case .text(let template): set(Part(.text, template))
    }
    let carrier = method.carrier(of: request.with, credential: subject) ?? .empty
    carry(carrier, on: request)
    add(request.headers, { .header($0) })
  }

  /// The shape of any request to the API that a credential signs.
  init(signedBy rule: CredentialRule?, in method: Method) {
    if let api = method.api {
      add(api.headers, { .header($0) })
      add(api.query, { .query($0) })
    }
    add(rule?.headers ?? [], { .header($0) })
    let carrier = rule?.sign ?? .empty
    made = carrier.made
    add(carrier.headers, { .header($0) }, .credential)
    add(carrier.query, { .query($0) }, .credential)
    add(carrier.cookies, { .cookie($0) }, .credential)
  }

  /// The shape of the browser's request.
  init(_ leave: Leave) {
    addOwnQuery(of: leave.url)
    add(leave.query, { .query($0) })
  }

  private mutating func carry(_ carrier: Carrier, on request: Request) {
    let origin: Part.Origin =
      request.with.isSigned ? .credential : request.with == .client ? .client : .step
    made = carrier.made
    add(carrier.headers, { .header($0) }, origin)
    add(carrier.query, { .query($0) }, origin)
    add(carrier.cookies, { .cookie($0) }, origin)
    let isJSON = if case .json = request.body { true } else { false }
    let isQuery = request.body == nil && request.verb == .get
    add(carrier.form, { isJSON ? .json([$0]) : isQuery ? .query($0) : .form($0) }, origin)
    for member in carrier.json { addJSON(member.value, at: [member.name], origin) }
  }

  private mutating func add(
    _ entries: [Entry], _ place: (String) -> Place, _ origin: Part.Origin = .step
  ) {
    for entry in entries {
      set(Part(place(entry.name), entry.value, from: origin))
    }
  }

  /// The nearer wins: what comes later stands for what was there.
  private mutating func set(_ part: Part) {
    parts.removeAll { $0.place == part.place }
    parts.append(part)
  }

  /// What stands behind the `?` of the URL itself.
  private mutating func addOwnQuery(of url: URLTemplate) {
    let text = url.template.literalText ?? url.template.description
    guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "?")),
      let pairs = FormText.pairs(String(text[text.utf8.index(after: mark)...]))
    else { return }
    for pair in pairs {
      if let template = try? Template(reading: pair.value) {
        set(Part(.query(pair.name), template))
      }
    }
  }

  private mutating func addJSON(
    _ json: JSONTemplate, at path: [String], _ origin: Part.Origin = .step
  ) {
    switch json {
    case .literal(let json):
      if let text = json.scalarText {
        set(Part(.json(path), Template(literal: text), from: origin))
      }
    case .template(let template): set(Part(.json(path), template, from: origin))
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        addJSON(element, at: path + [String(index)], origin)
      }
    case .object(let members):
      for member in members { addJSON(member.value, at: path + [member.name], origin) }
    }
  }

  /// Elements that stand side by side under one name are not told apart, and not looked at.
  private mutating func addXML(_ xml: JSONTemplate, at path: [String]) {
    switch xml {
    case .literal, .array: break
    case .template(let template): set(Part(.xml(path.map(\.localName)), template))
    case .object(let members):
      for member in members where !member.name.hasPrefix("@xmlns") {
        addXML(member.value, at: path + [member.name])
      }
    }
  }
}

extension String {
  /// The name without its prefix.
  fileprivate var localName: String {
    hasPrefix("@")
      ? "@" + String(dropFirst()).localName : split(separator: ":").last.map(String.init) ?? self
  }
}
