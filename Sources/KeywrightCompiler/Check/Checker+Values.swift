import KeywrightDefinition

extension MethodChecker {
  // MARK: Templates

  @discardableResult
  mutating func check(
    _ template: Template, at path: Path, _ place: Standpoint, isLenient: Bool = false,
    isTyped: Bool = false
  ) -> [Use] {
    analyze(template, at: path, place, isLenient: isLenient, isTyped: isTyped).uses
  }

  /// What is known of a template.
  /// - Parameters:
  ///   - isLenient: whether an absent value leaves the entry out.
  ///   - isTyped: whether a value that stands alone keeps its type, as in JSON.
  mutating func analyze(
    _ template: Template, at path: Path, _ place: Standpoint, isLenient: Bool = false,
    isTyped: Bool = false
  ) -> Analysis {
    checkLiterals(of: template, at: path)
    var result = Analysis(kind: .text)
    let isSole = template.segments.count == 1
    for case .expression(let expression) in template.segments {
      let analysis = analyze(expression, at: path, place)
      result.uses += analysis.uses
      result.absent += analysis.absent
      if isSole { result.kind = analysis.kind }
      if isSole, isTyped { continue }
      refuseTextless(analysis, expression, at: path)
    }
    if !isLenient {
      for use in result.absent {
        report(
          "'\(use.text)' may be absent; answer that with 'else', as in '\(use.text) else none'",
          code: "may-be-absent", at: use.path, range: use.range)
      }
    }
    return result
  }

  mutating func refuseTextless(
    _ analysis: Analysis, _ expression: Expression, at path: Path
  ) {
    switch analysis.kind {
    case .bytes:
      report(
        "bytes in a text; encode them, as with '.base64()' or '.hex()'", code: "bytes-in-text",
        at: path, range: expression.range)
    case .list:
      report(
        "a list in a text; join it, as with '.join(\",\")'", code: "list-in-text", at: path,
        range: expression.range)
    case .pairs, .group:
      report(
        "\(analysis.kind.name) in a text", code: "list-in-text", at: path,
        range: expression.range)
    default: break
    }
  }

  /// Placeholders of other tools are literal text here, and nobody means that.
  /// - Returns: whether there is one.
  @discardableResult
  mutating func checkLiterals(
    of template: Template, at path: Path, isURL: Bool = false
  ) -> Bool {
    var found = false
    for segment in template.segments {
      guard case .literal(let text) = segment,
        let name = text.foreignPlaceholder(isURL: isURL, isValue: { filled[$0] != nil })
      else { continue }
      found = true
      unknownCount += 1
      let whole = Array(tree.node(at: path).text?.utf8 ?? "".utf8)
      let written = Array(name.written.utf8)
      let start = whole.indices.first { whole[$0...].starts(with: written) }
      report(
        "'\(name.written)' is literal text here; a value is written '$<\(name.name)>'",
        code: "foreign-placeholder", at: path, range: start.map { $0..<$0 + written.count })
    }
    return found
  }

  /// Checks entries of a query, header or form; a list there repeats its entry.
  @discardableResult
  mutating func check(
    _ entries: [Entry], at path: @autoclosure () -> Path, _ place: Standpoint
  ) -> [Use] {
    if entries.isEmpty { return [] }
    let path = path().shared
    var uses: [Use] = []
    for entry in entries {
      let path = path.key(entry.name)
      let analysis = analyze(entry.value, at: path, place, isTyped: true)
      uses += analysis.uses
      guard let expression = entry.value.soleExpression else { continue }
      if analysis.kind != .list { refuseTextless(analysis, expression, at: path) }
    }
    return uses
  }

  mutating func check(_ json: JSONTemplate, at path: Path, _ place: Standpoint) -> [Use] {
    switch json {
    case .literal: return []
    case .template(let template):
      let analysis = analyze(template, at: path, place, isTyped: true)
      if let expression = template.soleExpression, analysis.kind != .list {
        refuseTextless(analysis, expression, at: path)
      }
      return analysis.uses
    case .array(let elements):
      return elements.enumerated().flatMap { check($1, at: path.index($0), place) }
    case .object(let members):
      return members.flatMap { check($0.value, at: path.key($0.name), place) }
    }
  }

  // MARK: Conditions

  mutating func check(_ condition: Expression, at path: Path, _ place: Standpoint) {
    checkTruth(analyze(condition, at: path, place), condition, at: path)
  }

  mutating func checkTruth(_ analysis: Analysis, _ condition: Expression, at path: Path) {
    if analysis.kind == .boolean || analysis.kind.adapts { return }
    report(
      "\(analysis.kind.name) where a condition is wanted; compare it, as in '\(condition) != none'",
      code: "type-mismatch", at: path, range: condition.range)
  }

  mutating func check(
    _ error: ErrorPlace?, at path: @autoclosure () -> Path, _ place: Standpoint
  ) {
    guard let error else { return }
    let path = path()
    for (key, template) in [("code", error.code), ("description", error.description)] {
      if let template { check(template, at: path.key(key), place, isLenient: true) }
    }
    for (key, condition) in [("permanent", error.permanent), ("declined", error.declined)] {
      if let condition { check(condition, at: path.key(key), place) }
    }
  }

