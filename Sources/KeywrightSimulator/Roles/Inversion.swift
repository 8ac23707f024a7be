internal import KeywrightDefinition

/// How a text stands to the template that should have made it.
enum Match {
  case fits
  case differs
  /// Nobody can tell before more is known: a digest of something, say.
  case open
}

extension Template {
  /// Reads a template backwards: finds the values of its names in a text that it made.
  ///
  /// So each parameter's role is known in any spelling: what stands where the template says `$<callback.code>` is the
  /// code, whatever the parameter is called. Names that are known have to agree.
  func match(_ text: String, _ knowledge: inout Knowledge) -> Match {
    Piece.match(
      segments.map { segment in
        switch segment {
        case .literal(let text): .fixed(text)
        case .expression(let expression): .open(expression)
        }
      }, text, &knowledge)
  }
}

extension Expression {
  /// Reads an expression backwards.
  func match(_ text: String, _ knowledge: inout Knowledge) -> Match {
    if isKnown(in: knowledge) {
      let value = value(in: knowledge)
      return value.flatMap(\.text).map { $0.isSameBytes(as: text) } == true ? .fits : .differs
    }
    switch form {
    case .name, .member:
      guard let key = knowledge.key(of: self) else { return .open }
      return bind(key, text, &knowledge)
    case .otherwise(let one, _): return one.match(text, &knowledge)
    case .plus:
      return Piece.match(summands.map { Piece.open($0) }, text, &knowledge)
    case .call(let function, let inner, _):
      switch function.undone(text) {
      case .text(let decoded): return inner.match(decoded, &knowledge)
      case .bytes: return .open
      case .nothing: return .differs
      case nil: return .open
      }
    default: return .open
    }
  }

  /// Takes a text as the value of a name, if the name's type allows it.
  private func bind(_ key: String, _ text: String, _ knowledge: inout Knowledge) -> Match {
    if let field = knowledge.declarations[key] {
      guard let canonical = try? field.canonical(text) else { return .differs }
      knowledge.learn(key, canonical)
    } else {
      knowledge.learn(key, text)
    }
    return .fits
  }

  /// Whether all names that decide the value are known.
  fileprivate func isKnown(in knowledge: Knowledge) -> Bool {
    switch form {
    case .text, .integer, .boolean, .none: return true
    case .otherwise(let one, let other):
      return one.isKnown(in: knowledge)
        && (one.value(in: knowledge) != nil || other.isKnown(in: knowledge))
    case .name, .member:
      if value(in: knowledge) != nil { return true }
      // A field that was left empty is known to be.
      return knowledge.key(of: self).map { knowledge.isAbsent($0) } ?? false
    default: return operands.allSatisfy { $0.isKnown(in: knowledge) }
    }
  }

  private var summands: [Expression] {
    guard case .plus(let one, let other) = form else { return [self] }
    return one.summands + other.summands
  }
}

extension Knowledge {
  /// Whether a name is one of what was filled in, and was left empty.
  func isAbsent(_ name: String) -> Bool {
    texts[name] == nil && declarations.registered.contains(name)
  }
}

/// A stretch of text that is known, or one that an expression made.
private enum Piece {
  case fixed(String)
  case open(Expression)

  /// The text of a piece that is known already.
  private func text(_ knowledge: Knowledge) -> String? {
    switch self {
    case .fixed(let text): text
    case .open(let expression):
      expression.isKnown(in: knowledge) ? expression.value(in: knowledge)?.text : nil
    }
  }

  /// An open piece takes all up to the next one that is known; the last takes the rest.
  static func match(_ pieces: [Piece], _ text: String, _ knowledge: inout Knowledge) -> Match {
    if pieces.count == 1, case .open(let expression) = pieces[0] {
      return expression.match(text, &knowledge)
    }
    var rest = text[...]
    var result = Match.fits
    for (index, piece) in pieces.enumerated() {
      if let known = piece.text(knowledge) {
        guard rest.utf8.starts(with: known.utf8) else { return .differs }
        rest = rest[rest.utf8.index(rest.startIndex, offsetBy: known.utf8.count)...]
        continue
      }
      guard case .open(let expression) = piece else { return .differs }
      var taken = rest
      if index + 1 < pieces.count {
        // Two open pieces side by side can't be told apart.
        guard let next = pieces[index + 1].text(knowledge) else { return .open }
        if next.isEmpty { return .open }
        guard let end = rest.firstRange(of: next)?.lowerBound else { return .differs }
        taken = rest[..<end]
      }
      switch expression.match(String(taken), &knowledge) {
      case .differs: return .differs
      case .open: result = .open
      case .fits: break
      }
      rest = rest[taken.endIndex...]
    }
    return rest.isEmpty ? result : .differs
  }
}

extension Function {
  /// What a function was called on.
  fileprivate enum Origin {
    case text(String)
    /// A digest, say, in which nobody can read.
    case bytes
    /// It never gives this.
    case nothing
  }

  /// What the function was called on; nil where what it gives does not tell.
  fileprivate func undone(_ text: String) -> Origin? {
    switch self {
    case .base64, .base64url: Origin(Encoding.bytes(anyBase64: text))
    case .hex: Origin(Encoding.bytes(hex: text))
    case .url, .form: FormText.pairs("x=\(text)")?.first.map { .text($0.value) } ?? .nothing
    default: nil
    }
  }
}

extension Function.Origin {
  fileprivate init(_ bytes: [UInt8]?) {
    guard let bytes else {
      self = .nothing
      return
    }
    self = String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .bytes
  }
}
