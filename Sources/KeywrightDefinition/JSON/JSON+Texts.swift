extension JSON {
  /// An object of texts, sorted by name.
  package static func texts(_ texts: [String: String]) -> JSON {
    .object(texts.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
  }

  /// An array of texts.
  package static func texts(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }

  /// The members of an object; nil where it is anything else.
  package var members: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// The elements of an array; nil where it is anything else.
  package var elements: [JSON]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// The texts of an object; nil where it is anything else.
  package var texts: [String: String]? {
    guard case .object(let members) = self else { return nil }
    var result: [String: String] = [:]
    for member in members {
      guard let text = member.value.text else { return nil }
      result[member.name] = text
    }
    return result
  }

  /// The texts of an array; nil where it is anything else.
  package var textList: [String]? {
    guard case .array(let elements) = self else { return nil }
    let texts = elements.compactMap(\.text)
    return texts.count == elements.count ? texts : nil
  }

  /// A 64-bit integer; nil where it is anything else.
  package var integerValue: Int64? {
    guard case .number(let text) = self else { return nil }
    return Int64(strict: text)
  }

  /// A truth; nil where it is anything else.
  package var truth: Bool? {
    guard case .boolean(let truth) = self else { return nil }
    return truth
  }
}
