internal import KeywrightDefinition

/// An answer that is put together so that a definition's templates find in it what they look for.
///
/// Templates are read backwards here too: to make `$<body.data.id>` a certain value, that value is put there.
struct AnswerDraft {
  /// What is known of the session, for the templates' other names.
  var knowledge: Knowledge

  var status = 200
  var body: JSON?
  private(set) var headers: [(name: String, value: String)] = []
  private(set) var cookies: [(name: String, value: String)] = []

  /// What a callback brings, beside its state.
  private(set) var callback: [(name: String, value: String)] = []

  /// What stands in the redirect URI itself, and so in every callback.
  private var ownQuery: [Value.Pair] = []

  /// Where `item` lies, within a condition over the elements of a list.
  var item: Location?

  init(_ knowledge: Knowledge, example: JSON? = nil) {
    self.knowledge = knowledge
    body = example
  }

  /// Where a value lies: in the body, a header, a cookie or the callback, and the way from there.
  struct Location {
    enum Root { case body, header, cookie, callback }
    enum Step {
      case name(String), index(Int)
      /// Within the claims of the JWT that lies here.
      case claims
    }

    let root: Root
    var steps: [Step] = []

    func adding(_ step: Step) -> Location {
      var location = self
      location.steps.append(step)
      return location
    }
  }

  // MARK: Reading

  /// What the answer makes of the names of a definition.
  var bindings: Knowledge {
    var bindings = knowledge
    bindings.local["status"] = .integer(Int64(status))
    if let body { bindings.local["body"] = .dynamic(body) }
    bindings.local["header"] = .record(Self.record(headers))
    bindings.local["cookie"] = .record(Self.record(cookies))
    if !callback.isEmpty {
      for pair in callback { bindings.texts["callback.\(pair.name)"] = pair.value }
      bindings.callbackQuery = ownQuery + callback.map { Value.Pair($0.name, $0.value) }
    }
    return bindings
  }

  private static func record(_ pairs: [(name: String, value: String)]) -> [String: Value] {
    Dictionary(pairs.map { ($0.name, .text($0.value)) }, uniquingKeysWith: { first, _ in first })
  }

  func holds(_ condition: Expression) -> Bool { condition.truth(in: bindings) == true }

  /// Whether the callback does not bring this yet.
  func isMissing(_ name: String) -> Bool { !callback.contains { $0.name == name } }

  /// Takes the redirect URI's own parameters as part of what the callback brings.
  mutating func surroundQuery(with redirectURI: String?) {
    let query = redirectURI?.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
    ownQuery = (FormText.pairs(String(query)) ?? []).map { Value.Pair($0.name, $0.value) }
  }

  // MARK: Putting

  /// Makes a template give a value; false where it can't be told how.
  @discardableResult
  mutating func put(_ value: JSON, by template: Template) -> Bool {
    if let expression = template.soleExpression { return put(value, by: expression) }
    // Of `prefix$<body.x>suffix`, what stands between.
    guard var text = value.scalarText, template.expressions.count == 1 else { return false }
    var isAfter = false
    for segment in template.segments {
      guard case .literal(let literal) = segment else {
        isAfter = true
        continue
      }
      guard isAfter ? text.hasSuffix(literal) : text.hasPrefix(literal) else { return false }
      text = String(isAfter ? text.dropLast(literal.count) : text.dropFirst(literal.count))
    }
    return put(.string(text), by: template.expressions[0])
  }

  /// Makes an expression give a value.
  @discardableResult
  mutating func put(_ value: JSON, by expression: Expression) -> Bool {
    if let location = locate(expression) { return set(value, at: location) }
    switch expression.form {
    case .otherwise(let one, let other): return put(value, by: one) || put(value, by: other)
    case .member(let list, .index(0)): return put(value, by: list)
    case .plus(let one, let other):
      guard let text = value.scalarText else { return false }
      if let known = one.value(in: knowledge)?.text, text.hasPrefix(known) {
        return put(.string(String(text.dropFirst(known.count))), by: other)
      }
      if let known = other.value(in: knowledge)?.text, text.hasSuffix(known) {
        return put(.string(String(text.dropLast(known.count))), by: one)
      }
      return false
    case .call(let function, let inner, let arguments):
      guard let made = function.argument(for: value, arguments, in: knowledge) else { return false }
      return put(made, by: inner)
    default: return false
    }
  }

