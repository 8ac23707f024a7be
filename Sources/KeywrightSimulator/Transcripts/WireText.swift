internal import HTTPTypes
internal import Keywright

/// A request or an answer as one writes it down: a first line, headers, an empty line and a body.
struct WireText: Sendable, CustomStringConvertible {
  /// Method and URL, or a status.
  let first: String
  let headers: [(name: String, value: String)]
  /// Empty where there is none.
  let body: String

  /// Reads a text; the line break at its end is not part of the body.
  init(_ text: String) {
    let text = text.hasSuffix("\n") ? String(text.dropLast()) : text
    let halves = text.split(separator: "\n\n", maxSplits: 1)
    let lines = (halves.first ?? "").split(separator: "\n").map(String.init)
    first = lines.first ?? ""
    headers = lines.dropFirst().map { line in
      let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
      return (parts[0], parts.count > 1 ? parts[1] : "")
    }
    body = halves.count > 1 ? String(halves[1]) : ""
  }

  /// What the engine sends.
  init(_ request: HTTPRequest, body: [UInt8]?) {
    let origin = request.authority.map { "\(request.scheme ?? "")://\($0)" } ?? ""
    first = "\(request.method) \(origin)\(request.path ?? "")"
    headers = request.headerFields.map { ($0.name.rawName, $0.value) }
    self.body = String(decoding: body ?? [], as: UTF8.self)
  }

  var description: String {
    let lines = [first] + headers.map { "\($0.name): \($0.value)" }
    return (lines + (body.isEmpty ? [] : ["", body])).joined(separator: "\n")
  }

  /// The request of a consumer's; its path continues the API's base.
  var request: HTTPRequest {
    let words = first.split(separator: " ", maxSplits: 1).map(String.init)
    var request = HTTPRequest(
      method: HTTPRequest.Method(words[0]) ?? .get, path: words.count > 1 ? words[1] : "/")
    request.headerFields = fields
    return request
  }

  /// The answer of a provider's.
  var answer: TransportAnswer {
    TransportAnswer(status: Int(first) ?? 0, headers: fields, body: Array(body.utf8))
  }

  private var fields: HTTPFields {
    var fields = HTTPFields()
    for header in headers {
      if let name = HTTPField.Name(header.name) {
        fields.append(HTTPField(name: name, value: header.value))
      }
    }
    return fields
  }
}
