internal import KeywrightCrypto
internal import KeywrightDefinition

extension Setup {
  /// Reads what the integrator filled in, for a method's `setup`.
  init(_ client: some ClientSetup, for method: Method) throws(AuthorizationError) {
    var filling = Filling(method, given: client.setupFields.texts)
    for field in method.setup {
      do {
        try filling.fill(field)
      } catch  where error.code == .invalidField && client.setupFields.texts[field.name] == nil {
        throw AuthorizationError(
          .incompleteSetup, "'\(field.name)' (\(field.title ?? field.name)) is missing")
      }
    }
    self.init(values: filling.values)
  }
}

extension Method {
  /// What the person filled in, checked by the declared types.
  func filled(_ fields: ProviderFields...) throws(AuthorizationError) -> [String: String] {
    let given = fields.reduce(into: [String: String]()) { $0.merge($1.texts) { $1 } }
    var filling = Filling(self, given: given)
    for field in ask { try filling.fill(field) }
    return filling.values
  }

  /// What the caller filled in for the browser.
  func hinted(_ fields: ProviderFields) throws(AuthorizationError) -> [String: String] {
    let known = hints.map(\.name)
    if let name = fields.texts.keys.filter({ !known.contains($0) }).min() {
      throw AuthorizationError(
        .invalidField, "the spec has no hint '\(name)'" + didYouMean(name, among: known))
    }
    var filling = Filling(self, given: fields.texts)
    for field in hints where fields.texts[field.name] != nil || field.standard != nil {
      try filling.fill(field)
    }
    return filling.values
  }
}

/// Reads entries field by field: each may depend on those before it.
private struct Filling {
  let method: Method
  let given: [String: String]

  /// Canonical texts, by name.
  private(set) var values: [String: String] = [:]

  init(_ method: Method, given: [String: String]) {
    self.method = method
    self.given = given
  }

  mutating func fill(_ field: Field) throws(AuthorizationError) {
    if let condition = field.condition, condition.truth(in: self) != true { return }
    if field.isGenerated, given[field.name] == nil {
      values[field.name] = try Self.newUUID()
      return
    }
    guard let text = entry(of: field), !text.isEmpty else {
      if field.isOptional { return }
      throw AuthorizationError(
        .invalidField, "'\(field.name)' (\(field.title ?? field.name)) is empty")
    }
    do {
      values[field.name] = try field.canonical(text)
    } catch {
      throw AuthorizationError(.invalidField, "'\(field.name)': \(error.reason)")
    }
  }

  private static func newUUID() throws(AuthorizationError) -> String {
    do {
      return Encoding.uuid(try KeywrightCrypto.randomBytes(16))
    } catch {
      throw AuthorizationError(.incompatible, "the system gave no random bytes: \(error)")
    }
  }

  /// The entry, or what stands in for it.
  private func entry(of field: Field) -> String? {
    if let text = given[field.name], !text.isEmpty { return text }
    guard let standard = field.standard, let value = (try? standard.value(in: self)) ?? nil else {
      return given[field.name]
    }
    return field.text(of: value)
  }
}

extension Filling: Bindings {
  func value(of name: String) -> Value? {
    values[name].map { method.field(name)?.value($0) ?? .text($0) }
  }
}
