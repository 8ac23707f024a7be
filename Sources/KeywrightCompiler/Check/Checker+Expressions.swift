import KeywrightDefinition

extension MethodChecker {
  /// What is known of an expression; errors of its names and types are told.
  mutating func analyze(_ expression: Expression, at path: Path, _ place: Standpoint) -> Analysis {
    switch expression.form {
    case .text: return Analysis(kind: .text)
    case .integer: return Analysis(kind: .integer)
    case .boolean: return Analysis(kind: .boolean)
    case .none: return Analysis(kind: .nothing)
    case .name(let name): return read(name, nil, expression, at: path, place)
    case .member(let base, let member):
      return analyze(member: member, of: base, in: expression, at: path, place)
    case .call(let function, let receiver, let arguments):
      return call(function, on: receiver, arguments, in: expression, at: path, place)
    case .not(let one): return truths([one], at: path, place)
    case .and(let one, let other), .or(let one, let other):
      return truths([one, other], at: path, place)
    case .equals(let one, let other), .differs(let one, let other):
      return compare(one, other, in: expression, at: path, place)
    case .otherwise: return answer(expression, at: path, place)
    case .plus(let one, let other): return add(one, other, in: expression, at: path, place)
    case .minus(let one, let other): return subtract(one, other, in: expression, at: path, place)
    }
  }

  // MARK: Names

  private mutating func read(
    _ name: String, _ member: String?, _ expression: Expression, at path: Path,
    _ place: Standpoint
  ) -> Analysis {
    if !unreadSecrets.isEmpty { unreadSecrets.removeAll { $0 == name } }
    switch place.look(up: name, member: member) {
    case .success(let known):
      let use = Use(
        name: name, member: member, known: known, path: path, range: expression.range)
      let isMissing = known.mayBeAbsent && !place.isPresent(known, named: use.text)
      return Analysis(use, isMissing: isMissing)
    case .failure(let problem):
      unknownCount += 1
      report(problem, of: name, member, at: path, range: expression.range, place)
      return .unknown
    }
  }

  private mutating func analyze(
    member: Expression.Member, of base: Expression, in expression: Expression, at path: Path,
    _ place: Standpoint
  ) -> Analysis {
    let text =
      switch member {
      case .name(let name): name
      case .index(let index): String(index)
      }
    if case .name(let name) = base.form {
      if Self.groups.contains(name) { return read(name, text, expression, at: path, place) }
      if let field = place.filled[name]?.field ?? place.made[name]?.field, field.type == .choice,
        !field.isList
      {
        return attribute(text, of: field.value, name, expression, at: path, place)
      }
      return element(of: read(name, nil, expression, at: path, place), text, expression, at: path)
    }
    // `credentials.NAME.PART`
    if case .member(let root, .name(let name)) = base.form, root.form == .name("credentials"),
      case .success = place.look(up: "credentials", member: name)
    {
      return part(text, of: name, expression, at: path, place)
    }
    return element(
      of: analyze(base, at: path, place), text, expression, at: path)
  }

  /// Names of the language that are read by a member.
  private static let groups = [
    "callback", "cookie", "credential", "credentials", "header", "pkce", "request", "status",
    "connection", "integration",
  ]

  private mutating func part(
    _ part: String, of name: String, _ expression: Expression, at path: Path, _ place: Standpoint
  ) -> Analysis {
    switch place.part(part, of: name) {
    case .success(var known):
      known.mayBeAbsent = method.rule(name)?.isOptional ?? false
      let use = Use(
        name: "credentials.\(name)", member: part, known: known, path: path,
        range: expression.range)
      let isMissing = known.mayBeAbsent && !place.isPresent(known, named: use.text)
      return Analysis(use, isMissing: isMissing)
    case .failure(let problem):
      unknownCount += 1
      report(problem, of: "credentials.\(name)", part, at: path, range: expression.range, place)
      return .unknown
    }
  }

  /// A constant that comes with a choice.
  private mutating func attribute(
    _ name: String, of field: Field, _ choice: String, _ expression: Expression, at path: Path,
    _ place: Standpoint
  ) -> Analysis {
    var analysis = read(choice, nil, expression, at: path, place)
    let having = field.choices.filter { $0.attribute(name) != nil }
    guard !having.isEmpty else {
      unknownCount += 1
      let known = Set(field.choices.flatMap { $0.attributes.map(\.name) }).sorted()
      report(
        .noMember(known: known), of: choice, name, at: path, range: expression.range, place)
      return .unknown
    }
    guard var use = analysis.uses.first else { return analysis }
    use = Use(
      name: choice, member: name, known: use.known, path: path, range: expression.range)
    analysis.uses = [use]
    let isFilledWhole = having.count == field.choices.count
    if !isFilledWhole || !analysis.absent.isEmpty { analysis.absent = [use] }
    return analysis
  }

