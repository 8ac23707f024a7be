internal import KeywrightDefinition

/// The fields of a method by the names that callers give them: the spec's own first, then those that Nango's users
/// know, then any of both in another case and with other separators.
struct FieldNames {
  private let known: [String]
  private let theirs: [(name: String, field: String)]

  init(_ fields: [Field], _ keys: [KeywrightDefinition.Catalogue.Entry.NangoKey]) {
    let known = fields.filter { !$0.isGenerated }.map(\.name)
    self.known = known
    theirs = keys.flatMap(\.fields).filter { known.contains($0.value) }
      .map { (name: $0.key, field: $0.value) }
  }

  /// Two names for one field, or one name that could be two.
  struct Clash: Error {
    let name: String
    let message: String
  }

  /// What was given, under the spec's names; a name that is nobody's stays as it is, for whoever refuses it.
  func resolved(_ given: [String: String]) throws(Clash) -> [String: String] {
    var result: [String: String] = [:]
    var origins: [String: String] = [:]
    // The spec's own names first: of two for one field the other one is at fault.
    let order = given.keys.sorted {
      (known.contains($0) ? 0 : 1, $0) < (known.contains($1) ? 0 : 1, $1)
    }
    for name in order {
      let field = try field(name)
      if let other = origins.updateValue(name, forKey: field) {
        throw Clash(name: name, message: "'\(other)' and '\(name)' are both the field '\(field)'")
      }
      result[field] = given[name]
    }
    return result
  }

  private func field(_ name: String) throws(Clash) -> String {
    if known.contains(name) { return name }
    var candidates = Set(theirs.filter { $0.name == name }.map(\.field))
    if candidates.isEmpty, let plain = Self.folded(name) {
      candidates = Set(
        known.filter { Self.folded($0) == plain }
          + theirs.filter { Self.folded($0.name) == plain }.map(\.field))
    }
    guard candidates.count <= 1 else {
      throw Clash(
        name: name,
        message:
          "'\(name)' could be \(candidates.sorted().map { "'\($0)'" }.joined(separator: " or "))")
    }
    return candidates.first ?? name
  }

  /// A name without case and separators; nil where nothing is left of it.
  private static func folded(_ name: String) -> String? {
    let bytes = name.asciiLowered.utf8.filter { $0 >= 0x80 || $0.isLetter || $0.isDigit }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}

extension Broker {
  /// What whoever connects has filled in, under the spec's names.
  func asked(
    _ given: [String: String], of method: Method, _ provider: String
  ) throws(APIError) -> [String: String] {
    do throws(FieldNames.Clash) {
      let fields = try FieldNames(method.ask, providers.nangoKeys(of: method.id, provider))
        .resolved(given)
      // Frontends send a name and a password, the one empty where a provider wants the other alone.
      return fields.filter { name, text in
        !text.isEmpty || method.ask.contains { $0.name == name }
      }
    } catch { throw Self.invalid(error.name, error.message) }
  }

  /// Adds what an integration fills in itself; who says something else is told.
  static func fill(
    _ fields: inout [String: String], of integration: Integration
  ) throws(APIError) {
    for (name, text) in integration.filled.sorted(by: { $0.key < $1.key }) {
      if let given = fields.updateValue(text, forKey: name), !given.isEmpty, given != text {
        throw invalid(name, "'\(name)' is '\(text)' for the integration '\(integration.key)'")
      }
    }
  }
}