  // MARK: Made and saved values

  /// A value that lasts for the flow, or for one carrier.
  mutating func make(_ field: Field, of step: Step?, at path: Path, _ place: inout Standpoint) {
    let path = path.key(field.name)
    if filled[field.name] != nil || place.made[field.name] != nil {
      report(
        "'\(field.name)' is declared already; a method declares a name once",
        code: "duplicate-name", at: path)
    }
    guard let from = field.from else {
      report(
        "'\(field.name)' without its 'from', the template that it is made of", code: "missing-key",
        at: path)
      return
    }
    if !field.hasType, let text = from.literalText,
      FieldType(rawValue: text.hasPrefix("list of ") ? String(text.dropFirst(8)) : text) != nil
    {
      report(
        "'\(text)' is a type's name, and a template here; a declared value is written "
          + "'{ from: …, type: \(text) }'", code: "type-as-template", at: path)
    }
    checkAttributes(of: field, at: path)
    let fromPath = tree.node(at: path).isMap ? path.key("from") : path
    let analysis = analyze(from, at: fromPath, place, isLenient: true, isTyped: true)
    place.made[field.name] = known(
      field, analysis, of: step, isCredential: isCredential(field, from, of: step))
  }

  mutating func save(_ field: Field, of step: Step, at path: Path, _ place: inout Standpoint) {
    let path = path.key(field.name)
    if filled[field.name] != nil {
      report(
        "'\(field.name)' is filled in already; a method declares a name once",
        code: "duplicate-name", at: path)
    } else if let known = place.made[field.name], !known.isKept {
      report(
        "'\(field.name)' is made by 'let' already; a method declares a name once",
        code: "duplicate-name", at: path)
    } else if let earlier = place.made[field.name]?.field,
      earlier.type != field.type || earlier.isList != field.isList
    {
      report(
        "'\(field.name)' is saved as '\(earlier.value.typeName)' before, and as "
          + "'\(field.typeName)' here; it has one type", code: "save-type", at: path)
    }
    checkAttributes(of: field, at: path)
    guard let from = field.from else { return }
    let analysis = analyze(from, at: path.key("from"), place, isLenient: true, isTyped: true)
    let isCredential = isCredential(field, from, of: step)
    var known = known(field, analysis, of: step, isCredential: isCredential)
    known.isKept = true
    if let standard = field.standard {
      let uses = check(standard, at: path.key("default"), place, isLenient: true)
      for use in uses { known.secrecy.formUnion(use.known.secrecy) }
    }
    // Where nothing comes this time, what was saved before stays.
    if let earlier = place.made[field.name] { known.join(earlier) }
    place.made[field.name] = known
  }

  /// Whether a credential takes the value as a secret part: by its path in this step, or by the value's name in any.
  private func isCredential(_ field: Field, _ from: Template, of step: Step?) -> Bool {
    func hasSecret(_ step: Step, where holds: (Template) -> Bool) -> Bool {
      step.credentials.contains { credential in
        credential.parts.contains { part in
          holds(part.value) && !CredentialTemplate.publicParts.contains(part.name)
        }
      }
    }
    if let step, hasSecret(step, where: { $0 == from }) { return true }
    if filled[field.name] != nil { return false }
    func isTaken(in steps: [Step]) -> Bool {
      steps.indices.contains { hasSecret(steps[$0]) { $0.reads(field.name) } }
    }
    return isTaken(in: method.authorize) || isTaken(in: method.exchange)
  }

  /// A declared type makes public only what an answer or callback gave; what was made of a secret that somebody filled
  /// in stays secret, and what a person or callback gave stays theirs to prove.
  private func known(
    _ field: Field, _ analysis: Analysis, of step: Step?, isCredential: Bool
  ) -> Known {
    var known = Known(kind: field.hasType ? ValueKind(field) : analysis.kind)
    known.field = field.hasType ? Shared(field) : nil
    let isDeclared = field.hasType && !field.isSecret && !isCredential
    for use in analysis.uses {
      let isOutside = use.known.sources.isSubset(of: [.answer, .callback])
      if !(isDeclared && isOutside) { known.secrecy.formUnion(use.known.secrecy) }
      known.signature.formUnion(use.known.signature)
      known.sources.formUnion(use.known.sources)
      known.host = max(known.host, use.known.host)
    }
    if field.isSecret || isCredential, known.secrecy.isEmpty { known.secrecy = .person }
    if !field.under.isEmpty || field.type == .choice { known.host = .fixed }
    known.mayBeAbsent =
      step?.condition != nil
      || (field.standard == nil && (field.isOptional || !analysis.absent.isEmpty))
    known.condition = step?.condition
    return known
  }

  // MARK: Credentials

