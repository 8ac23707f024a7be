/// An integer as the value of a field, for generated files: Swift's own has another initializer of that form.
public struct FieldInteger: FieldValue, Hashable {
  /// The integer.
  public let value: Int

  /// Wraps an integer.
  public init(_ value: Int) { self.value = value }

  /// Reads digits, with a `-` before them or without.
  public init(_ text: String) throws(FieldFailure) {
    guard let value = Int64(strict: text).flatMap({ Int(exactly: $0) }) else {
      throw FieldFailure(type: "integer", reason: "wanted an integer, such as '42'")
    }
    self.value = value
  }

  /// Its digits.
  public var fieldText: String { String(value) }
}

/// A truth value as the value of a field, for generated files.
public struct FieldTruth: FieldValue, Hashable {
  /// The truth value.
  public let value: Bool

  /// Wraps a truth value.
  public init(_ value: Bool) { self.value = value }

  /// Reads `true` or `false`.
  public init(_ text: String) throws(FieldFailure) {
    guard text == "true" || text == "false" else {
      throw FieldFailure(type: "boolean", reason: "wanted 'true' or 'false'")
    }
    value = text == "true"
  }

  /// `true` or `false`.
  public var fieldText: String { value ? "true" : "false" }
}

/// A list as the value of a field.
public struct FieldList<Element: FieldValue>: FieldValue, ExpressibleByArrayLiteral {
  /// The elements, in their order.
  public let elements: [Element]

  /// A list of some elements.
  public init(_ elements: [Element]) { self.elements = elements }

  /// A list of some elements.
  public init(arrayLiteral elements: Element...) { self.elements = elements }

  /// Reads a JSON array of texts.
  public init(_ text: String) throws(FieldFailure) {
    guard case .array(let texts)? = try? JSON(reading: text) else {
      throw FieldFailure(type: "list", reason: "wanted a JSON array of texts")
    }
    var elements: [Element] = []
    for element in texts {
      guard let text = element.scalarText else {
        throw FieldFailure(type: "list", reason: "wanted a JSON array of texts")
      }
      elements.append(try Element(text))
    }
    self.elements = elements
  }

  /// A JSON array of texts.
  public var fieldText: String {
    JSON.array(elements.map { .string($0.fieldText) }).compactText
  }
}