  private mutating func element(
    of base: Analysis, _ member: String, _ expression: Expression, at path: Path
  ) -> Analysis {
    switch base.kind {
    case .dynamic, .unknown: return base
    case .list:
      if member == "last" || Int(member) != nil { return base.becoming(.dynamic) }
      report(
        "a list has elements by number and '.last'; it has no '\(member)'", code: "unknown-member",
        at: path, range: expression.range)
    default:
      report(
        "\(base.kind.name) has no '\(member)'", code: "unknown-member", at: path,
        range: expression.range)
    }
    unknownCount += 1
    return base.becoming(.unknown)
  }

  // MARK: Operators

  private mutating func truths(
    _ operands: [Expression], at path: Path, _ place: Standpoint
  ) -> Analysis {
    var result = Analysis(kind: .boolean)
    for operand in operands {
      let analysis = analyze(operand, at: path, place)
      if analysis.kind != .boolean, !analysis.kind.adapts {
        report(
          "\(analysis.kind.name) where a condition is wanted; compare it, as in "
            + "'\(operand) != none'", code: "type-mismatch", at: path, range: operand.range)
      }
      result.uses += analysis.uses
    }
    return result
  }

  private mutating func compare(
    _ one: Expression, _ other: Expression, in expression: Expression, at path: Path,
    _ place: Standpoint
  ) -> Analysis {
    let left = analyze(one, at: path, place)
    let right = analyze(other, at: path, place)
    if left.kind != right.kind, !left.kind.adapts, !right.kind.adapts,
      !(left.kind.isNumber && right.kind.isNumber)
    {
      report(
        "\(left.kind.name) and \(right.kind.name) are never equal"
          + hint(comparing: one, left, other, right),
        code: "type-mismatch", at: path, range: expression.range)
    }
    checkChoice(one, other, at: path, place)
    checkChoice(other, one, at: path, place)
    // One bit of it is no secret, and what is absent is answered by the comparison.
    var uses = left.uses + right.uses
    for index in uses.indices { uses[index].known.secrecy = [] }
    return Analysis(kind: .boolean, uses: uses)
  }

  private func hint(
    comparing one: Expression, _ left: Analysis, _ other: Expression, _ right: Analysis
  ) -> String {
    for (expression, kind) in [(one, right.kind), (other, left.kind)] {
      guard case .text(let text) = expression.form else { continue }
      if kind.isNumber, Int64(strict: text) != nil { return "; write \(text) without quotes" }
      if kind == .boolean, text == "true" || text == "false" {
        return "; write \(text) without quotes"
      }
    }
    return ""
  }

  /// A value that a choice does not have is a slip.
  private mutating func checkChoice(
    _ one: Expression, _ other: Expression, at path: Path, _ place: Standpoint
  ) {
    guard case .name(let name) = one.form, case .text(let text) = other.form,
      let field = place.filled[name]?.field, field.type == .choice, !field.isList,
      !field.choices.contains(where: { $0.value == text })
    else { return }
    let known = field.choices.map(\.value)
    report(
      "'\(name)' is never '\(text)'" + didYouMean(text, among: known)
        + (nearest(to: text, among: known) == nil
          ? "; it is \(known.map { "'\($0)'" }.joined(separator: " or "))" : ""),
      code: "unknown-choice", at: path, range: other.range)
  }

  private mutating func answer(
    _ expression: Expression, at path: Path, _ place: Standpoint
  ) -> Analysis {
    let members = expression.alternatives
    let analyses = members.map { analyze($0, at: path, place) }
    var kind = ValueKind.unknown
    for (member, analysis) in zip(members, analyses) {
      let next = analysis.kind
      if kind.adapts {
        if kind == .unknown || kind == .nothing || !next.adapts { kind = next }
      } else if !next.adapts, next != kind, !(kind.isNumber && next.isNumber) {
        report(
          "'else' joins \(kind.name) and \(next.name); both sides have one type",
          code: "type-mismatch", at: path, range: member.range)
      }
    }
    let isAnswered = isCovered(members, place)
    return Analysis(
      kind: kind, uses: analyses.flatMap(\.uses),
      absent: isAnswered ? [] : analyses.last?.absent ?? [])
  }

  private mutating func add(
    _ one: Expression, _ other: Expression, in expression: Expression, at path: Path,
    _ place: Standpoint
  ) -> Analysis {
    let left = analyze(one, at: path, place)
    let right = analyze(other, at: path, place)
    let kind: ValueKind
    switch (left.kind, right.kind) {
    case (.bytes, .text), (.text, .bytes), (.bytes, .bytes), (.bytes, .dynamic), (.dynamic, .bytes):
      kind = .bytes
    case (.instant, .instant):
      kind = .unknown
      report(
        "two instants are not added; an instant and a length of time are", code: "type-mismatch",
        at: path, range: expression.range)
    case (.instant, let next) where next.isNumber || next.adapts,
      (let next, .instant) where next.isNumber || next.adapts:
      kind = .instant
    case (let one, let other) where one.isNumber && other.isNumber:
      kind = one == .duration || other == .duration ? .duration : .integer
    case (let one, .dynamic) where one.isNumber, (.dynamic, let one) where one.isNumber: kind = one
    case (.bytes, let next) where next.isNumber, (let next, .bytes) where next.isNumber:
      kind = .bytes
    case (.text, let next) where next.isNumber, (let next, .text) where next.isNumber: kind = .text
    case (.text, .text), (.text, .dynamic), (.dynamic, .text), (.dynamic, .dynamic): kind = .text
    case (let one, let other) where one.adapts && other.adapts: kind = .unknown
    case (let one, .nothing), (.nothing, let one): kind = one
    case (.unknown, let one), (let one, .unknown): kind = one
    default:
      kind = .unknown
      report(
        "'+' joins texts or bytes, or adds integers; found \(left.kind.name) and "
          + "\(right.kind.name)", code: "type-mismatch", at: path, range: expression.range)
    }
    return Analysis(kind: kind, uses: left.uses + right.uses, absent: left.absent + right.absent)
  }

