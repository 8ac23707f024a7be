internal import KeywrightDefinition

/// The query of a request: decoded once, in its order.
struct Query: Sendable {
  let pairs: [(name: String, value: String)]
  /// As it came.
  let text: String

  /// Reads what stands behind the question mark.
  init(_ uri: String) throws(APIError) {
    // On bytes, as all of it: each read of a credential comes by here.
    let start = uri.utf8.firstIndex(of: UInt8(ascii: "?"))
    text = start.map { String(uri[uri.utf8.index(after: $0)...]) } ?? ""
    guard let pairs = FormText.pairs(text) else {
      throw APIError.invalidQuery("the query is not percent-encoded UTF-8")
    }
    self.pairs = pairs
  }

  /// A parameter that stands there at most once; nil where it does not, or is empty.
  func value(_ name: String) throws(APIError) -> String? {
    let values = pairs.filter { $0.name == name }
    guard values.count <= 1 else {
      throw APIError.invalidQuery("'\(name)' is there \(values.count) times", at: [name])
    }
    guard let value = values.first?.value, !value.isEmpty else { return nil }
    return value
  }

  /// Words to search for.
  func words(_ name: String) throws(APIError) -> String? {
    let words = try value(name)
    guard (words?.utf8.count ?? 0) <= 200 else {
      throw APIError.invalidQuery("'\(name)' has 200 bytes at most", at: [name])
    }
    return words
  }

  func required(_ name: String) throws(APIError) -> String {
    guard let value = try value(name) else {
      throw APIError.invalidQuery("'\(name)' is missing", at: [name])
    }
    return value
  }

  /// `true` or `false`; false where it is not there.
  func flag(_ name: String) throws(APIError) -> Bool {
    switch try value(name) {
    case nil, "false"?, "0"?: return false
    case "true"?, "1"?: return true
    default: throw APIError.invalidQuery("'\(name)' is 'true' or 'false'", at: [name])
    }
  }

  func number(_ name: String, in range: ClosedRange<Int64>) throws(APIError) -> Int64? {
    guard let text = try value(name) else { return nil }
    guard let number = Int64(text), range.contains(number) else {
      throw APIError.invalidQuery(
        "'\(name)' is a whole number from \(range.lowerBound) to \(range.upperBound)", at: [name])
    }
    return number
  }

  /// `name[key]=value` as a map.
  func map(_ name: String) throws(APIError) -> [String: String] {
    var result: [String: String] = [:]
    if try value(name) != nil {
      throw APIError.invalidQuery("'\(name)' is written '\(name)[key]=value'", at: [name])
    }
    for pair in pairs where pair.name.hasPrefix(name + "[") && pair.name.hasSuffix("]") {
      let key = String(pair.name.dropFirst(name.count + 1).dropLast())
      guard result.updateValue(pair.value, forKey: key) == nil else {
        throw APIError.invalidQuery("'\(pair.name)' is there more than once", at: [name, key])
      }
    }
    return result
  }
}
