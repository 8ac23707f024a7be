extension Function {
  /// Applies the function; nil where the value can't be converted, so that `else` can answer it.
  ///
  /// Functions over `item` are applied by the expression, which knows how to bind it.
  func apply(to value: Value, _ arguments: [Value], in bindings: any Bindings) -> Value? {
    switch self {
    case .lower: value.text.map { .text($0.asciiLowered) }
    case .upper: value.text.map { .text($0.asciiUppered) }
    case .trim: value.text.map { .text($0.trimmed) }
    case .first, .last: arguments[0].integer.flatMap { value.cut(to: $0, fromEnd: self == .last) }
    case .split: value.text.flatMap { text in arguments[0].text.flatMap { text.parts(at: $0) } }
    case .capture: value.text.flatMap { capture($0, arguments[0]) }
    case .replace: replace(value.text, arguments[0].text, arguments[1].text)
    case .join: value.elements.flatMap { join($0, arguments[0].text) }
    case .base64: value.bytes.map { .text(Encoding.base64($0)) }
    case .base64url: value.bytes.map { .text(Encoding.base64URL($0)) }
    case .hex: value.bytes.map { .text(Encoding.hex($0)) }
    case .json: value.json.map { .text($0.compactText) }
    case .url: value.text.map { .text(Encoding.percent($0)) }
    case .form: value.text.map { .text(Encoding.form($0)) }
    case .fromBase64: value.text.flatMap { Encoding.bytes(anyBase64: $0) }.map { .bytes($0) }
    case .fromHex: value.text.flatMap { Encoding.bytes(hex: $0) }.map { .bytes($0) }
    case .positive: value.integer.flatMap { $0 > 0 ? .integer($0) : nil }
    case .md5, .sha1, .sha256, .sha512, .hmacSHA1, .hmacSHA256, .hmacSHA512:
      digest(value, arguments.first, bindings)
    case .claims: value.text.flatMap { Self.claims(of: $0) }
    case .host, .origin, .wellKnown: url(value.text, arguments.first?.text)
    case .without, .plainQuery, .canonicalQuery: pairs(value, arguments)
    case .time: value.integer.flatMap { Self.time($0, as: arguments[0].text ?? "") }
    case .seconds: value.text.flatMap { Self.seconds(of: $0, as: arguments[0].text ?? "") }
    case .count: value.elements.map { .integer(Int64($0.count)) }
    case .find, .filter, .any, .fromJSON, .sign, .fingerprint, .thumbprint: nil
    }
  }

  // MARK: Text

  private func capture(_ text: String, _ pattern: Value) -> Value? {
    let pattern = pattern.text.flatMap { try? Pattern($0) }
    return pattern?.capture(in: text).map { .text($0) }
  }

  private func replace(_ text: String?, _ old: String?, _ new: String?) -> Value? {
    guard let text, let old, let new else { return nil }
    return old.isEmpty ? .text(text) : .text(text.pieces(at: old).joined(separator: new))
  }

  private func join(_ elements: [Value], _ separator: String?) -> Value? {
    let texts = elements.compactMap(\.text)
    guard let separator, texts.count == elements.count else { return nil }
    return .text(texts.joined(separator: separator))
  }

  // MARK: Digests, tokens, URLs

  private func digest(_ value: Value, _ key: Value?, _ bindings: any Bindings) -> Value? {
    guard let message = value.bytes else { return nil }
    var keyBytes: [UInt8]?
    if let key {
      guard let bytes = key.bytes else { return nil }
      keyBytes = bytes
    }
    let name = rawValue.hasPrefix("hmac_") ? String(rawValue.dropFirst("hmac_".count)) : rawValue
    return bindings.digest(message, key: keyBytes, by: name).map { .bytes($0) }
  }

  /// The claims of a JWT, which nobody verified; nil where there are none.
  package static func claims(of token: String) -> Value? {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let bytes = Encoding.bytes(base64URL: String(parts[1])),
      case .object(let members)? = try? JSON(reading: bytes)
    else { return nil }
    return .dynamic(.object(members))
  }

  private func url(_ text: String?, _ name: String?) -> Value? {
    guard let parts = text.flatMap({ try? URLParts(reading: $0) }) else { return nil }
    switch self {
    case .host: return .text(parts.origin.host)
    case .origin: return .text(parts.origin.description)
    default:
      let path = parts.path.hasSuffix("/") ? String(parts.path.dropLast()) : parts.path
      return name.map { .text("\(parts.origin)/.well-known/\($0)\(path)") }
    }
  }

  private func pairs(_ value: Value, _ arguments: [Value]) -> Value? {
    guard case .pairs(let pairs) = value else { return nil }
    let sorted = pairs.enumerated().sorted { one, other in
      let isBefore = one.element.name.utf8.lexicographicallyPrecedes(other.element.name.utf8)
      let isSame = one.element.name.isSameBytes(as: other.element.name)
      return isSame ? one.offset < other.offset : isBefore
    }.map { (name: $0.element.name, value: $0.element.value) }
    switch self {
    case .without:
      let names = arguments.compactMap(\.text)
      return .pairs(pairs.filter { pair in !names.contains { $0.isSameBytes(as: pair.name) } })
    case .plainQuery: return .text(FormText.text(sorted, encode: { $0 }))
    default: return .text(FormText.text(sorted, encode: Encoding.percent))
    }
  }

  // MARK: Time

  private static func time(_ seconds: Int64, as format: String) -> Value? {
    switch format {
    case "milliseconds":
      let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
      return overflow ? nil : .integer(product)
    case "iso8601": return CalendarTime(seconds: seconds).map { .text($0.iso8601) }
    case "iso8601_basic": return CalendarTime(seconds: seconds).map { .text($0.basic) }
    case "rfc1123": return CalendarTime(seconds: seconds).map { .text($0.rfc1123) }
    default: return nil
    }
  }

  private static func seconds(of text: String, as format: String) -> Value? {
    func times(_ factor: Int64) -> Value? {
      guard let number = Int64(strict: text) else { return nil }
      let (product, overflow) = number.multipliedReportingOverflow(by: factor)
      return overflow ? nil : .integer(product)
    }
    switch format {
    case "iso8601": return CalendarTime(iso8601: text).map { .integer($0.seconds) }
    case "rfc1123": return CalendarTime(rfc1123: text).map { .integer($0.seconds) }
    case "milliseconds":
      // Rounded down, also below zero: an instant is never told later than it is.
      return Int64(strict: text).map { .integer($0 / 1_000 - ($0 % 1_000 < 0 ? 1 : 0)) }
    case "minutes": return times(60)
    case "hours": return times(3_600)
    case "D:HH:MM":
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        .map { Int64(strict: String($0)) }
      guard parts.count == 3, let days = parts[0], let hours = parts[1], let minutes = parts[2],
        (0...100_000).contains(days), (0...23).contains(hours), (0...59).contains(minutes)
      else { return nil }
      return .integer(days * 86_400 + hours * 3_600 + minutes * 60)
    default: return nil
    }
  }
}