  private mutating func subtract(
    _ one: Expression, _ other: Expression, in expression: Expression, at path: Path,
    _ place: Standpoint
  ) -> Analysis {
    let left = analyze(one, at: path, place)
    let right = analyze(other, at: path, place)
    for (operand, analysis) in [(one, left), (other, right)]
    where !analysis.kind.isNumber && !analysis.kind.adapts {
      report(
        "'-' subtracts integers; found \(analysis.kind.name)", code: "type-mismatch", at: path,
        range: operand.range)
    }
    let kind: ValueKind =
      switch (left.kind, right.kind) {
      case (.instant, .instant): .duration
      case (.instant, _): .instant
      case (_, .duration): .duration
      default: .integer
      }
    return Analysis(kind: kind, uses: left.uses + right.uses, absent: left.absent + right.absent)
  }

  // MARK: Functions

  private mutating func call(
    _ function: Function, on receiver: Expression, _ arguments: [Expression],
    in expression: Expression, at path: Path, _ place: Standpoint
  ) -> Analysis {
    let base = analyze(receiver, at: path, place)
    guard let signature = function.signature else { return .unknown }
    check(base.kind, fits: signature.receiver, function, at: path, range: receiver.range)
    var result = base
    var key: Analysis?
    for (index, argument) in arguments.enumerated() {
      let wanted = signature.arguments[min(index, signature.arguments.count - 1)]
      var place = place
      if case .condition = wanted { place.hasItem = true }
      let analysis = analyze(argument, at: path, place)
      result.uses += analysis.uses
      if case .condition = wanted {
        checkTruth(analysis, argument, at: path)
      } else {
        result.absent += analysis.absent
      }
      if case .bytes = wanted { key = analysis }
    }
    if let key { hide(&result, key: key) }
    result.kind = self.kind(of: signature.result, function, base.kind, arguments)
    return result
  }

  /// What a keyed digest gives is public where its key is a secret; it speaks for whom the key belongs to.
  private func hide(_ result: inout Analysis, key: Analysis) {
    let owners = key.known.secrecy
    guard !owners.isEmpty else { return }
    for index in result.uses.indices {
      result.uses[index].known.secrecy = []
      result.uses[index].known.signature.formUnion(owners)
    }
  }

  private mutating func check(
    _ found: ValueKind, fits wanted: Function.Kind, _ function: Function, at path: Path,
    range: Range<Int>
  ) {
    let isFit: Bool =
      switch wanted {
      case .text: found == .text || found.isNumber || (found == .bytes && function.takesBytes)
      case .bytes: found == .text || found == .bytes || found.isNumber
      case .integer, .time: found.isNumber || found == .text
      case .list: found == .list
      case .pairs: found == .pairs
      default: found != .bytes && found != .group
      }
    if isFit || found.adapts { return }
    let what = wanted == .list ? "a list" : wanted == .pairs ? "the pairs of a query" : "a text"
    report(
      "'\(function.rawValue)' is called on \(found.name); wanted \(what)", code: "type-mismatch",
      at: path, range: range)
  }

  private func kind(
    of result: Function.Kind, _ function: Function, _ receiver: ValueKind,
    _ arguments: [Expression]
  ) -> ValueKind {
    switch result {
    case .text:
      return function == .time && arguments.first?.form == .text("milliseconds")
        ? .integer : .text
    case .integer: return receiver == .duration || receiver == .instant ? receiver : .integer
    case .boolean: return .boolean
    case .bytes: return .bytes
    case .list: return .list
    case .pairs: return .pairs
    case .same: return receiver == .bytes ? .bytes : .text
    case .element, .dynamic, .any: return .dynamic
    case .time:
      guard case .text(let format)? = arguments.first?.form else { return .unknown }
      if format == "milliseconds" { return .integer }
      return Function.instantFormats.contains(format) ? .instant : .duration
    }
  }
}

extension Function {
  /// Whether a function of texts takes bytes as well.
  fileprivate var takesBytes: Bool { self == .first || self == .last }
}

extension Expression {
  /// The members of a chain of `else`, or the expression itself.
  var alternatives: [Expression] {
    guard case .otherwise(let one, let other) = form else { return [self] }
    return one.alternatives + [other]
  }
}