  mutating func check(
    _ credentials: [CredentialTemplate], at path: Path, _ place: inout Standpoint, isCertain: Bool
  ) {
    let names = method.credentials.compactMap(\.name)
    for (index, credential) in credentials.enumerated() {
      let path = path.index(index).shared
      checkName(of: credential, among: names, at: path, place)
      let name = credential.name ?? place.current ?? names.first ?? ""
      var parts = place.credentials[name] ?? KnownNames()
      for part in credential.parts {
        let analysis = analyze(
          part.value, at: path.key(part.name), place, isLenient: true, isTyped: true)
        checkKind(of: part, analysis, at: path.key(part.name))
        parts[part.name] = known(part: part.name, analysis)
      }
      place.credentials[name] = parts
      guard place.stage == .exchange, credential.name != nil else { continue }
      place.current = name
      place.makings.append((name, isCertain))
    }
  }

  private mutating func checkName(
    of credential: CredentialTemplate, among names: [String], at path: Path, _ place: Standpoint
  ) {
    if let name = credential.name {
      if names.contains(name) { return }
      report(
        names.isEmpty
          ? "a credential with a name, but the method has no 'credentials: { \(name): {} }'"
          : "'credentials' has no '\(name)'" + didYouMean(name, among: names),
        code: "unknown-credential", at: path.key("name"), fix: nearest(to: name, among: names))
    } else if !names.isEmpty, place.stage != .renew {
      report(
        "which credential is it? Write 'name: \(names[0])'; 'credentials' has "
          + names.joined(separator: ", "), code: "unnamed-credential", at: path)
    }
  }

  private func known(part: String, _ analysis: Analysis) -> Known {
    var known = analysis.known
    // Times and scopes are shown; but what was filled in stays as secret as it is.
    let isGiven = known.sources.isSubset(of: [.answer, .callback])
    if isGiven, CredentialTemplate.publicParts.contains(part) { known.secrecy = [] }
    known.sources = .credential
    known.signature = []
    switch part {
    case "scopes": known.kind = .list
    case "expires_at": known.kind = .instant
    case "expires_in", "refresh_expires_in": known.kind = .duration
    default:
      known.kind = .text
      if known.secrecy.isEmpty { known.secrecy = .person }
    }
    return known
  }

  /// A time part takes the right kind of time.
  private mutating func checkKind(of part: Entry, _ analysis: Analysis, at path: Path) {
    let wanted: ValueKind
    switch part.name {
    case "expires_at": wanted = .instant
    case "expires_in", "refresh_expires_in": wanted = .duration
    default:
      if let expression = part.value.soleExpression, part.name != "scopes" {
        refuseTextless(analysis, expression, at: path)
      }
      return
    }
    if let text = part.value.literalText {
      if wanted == .duration, text == "unknown" || Int64(strict: text).map({ $0 >= 0 }) == true {
        return
      }
      report(
        "'\(part.name)' is \(wanted == .instant ? "an instant" : "a number of seconds, 'unknown'"), "
          + "or a template of the answer; found '\(text)'", code: "time-kind", at: path)
      return
    }
    let found = analysis.kind
    if found == wanted || found.adapts || found == .integer
      || (found == .text && wanted == .duration)
    {
      return
    }
    let way =
      wanted == .instant
      ? "'expires_at' takes an instant, 'expires_in' a length of time"
      : "'expires_in' takes a length of time, 'expires_at' an instant"
    report("\(found.name) in '\(part.name)'; \(way)", code: "time-kind", at: path)
  }
}

extension Field {
  /// Its type as a spec writes it.
  fileprivate var typeName: String { (isList ? "list of " : "") + type.rawValue }
}

extension Known {
  /// Whether the connection keeps it.
  var isKept: Bool {
    get { sources.contains(.kept) }
    set { if newValue { sources.insert(.kept) } else { sources.remove(.kept) } }
  }
}

extension Sources {
  /// Saved with the connection.
  static let kept = Sources(rawValue: 128)
}

extension String {
  /// The first `${name}` or `{{name}}` in a text, with its name; `{name}` too in a URL, and where a value has that name.
  fileprivate func foreignPlaceholder(
    isURL: Bool, isValue: (String) -> Bool
  ) -> (written: String, name: String)? {
    guard holds(UInt8(ascii: "{")) else { return nil }
    let bytes = Array(utf8)
    for (open, close) in [("${", "}"), ("{{", "}}"), ("{", "}")] {
      let (start, end) = (Array(open.utf8), Array(close.utf8))
      guard bytes.count > start.count + end.count else { continue }
      for index in 0...(bytes.count - start.count)
      where bytes[index..<index + start.count].elementsEqual(start) {
        let rest = bytes[(index + start.count)...]
        let name = rest.drop { $0 == 0x20 }.prefix {
          $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
        let tail = bytes[name.endIndex...].drop { $0 == 0x20 }
        guard let first = name.first, first.isLetter, tail.starts(with: end) else { continue }
        if open == "{", !isURL, !isValue(String(decoding: name, as: UTF8.self)) { continue }
        let written = bytes[index..<(tail.startIndex + end.count)]
        return (String(decoding: written, as: UTF8.self), String(decoding: name, as: UTF8.self))
      }
    }
    return nil
  }
}
