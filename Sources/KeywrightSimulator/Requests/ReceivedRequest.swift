internal import HTTPTypes
internal import KeywrightDefinition

/// A request as a provider gets it, read once.
struct ReceivedRequest: Sendable {
  let method: String
  let url: URLParts
  let headers: HTTPFields
  let body: [UInt8]
  let query: [(name: String, value: String)]
  let form: [(name: String, value: String)]
  let json: JSON?
  let xml: XMLElement?

  /// Reads a request; nil where its URL or its query can't be decoded.
  init?(_ request: HTTPRequest, body: [UInt8]?) {
    let text = "\(request.scheme ?? "https")://\(request.authority ?? "")\(request.path ?? "/")"
    guard let url = try? URLParts(reading: text) else { return nil }
    self.init(method: request.method.rawValue, url: url, headers: request.headerFields, body: body)
  }

  /// A browser's request, of the URL that it shows: the query may stand behind a `#` (a page reads it there).
  init?(browsing text: String) {
    guard let url = try? URLParts(reading: text) else { return nil }
    self.init(method: "GET", url: url, headers: [:], body: nil)
  }

  private init?(method: String, url: URLParts, headers: HTTPFields, body: [UInt8]?) {
    let fragment = url.fragment.flatMap { fragment in
      fragment.firstIndex(of: "?").map { String(fragment[fragment.index(after: $0)...]) }
    }
    guard
      let query = FormText.pairs([url.query, fragment].compactMap { $0 }.joined(separator: "&"))
    else { return nil }
    self.method = method
    self.url = url
    self.headers = headers
    self.query = query
    self.body = body ?? []
    let label = headers[.contentType]?.asciiLowered ?? ""
    form =
      label.contains("x-www-form-urlencoded") || label.isEmpty
      ? String(validating: self.body, as: UTF8.self).flatMap(FormText.pairs) ?? [] : []
    json = label.contains("json") ? try? JSON(reading: self.body) : nil
    xml = label.contains("xml") ? try? XMLElement(reading: self.body) : nil
  }

  /// What stands in a place; more than one value where it is repeated.
  func values(at place: Place) -> [String] {
    switch place {
    case .query(let name): query.filter { $0.name.isSameBytes(as: name) }.map(\.value)
    case .form(let name): form.filter { $0.name.isSameBytes(as: name) }.map(\.value)
    case .header(let name):
      HTTPField.Name(name).map { name in headers.filter { $0.name == name }.map(\.value) } ?? []
    case .cookie(let name): cookies.filter { $0.name.isSameBytes(as: name) }.map(\.value)
    case .json(let path): json?.at(path).map { [$0.scalarText ?? $0.compactText] } ?? []
    case .xml(let path): xml.map { $0.texts(at: path[...]) } ?? []
    case .text: [String(decoding: body, as: UTF8.self)]
    }
  }

  private var cookies: [(name: String, value: String)] {
    headers.filter { $0.name == .cookie }.flatMap { field in
      field.value.split(separator: ";").compactMap { pair in
        let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        return (String(halves[0]).trimmingSpaces, String(halves[1]))
      }
    }
  }

  /// What a carrier of the definition reads as `request`.
  var value: Value {
    .record([
      "method": .text(method), "host": .text(url.origin.authority), "path": .text(url.path),
      "query": .pairs(query.map { Value.Pair($0.name, $0.value) }), "body": .bytes(body),
      "url": .text(url.description),
    ])
  }
}

/// Where a value stands in a request.
enum Place: Sendable, Hashable {
  case query(String), form(String), header(String), cookie(String)
  /// Names and indices, from the root down.
  case json([String])
  /// Element names from the root down; the last may be `@attribute`.
  case xml([String])
  /// The whole body.
  case text

  /// Whether it is part of the body.
  var isBody: Bool {
    switch self {
    case .header, .query, .cookie: false
    case .form, .json, .xml, .text: true
    }
  }

  /// How a refusal names it.
  var name: String {
    switch self {
    case .query(let name), .form(let name): name
    case .header(let name): "the header \(name)"
    case .cookie(let name): "the cookie \(name)"
    case .json(let path), .xml(let path): path.joined(separator: ".")
    case .text: "the body"
    }
  }
}

extension JSON {
  fileprivate func at(_ path: [String]) -> JSON? {
    var json = self
    for element in path {
      guard let next = json[element] ?? Int(element).flatMap({ json[$0] }) else { return nil }
      json = next
    }
    return json == .null ? nil : json
  }
}

extension XMLElement {
  fileprivate func texts(at path: ArraySlice<String>) -> [String] {
    guard let first = path.first, first.isSameBytes(as: name) else { return [] }
    let rest = path.dropFirst()
    if rest.isEmpty { return [text] }
    if rest.count == 1, let last = rest.first, last.hasPrefix("@") {
      return [attribute(String(last.dropFirst()))].compactMap { $0 }
    }
    return children.flatMap { $0.texts(at: rest) }
  }
}

extension String {
  fileprivate var trimmingSpaces: String { String(drop { $0 == " " }) }
}
