import KeywrightDefinition

/// The Swift names of one provider: legal, and distinct within each space.
struct SwiftNaming {
  /// A scope where it is declared.
  struct ScopeName {
    let name: String
    let description: String?
    let place: Place
    /// Its name in Swift, without escapes.
    let identifier: String

    init(_ name: String, _ description: String?, at place: Place) {
      self.name = name
      self.description = description
      self.place = place
      identifier = SwiftName.plainMember(name)
    }
  }

  let spec: Spec
  let definition: Definition

  /// The scopes of all methods, each once.
  let scopes: [ScopeName]

  init(_ spec: Spec, _ definition: Definition) {
    self.spec = spec
    self.definition = definition
    scopes = Self.scopes(of: spec)
  }

  private static func scopes(of spec: Spec) -> [ScopeName] {
    var scopes: [ScopeName] = []
    for method in spec.methods {
      guard let node = method.value["scopes"] else { continue }
      let declared =
        node.elements?.map { ScopeName($0.text ?? "", nil, at: $0.place) }
        ?? Self.scopes(node.members)
      if scopes.isEmpty, node.isMap {
        // The keys of one map are distinct.
        scopes = declared
      } else {
        var known = Set(scopes.map(\.name))
        scopes += declared.filter { known.insert($0.name).inserted }
      }
    }
    return scopes
  }

  /// Scopes with their descriptions; by index, so that no member is copied.
  private static func scopes(_ members: [Node.Member]) -> [ScopeName] {
    members.indices.map {
      ScopeName(members[$0].key, members[$0].value.text, at: members[$0].keyPlace)
    }
  }

  /// The fields of the file's own `ask`.
  var sharedFields: [Field] {
    let names = spec.root["ask"]?.members.map(\.key) ?? []
    return names.compactMap { name in
      definition.methods.lazy.compactMap { $0.ask.first { $0.name == name } }.first
    }.filter { !$0.isGenerated }
  }

  /// Checks the names, and returns that of the type.
  func check(into bag: inout DiagnosticBag) -> String {
    let name = spec.root["swift"]?.text ?? SwiftName.type(id: spec.id, name: spec.name)
    if let problem = SwiftName.problem(ofType: name) {
      let place = spec.root["swift"]?.place ?? spec.root["name"]?.place ?? spec.root.place
      bag.add(
        "the Swift type '\(name)' \(problem); write 'swift: \(suggestion(for: name))'",
        code: "swift-name", at: place)
    }
    checkMembers(into: &bag)
    distinct(
      scopes.map { ($0.name, $0.place) }, as: scopes.map(\.identifier), what: "scopes", into: &bag)
    return name
  }

  private func suggestion(for name: String) -> String {
    let isDigit = name.utf8.first.map(\.isDigit) == true
    return isDigit ? "The\(name)" : "\(name)API"
  }

  /// Fields of the file and methods are members of one type; a method's own fields are its parameters.
  private func checkMembers(into bag: inout DiagnosticBag) {
    let fields = (spec.root["ask"]?.members ?? []).map { ($0.key, $0.keyPlace) }
    distinct(
      fields + spec.methods.map { ($0.key, $0.keyPlace) }, what: "fields and methods", into: &bag)
    checkSaved(into: &bag)
    for method in spec.methods {
      distinct(
        (method.value["ask"]?.members ?? []).map { ($0.key, $0.keyPlace) }, what: "fields",
        into: &bag)
      distinct(
        (spec.root["setup"]?.members ?? []).map { ($0.key, $0.keyPlace) }
          + (method.value["setup"]?.members ?? []).map { ($0.key, $0.keyPlace) }, what: "fields",
        into: &bag)
      distinct(
        (method.value["credentials"]?.members ?? []).map { ($0.key, $0.keyPlace) },
        what: "credentials", into: &bag)
      for key in ["setup", "ask"] {
        let fields = (spec.root[key]?.members ?? []) + (method.value[key]?.members ?? [])
        for field in fields {
          let values = field.value["values"]
          let names =
            values?.elements?.map { ($0.text ?? "", $0.place) }
            ?? values?.members.map { ($0.key, $0.keyPlace) } ?? []
          distinct(names, what: "values", into: &bag)
        }
      }
    }
  }

  /// Saved values of all methods are members of one connection.
  private func checkSaved(into bag: inout DiagnosticBag) {
    let saved = spec.methods.flatMap { method in
      let steps = ["authorize", "exchange"].flatMap { key in
        method.value[key].map { $0.elements ?? [$0] } ?? []
      }
      return (steps + [method.value]).flatMap { $0["save"]?.members ?? [] }
    }
    distinct(saved.map { ($0.key, $0.keyPlace) }, what: "saved values", into: &bag)
  }

  private func distinct(
    _ names: [(String, Place)], what: String, into bag: inout DiagnosticBag
  ) {
    if names.count < 2 { return }
    distinct(names, as: names.map { SwiftName.plainMember($0.0) }, what: what, into: &bag)
  }

  private func distinct(
    _ names: [(String, Place)], as identifiers: [String], what: String,
    into bag: inout DiagnosticBag
  ) {
    var seen: [String: Int] = [:]
    if names.count > 8 { seen.reserveCapacity(names.count) }
    for index in names.indices {
      let identifier = identifiers[index]
      // Of few, each is looked at.
      let earlier =
        names.count > 8
        ? seen.updateValue(index, forKey: identifier)
        : identifiers[..<index].lastIndex(of: identifier)
      guard let earlier, names[earlier].0 != names[index].0 else { continue }
      let ((name, place), (other, first)) = (names[index], names[earlier])
      bag.add(
        "'\(name)' and '\(other)' are both '\(identifier)' in Swift; \(what) need distinct names",
        code: "swift-collision", at: place, notes: [(first, "'\(other)' stands here")])
    }
  }
}
