internal import KeywrightDefinition

/// The JSON object that a request carries: read strictly, each member asked for by its name.
struct Body: Sendable {
  let json: JSON

  /// An empty body is an empty object.
  init(_ bytes: [UInt8]) throws(APIError) {
    if bytes.isEmpty {
      json = .object([])
      return
    }
    do {
      json = try JSON(reading: bytes)
    } catch {
      throw APIError.invalidBody("the body is no JSON: \(error.description)")
    }
    guard case .object = json else {
      throw APIError.invalidBody("the body is a JSON object, and this is none")
    }
  }

  init(_ json: JSON) { self.json = json }

  /// Refuses what nobody will read.
  func allow(_ names: Set<String>) throws(APIError) {
    for member in json.members ?? [] where !names.contains(member.name) {
      throw APIError.invalidBody(
        "there is no member '\(member.name)'" + didYouMean(member.name, among: names),
        at: [member.name])
    }
  }

  private func present(_ name: String) -> JSON? {
    guard let value = json[name], value != .null else { return nil }
    return value
  }

  func text(_ name: String) throws(APIError) -> String? {
    guard let value = present(name) else { return nil }
    guard let text = value.text else {
      throw APIError.invalidBody("'\(name)' is a text", at: [name])
    }
    return text
  }

  func required(_ name: String) throws(APIError) -> String {
    guard let text = try text(name), !text.isEmpty else {
      throw APIError.invalidBody("'\(name)' is missing", at: [name])
    }
    return text
  }

  func truth(_ name: String) throws(APIError) -> Bool? {
    guard let value = present(name) else { return nil }
    guard let truth = value.truth else {
      throw APIError.invalidBody("'\(name)' is true or false", at: [name])
    }
    return truth
  }

  func number(_ name: String) throws(APIError) -> Int64? {
    guard let value = present(name) else { return nil }
    guard let number = value.integerValue else {
      throw APIError.invalidBody("'\(name)' is a whole number", at: [name])
    }
    return number
  }

  func texts(_ name: String) throws(APIError) -> [String: String]? {
    guard let value = present(name) else { return nil }
    guard let texts = value.texts else {
      throw APIError.invalidBody("'\(name)' is an object of texts", at: [name])
    }
    return texts
  }

  func list(_ name: String) throws(APIError) -> [String]? {
    guard let value = present(name) else { return nil }
    guard let list = value.textList else {
      throw APIError.invalidBody("'\(name)' is an array of texts", at: [name])
    }
    return list
  }

  func object(_ name: String) throws(APIError) -> JSON? {
    guard let value = present(name) else { return nil }
    guard case .object = value else {
      throw APIError.invalidBody("'\(name)' is an object", at: [name])
    }
    return value
  }

  /// Checks who the connection is for, where the caller says that.
  func checkEndUser() throws(APIError) {
    guard let user = try object("end_user").map(Body.init(_:)) else { return }
    _ = try user.required("id")
    for name in ["email", "display_name"] { _ = try user.text(name) }
  }
}