extension Value {
  /// So many characters or bytes from one end; all of them where there are fewer.
  fileprivate func cut(to count: Int64, fromEnd: Bool) -> Value? {
    guard count >= 0 else { return nil }
    let limit = Int(clamping: count)
    if case .bytes(let bytes) = self {
      return .bytes(Array(fromEnd ? bytes.suffix(limit) : bytes.prefix(limit)))
    }
    return text.map { text in
      let scalars = text.unicodeScalars
      return .text(
        String(String.UnicodeScalarView(fromEnd ? scalars.suffix(limit) : scalars.prefix(limit))))
    }
  }
}

extension String {
  /// The text without white space at its ends.
  fileprivate var trimmed: String {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
    let scalars = unicodeScalars
    guard let start = scalars.firstIndex(where: { !isSpace($0) }),
      let end = scalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(scalars[start...end])
  }

  fileprivate func parts(at separator: String) -> Value? {
    separator.isEmpty ? nil : .list(pieces(at: separator).map { .text($0) })
  }

  /// The stretches between a separator, compared byte by byte.
  fileprivate func pieces(at separator: String) -> [String] {
    let bytes = Array(utf8)
    let mark = Array(separator.utf8)
    var pieces: [String] = []
    var start = 0
    var position = 0
    while position + mark.count <= bytes.count {
      if bytes[position..<position + mark.count].elementsEqual(mark) {
        pieces.append(String(decoding: bytes[start..<position], as: UTF8.self))
        position += mark.count
        start = position
      } else {
        position += 1
      }
    }
    pieces.append(String(decoding: bytes[start...], as: UTF8.self))
    return pieces
  }
}
