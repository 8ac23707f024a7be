extension Pattern {
  /// A text that matches: for pages and for simulated providers, where a spec gives no example.
  ///
  /// What may be repeated stands eight times, as far as that is allowed, so that it looks like something.
  package var sample: String {
    var reader = PatternReader(text)
    return (try? reader.pattern())?.sample ?? ""
  }
}

extension PatternSyntax {
  fileprivate var sample: String {
    switch self {
    case .scalar(let set): String(set.sample)
    case .sequence(let parts): parts.map(\.sample).joined()
    case .alternatives(let choices): choices.first?.sample ?? ""
    case .repetition(let part, let least, let most):
      String(
        repeating: part.sample, count: Swift.min(most ?? .max, Swift.max(least, most == 1 ? 0 : 8)))
    case .firstGroup(let part): part.sample
    }
  }
}

extension ScalarSet {
  /// A letter or a digit where there is one, else the first.
  fileprivate var sample: Character {
    let familiar = "a1A-_. ".unicodeScalars.first(where: contains)
    let first = ranges.first.flatMap { Unicode.Scalar($0.lowerBound) }
    return Character(familiar ?? first ?? "a")
  }
}
