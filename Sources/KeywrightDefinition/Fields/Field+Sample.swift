extension Field {
  /// A value that fits: the spec's example, or one made by the type and the pattern.
  package var sample: String {
    if let example, let text = try? canonical(example) { return text }
    if let standard = standard?.literalText, let text = try? canonical(standard) { return text }
    if let choice = choices.first { return choice.value }
    if let pattern {
      return isList ? JSON.array([.string(pattern.sample)]).compactText : pattern.sample
    }
    let single = sampleOfType
    return isList ? JSON.array([.string(single)]).compactText : single
  }

  private var sampleOfType: String {
    let label = name.replacing("_", with: "-")
    let host = under.first.map { "\(label).\($0)" } ?? "\(label).simulated.example"
    switch type {
    case .text, .secret: return "simulated-\(label)"
    case .integer: return "42"
    case .boolean: return "true"
    case .choice: return ""
    case .email: return "ada@example.com"
    case .uuid: return "6f1d7c1e-8a1b-4c0e-9d57-2b8c4f0a9e31"
    case .hostLabel: return "acme"
    case .host: return host
    case .origin: return "https://\(host)"
    case .url: return "https://\(host)/\(label)"
    }
  }
}
