/// Why a URL could not be made. It names the expression, never its value.
package enum URLExpansionFailure: Error, Hashable {
  case evaluation(EvaluationFailure)
  /// The value can't stand in that part of a URL.
  case unfit(expression: String, part: URLTemplate.Part)
  /// The result is no URL, or not one of the host that the template says.
  case malformed
}

extension URLTemplate {
  /// Makes the URL: each value is encoded as one component of the part it stands in.
  ///
  /// The origin is put together by itself; the whole is then read again, and must have that origin.
  /// - Parameter base: what a path continues, without a slash at its end.
  package func expanded(
    in bindings: some Bindings, base: String? = nil
  ) throws(URLExpansionFailure) -> URLParts {
    var text = URLUnderConstruction()
    if isPath, let base { text.append(base.withoutFinalSlash) }
    for (index, piece) in pieces.enumerated() {
      switch piece.segment {
      case .literal(let literal): text.append(literal)
      case .expression(let expression):
        let mayHaveDots = isWholeHost(at: index, expression, bindings)
        text.append(
          try Self.encoded(expression, in: piece.part, mayHaveDots: mayHaveDots, bindings))
        if piece.part == .start { text.endOrigin() }
      }
    }
    guard let whole = try? URLParts(reading: text.origin + text.rest),
      let origin = try? URLParts(reading: text.origin), whole.origin == origin.origin
    else { throw .malformed }
    return whole
  }

  /// Whether a value may be a host's whole name: nothing stands beside it, or it is one of the spec's own constants.
  private func isWholeHost(
    at index: Int, _ expression: Expression, _ bindings: some Bindings
  ) -> Bool {
    if expression.isConstantOfChoice(in: bindings) { return true }
    guard index == 1, case .literal(let before) = pieces[0].segment, before.hasSuffix("://") else {
      return false
    }
    guard pieces.count > 2, case .literal(let after) = pieces[2].segment else {
      return pieces.count == 2
    }
    return after.utf8.first.map { "/?#:".utf8.contains($0) } ?? true
  }

  private static func encoded(
    _ expression: Expression, in part: Part, mayHaveDots: Bool, _ bindings: some Bindings
  ) throws(URLExpansionFailure) -> String {
    let unfit = URLExpansionFailure.unfit(expression: expression.description, part: part)
    let value: String?
    do {
      value = try expression.text(in: bindings)
    } catch {
      throw .evaluation(error)
    }
    guard let value else { throw unfit }
    switch part {
    case .start:
      guard let url = try? HTTPSURL(value) else { throw unfit }
      return url.text.withoutFinalSlash
    case .authority:
      if let label = try? HostLabel(value) { return label.text }
      guard mayHaveDots, let host = try? HostName(value) else { throw unfit }
      return host.text
    case .path:
      // A segment of dots alone would climb; percent-encoding leaves dots as they are.
      if value.isEmpty || value.utf8.allSatisfy({ $0 == UInt8(ascii: ".") }) { throw unfit }
      return Encoding.percent(value)
    case .query, .fragment: return Encoding.percent(value)
    }
  }
}

extension Expression {
  /// Whether the value is a choice, or a constant that comes with one: text of the spec itself.
  fileprivate func isConstantOfChoice(in bindings: some Bindings) -> Bool {
    switch form {
    case .otherwise(let one, let other):
      return one.value(in: bindings) == nil
        ? other.isConstantOfChoice(in: bindings) : one.isConstantOfChoice(in: bindings)
    case .member(let base, _):
      guard case .choice? = base.value(in: bindings) else { return false }
      return true
    case .name:
      guard case .choice? = value(in: bindings) else { return false }
      return true
    default: return false
    }
  }
}

/// A URL that is put together piece by piece, its origin apart from the rest.
private struct URLUnderConstruction {
  var origin = ""
  var rest = ""
  private var isPastOrigin = false

  /// Says that the origin is complete: a whole URL stood there, and nothing can be added to its host.
  mutating func endOrigin() { isPastOrigin = true }

  mutating func append(_ text: String) {
    if isPastOrigin {
      rest += text
      return
    }
    let together = Array((origin + text).utf8)
    let start =
      together.starts(with: "https://".utf8)
      ? 8 : together.starts(with: "http://".utf8) ? 7 : together.count
    let end =
      together[min(start, together.count)...]
      .firstIndex { "/?#".utf8.contains($0) } ?? together.count
    origin = String(decoding: together[..<end], as: UTF8.self)
    rest = String(decoding: together[end...], as: UTF8.self)
    isPastOrigin = end < together.count
  }
}

extension String {
  /// The text without a `/` at its end.
  fileprivate var withoutFinalSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