  /// Where the value of an expression lies in the answer; nil where it is made of something.
  mutating func locate(_ expression: Expression) -> Location? {
    switch expression.form {
    case .name("body"): return Location(root: .body)
    case .name("item"): return item
    case .member(let base, let member):
      if case .name("header") = base.form, case .name(let name) = member {
        return leaf(.header, .name(FieldName.canonical(name)))
      }
      if case .name("cookie") = base.form { return leaf(.cookie, member) }
      if case .name("callback") = base.form { return leaf(.callback, member) }
      guard let location = locate(base) else { return nil }
      switch member {
      case .name("last"): return location.adding(.index(0))
      case .name(let name): return location.adding(.name(name))
      case .index(let index): return location.adding(.index(index))
      }
    case .call(.claims, let token, _): return locate(token)?.adding(.claims)
    case .call(.find, let list, let conditions):
      guard let element = locate(list)?.adding(.index(0)) else { return nil }
      within(element) { draft in draft.make(conditions[0]) }
      return element
    default: return nil
    }
  }

  private func leaf(_ root: Location.Root, _ member: Expression.Member) -> Location? {
    guard case .name(let name) = member, name != "query" else { return nil }
    return Location(root: root, steps: [.name(name)])
  }

  mutating func within(_ element: Location, _ work: (inout AnswerDraft) -> Void) {
    let outer = item
    item = element
    work(&self)
    item = outer
  }

  /// Whether something lies there already.
  func value(of expression: Expression) -> Value? { expression.value(in: bindings) }

  /// What a template reads from the answer as it is; nil where something is missing.
  func text(of template: Template) -> String? { (try? template.text(in: bindings)) ?? nil }

  private mutating func set(_ value: JSON, at location: Location) -> Bool {
    switch location.root {
    case .body:
      guard let changed = Self.setting(value, at: location.steps[...], in: body) else {
        return false
      }
      body = changed
    case .header: return set(value, at: location, in: \.headers)
    case .cookie: return set(value, at: location, in: \.cookies)
    case .callback: return set(value, at: location, in: \.callback)
    }
    return true
  }

  private mutating func set(
    _ value: JSON, at location: Location,
    in pairs: WritableKeyPath<AnswerDraft, [(name: String, value: String)]>
  ) -> Bool {
    guard case .name(let name)? = location.steps.first, location.steps.count == 1,
      let text = value.scalarText
    else { return false }
    self[keyPath: pairs].removeAll { $0.name == name }
    self[keyPath: pairs].append((name, text))
    return true
  }

  /// A tree with a value put into it; nil where something else stands in the way.
  private static func setting(
    _ value: JSON, at steps: ArraySlice<Location.Step>, in json: JSON?
  ) -> JSON? {
    guard let step = steps.first else { return value }
    let rest = steps.dropFirst()
    switch step {
    case .name(let name):
      var members: [JSON.Member] = []
      switch json {
      case nil, .null?: break
      case .object(let found)?: members = found
      default: return nil
      }
      let index = members.firstIndex { $0.name.isSameBytes(as: name) }
      guard let changed = setting(value, at: rest, in: index.map { members[$0].value }) else {
        return nil
      }
      let member = JSON.Member(name, changed)
      if let index { members[index] = member } else { members.append(member) }
      return .object(members)
    case .index(let index):
      var elements: [JSON] = []
      if case .array(let found)? = json { elements = found } else if json != nil { return nil }
      while elements.count <= index { elements.append(.null) }
      let old = elements[index] == .null ? nil : elements[index]
      guard let changed = setting(value, at: rest, in: old) else { return nil }
      elements[index] = changed
      return .array(elements)
    case .claims:
      let claims = json?.text.flatMap { Function.claims(of: $0) }?.json
      guard let changed = setting(value, at: rest, in: claims) else { return nil }
      return .string(unsignedToken(of: changed))
    }
  }
}

/// A JWT without a signature (RFC 7519 §6): whoever got it straight from the token endpoint needs none.
private func unsignedToken(of claims: JSON) -> String {
  let header = Encoding.base64URL(Array(#"{"alg":"none"}"#.utf8))
  return "\(header).\(Encoding.base64URL(Array(claims.compactText.utf8)))."
}
