import KeywrightDefinition

extension MethodChecker {
  /// Checks a URL: its names, its form, its host.
  mutating func check(
    _ url: URLTemplate, at path: Path, _ place: Standpoint, unsafe: String?
  ) -> [Use] {
    let unknownBefore = unknownCount
    var uses: [Use] = []
    for case .expression(let expression) in url.template.segments {
      let analysis = analyze(expression, at: path, place)
      refuseTextless(analysis, expression, at: path)
      uses += analysis.uses
      for use in analysis.absent {
        report(
          "'\(use.text)' may be absent, and a URL needs it; answer that with 'else'",
          code: "may-be-absent", at: use.path, range: use.range)
      }
    }
    if checkLiterals(of: url.template, at: path, isURL: true) { return uses }
    proveForm(of: url, at: path, place, unsafe: unsafe, isKnown: unknownCount == unknownBefore)
    return uses
  }

  /// Proves the form of a URL: https, a host that its values can't change, literal text as it goes out.
  private mutating func proveForm(
    of url: URLTemplate, at path: Path, _ place: Standpoint, unsafe: String?, isKnown: Bool
  ) {
    if url.isPath {
      if method.api == nil {
        report(
          "a path, but the spec has no 'api: { base: … }' that it could continue",
          code: "no-api-base", at: path)
      }
      proveLiteral(of: url, at: path)
      return
    }
    guard let first = url.pieces.first else {
      report("an empty URL", code: "url-malformed", at: path)
      return
    }
    switch first.segment {
    case .expression(let expression):
      if isKnown, !proveWhole(expression, of: url, at: path, place) { return }
    case .literal(let text):
      guard text.begins(with: "https://") || (unsafe != nil && url.template.isPlain) else {
        report(
          text.contains("://")
            ? "a URL that does not begin with 'https://'; credentials travel over TLS only"
            : "neither a path, which begins with '/', nor a URL, which begins with 'https://'",
          code: "insecure-url", at: path)
        return
      }
      if isKnown { proveHosts(of: url, at: path, place) }
    }
    proveLiteral(of: url, at: path)
  }

  /// A URL that begins with a value: that value is a URL of its own, and a path follows it.
  /// - Returns: whether it is.
  private mutating func proveWhole(
    _ expression: Expression, of url: URLTemplate, at path: Path, _ place: Standpoint
  ) -> Bool {
    for part in hostParts(of: expression, place) {
      switch part {
      case .constant(let text) where (try? HTTPSURL(text)) != nil: break
      case .value(.url), .value(.origin): break
      case .constant(let text):
        report(
          "the choice's '\(text)' is no https address", code: "host-placeholder", at: path,
          range: expression.range)
        return false
      default:
        report(
          "a URL that begins with a value which is no 'url' or 'origin'", code: "host-placeholder",
          at: path, range: expression.range)
        return false
      }
    }
    guard url.pieces.count > 1 else { return true }
    guard case .literal(let text) = url.pieces[1].segment, "/?#".contains(text.first ?? " ") else {
      report(
        "what follows a whole URL begins with '/', '?' or '#'", code: "host-placeholder", at: path)
      return false
    }
    return true
  }

  // MARK: Hosts

  /// What a placeholder in a host may be.
  private enum HostPart {
    /// The compiler knows it.
    case constant(String)
    /// A value of a type that is safe in a host, or of any other.
    case value(FieldType)
    case computed
  }

  /// What an expression can be: a choice's constants, or values of a type.
  private func hostParts(of expression: Expression, _ place: Standpoint) -> [HostPart] {
    expression.alternatives.flatMap { member -> [HostPart] in
      switch member.form {
      case .text(let text): return [.constant(text)]
      case .name(let name):
        guard let known = place.made[name] ?? place.filled[name] else { return [.computed] }
        guard let field = known.field, !field.isList else { return [.computed] }
        if field.type == .choice { return field.choices.map { .constant($0.value) } }
        return [.value(field.type)]
      case .member(let base, .name(let attribute)):
        if case .name("callback") = base.form {
          let taken = method.authorize.compactMap(\.leave).flatMap(\.take)
          guard let field = taken.first(where: { $0.name == attribute }) else { return [.computed] }
          return [.value(field.type)]
        }
        guard case .name(let name) = base.form,
          let field = (place.made[name] ?? place.filled[name])?.field
        else { return [.computed] }
        return field.choices.compactMap { $0.attribute(attribute) }.map { .constant($0) }
      default: return [.computed]
      }
    }
  }

  /// What stands for a value in the text of a host.
  private static let marker: UInt8 = 1

  /// One host that a template can make, with the placeholder that is last in it.
  private struct HostVariant {
    var text = ""
    var last: (type: FieldType, expression: Expression)?
  }

  /// Each placeholder in a host is one label or the whole, and a registrable domain stands after the last label.
  ///
  /// A host without a placeholder is literal, and proven with all that is.
  private mutating func proveHosts(of url: URLTemplate, at path: Path, _ place: Standpoint) {
    guard url.hasPlaceholderInHost else { return }
    var variants = [HostVariant()]
    for piece in url.pieces where piece.part == .start || piece.part == .authority {
      switch piece.segment {
      case .literal(let text):
        let bytes = text.utf8
        let rest =
          piece.part == .start
          ? bytes[(bytes.firstIndex(of: UInt8(ascii: "/")) ?? bytes.startIndex)...].dropFirst(2)
          : bytes[...]
        let ending = rest.prefix {
          $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
        let host = text[ending.startIndex..<ending.endIndex]
        for index in variants.indices { variants[index].text += host }
      case .expression(let expression):
        guard let more = hosts(variants, adding: expression, at: path, place) else { return }
        variants = more
      }
    }
    for variant in variants {
      if let last = variant.last {
        guard prove(variant, last, at: path) else { return }
      } else if variant.text.holds(UInt8(ascii: "@"))
        || (try? URLParts(reading: "https://\(variant.text)")) == nil
      {
        // A constant of a choice; the literal part tells its own errors.
        report("'\(variant.text)' is no host", code: "url-malformed", at: path)
        return
      }
    }
  }

  private mutating func hosts(
    _ variants: [HostVariant], adding expression: Expression, at path: Path, _ place: Standpoint
  ) -> [HostVariant]? {
    var result: [HostVariant] = []
    for part in hostParts(of: expression, place) {
      for var variant in variants {
        switch part {
        case .constant(let text): variant.text += text
        case .value(let type) where [.hostLabel, .host, .integer].contains(type):
          if type == .integer {
            guard variant.text.hasSuffix(":") else {
              report(
                "an integer in a host; there it can only be a port, after ':'",
                code: "host-placeholder", at: path, range: expression.range)
              return nil
            }
            variant.text += "443"
          } else {
            variant.text.unicodeScalars.append(Unicode.Scalar(Self.marker))
            variant.last = (type, expression)
          }
        case .value(let type):
          report(
            "a value of type '\(type.rawValue)' in a host; wanted 'host_label', 'host' or a choice",
            code: "host-placeholder", at: path, range: expression.range)
          return nil
        case .computed:
          report(
            "a computed value in a host; wanted the name of a 'host_label', a 'host' or a choice",
            code: "host-placeholder", at: path, range: expression.range)
          return nil
        }
        result.append(variant)
        if result.count > 256 { return nil }
      }
    }
    return result
  }

  private mutating func prove(
    _ variant: HostVariant, _ last: (type: FieldType, expression: Expression), at path: Path
  ) -> Bool {
    let host = variant.text.utf8.prefix { $0 != UInt8(ascii: ":") }
    func refuse(_ message: String, code: String) -> Bool {
      report(message, code: code, at: path, range: last.expression.range)
      return false
    }
    if last.type == .host {
      return host.count == 1
        || refuse(
          "a 'host' beside other text; it is a whole host by itself", code: "host-placeholder")
    }
    for label in host.split(separator: UInt8(ascii: "."))
    where label.count > 1 && label.contains(Self.marker) {
      return refuse(
        "a placeholder beside other text in one label; a host_label is a whole label",
        code: "host-placeholder")
    }
    let tail = host[host.index(after: host.lastIndex(of: Self.marker) ?? host.startIndex)...]
    let isBelow = tail.first == UInt8(ascii: ".")
    let suffix = String(decoding: tail.dropFirst(), as: UTF8.self)
    if isBelow, !context.isShared(suffix, for: provider) { return true }
    let isPublic = isBelow && suffix.holds(UInt8(ascii: "."))
    return refuse(
      isPublic
        ? "under '\(suffix)' anybody can have a host; a domain that the provider alone owns must "
          + "stand after the last placeholder"
        : "the value decides whose host this is; after the last placeholder '.' and a domain "
          + "that somebody registered must stand, as in '.example.com'", code: "host-not-limited")
  }

  /// The literal part of a URL is written as it goes out (RFC 3986).
  private mutating func proveLiteral(of url: URLTemplate, at path: Path) {
    var text = url.isPath ? "https://example.com" : ""
    for piece in url.pieces {
      switch piece.segment {
      case .literal(let literal): text += literal
      case .expression where piece.part == .start: text += "https://example.com"
      case .expression:
        text += text.hasSuffix(":") ? "443" : text.hasSuffix("//") ? "x.example.com" : "x"
      }
    }
    if text.hasPrefix("https://x.example.com."), url.pieces.count > 1 {
      text = "https://x" + text.dropFirst("https://x.example.com".count)
    }
    do {
      _ = try URLParts(reading: text)
    } catch {
      if case .literal? = url.pieces.first?.segment,
        url.hasPlaceholderInHost, error.reason.hasPrefix("no host name")
      {
        return  // Told, with its constants, where the host is proven.
      }
      let odd = text.unicodeScalars.first {
        !$0.isASCII || #" "<>\^`{|}"#.unicodeScalars.contains($0)
      }
      let message =
        text.hasSuffix(" ")
        ? "a space at the end of a URL; take it out"
        : odd.map { "'\($0)' in a URL; there it is written '\(Encoding.percent(String($0)))'" }
          ?? "\(error.reason) in a URL"
      report(message, code: "url-malformed", at: path)
    }
  }

  // MARK: Who may be sent what

  /// Who chose the host that a request goes to, and by which placeholder.
  struct HostOrigin {
    var choice = HostChoice.fixed
    var range: Range<Int>?
    var name = ""
  }

  /// Who chose the host that a request goes to.
  func hostOrigin(
    of url: URLTemplate, with bearer: Request.Bearer, _ place: Standpoint
  ) -> HostOrigin {
    if url.isPath {
      // A base that is a path itself has an error of its own.
      guard let url = method.base(with: bearer).map({ URLTemplate($0.url) }), !url.isPath else {
        return HostOrigin()
      }
      var origin = hostOrigin(of: url, with: .nobody, place)
      origin.range = nil
      return origin
    }
    var origin = HostOrigin()
    for piece in url.pieces where piece.part == .start || piece.part == .authority {
      guard case .expression(let expression) = piece.segment else { continue }
      for member in expression.alternatives {
        let choice = hostChoice(of: member, isWhole: piece.part == .start, place)
        if choice > origin.choice {
          origin = HostOrigin(choice: choice, range: member.range, name: member.description)
        }
      }
    }
    return origin
  }

  /// Labels stand before a domain that is proven, so they choose nothing.
  private func hostChoice(
    of member: Expression, isWhole: Bool, _ place: Standpoint
  ) -> HostChoice {
    switch member.form {
    case .name(let name):
      guard let known = place.made[name] ?? place.filled[name] else { return .fixed }
      let type = known.field?.type
      return isWhole || type == .host ? known.host : .fixed
    case .member(let base, .name(let attribute)):
      guard case .name("callback") = base.form else { return .fixed }
      let known = try? place.look(up: "callback", member: attribute).get()
      return isWhole || known?.field?.type == .host ? known?.host ?? .callback : .fixed
    default: return .fixed
    }
  }

  /// Secrets go only to a host that was chosen by somebody entitled to them.
  mutating func proveHost(_ origin: HostOrigin, of uses: [Use], at path: Path) {
    guard origin.choice != .fixed else { return }
    for use in uses where use.known.isSecret {
      let isIntegrators = use.known.secrecy.contains(.integrator)
      if !isIntegrators, origin.choice == .person { continue }
      let who =
        switch origin.choice {
        case .person: "a person"
        case .plain: "an answer without TLS"
        case .callback, .fixed: "a callback"
        }
      report(
        isIntegrators
          ? "the integrator's secret '\(use.text)' would go to the host that '\(origin.name)' names, "
            + "which \(who) chose; such a host stands in 'setup' or in the spec, or has 'under'"
          : "the secret '\(use.text)' would go to the host that '\(origin.name)' names, which "
            + "anybody could send; give it 'under', or make it a choice",
        code: "secret-to-foreign-host", at: path, range: origin.range)
      foreignHostCount += 1
      return
    }
  }

  // MARK: Without TLS

  /// Nothing of the integrator's goes without TLS: not by a whole URL, nor by a path that continues the API's base.
  mutating func refusePlain(
    _ request: Request, unsafe: String?, _ uses: [Use], at path: Path
  ) {
    if let unsafe { check(reason: unsafe, for: [request.url.template], at: path.key("unsafe")) }
    guard method.isPlain(request.url, with: request.with) else { return }
    // What stands in the base is told there.
    let base = self.path.key("api").key("base")
    guard let secret = uses.first(where: { $0.isOfIntegrator && $0.path != base }) else { return }
    if request.url.isPath {
      report(
        "the integrator's secret '\(secret.text)' would go without TLS, as the API's base is 'http://'",
        code: "insecure-url", at: path.key(request.verb.rawValue))
    } else if unsafe != nil {
      refusePlain(secret, at: path.key("unsafe"))
    }
  }

  /// Nor in what signs the API's requests, or stands in its bases.
  mutating func refusePlain(_ api: API, _ uses: [Use], at path: Path) {
    guard let reason = api.unsafe else { return }
    check(reason: reason, for: [api.base] + api.also, at: path.key("unsafe"))
    guard ([api.base] + api.also).contains(where: \.isPlain),
      let secret = uses.first(where: \.isOfIntegrator)
    else { return }
    refusePlain(secret, at: path.key("unsafe"))
  }

  private mutating func refusePlain(_ secret: Use, at path: Path) {
    report(
      "'unsafe' where the integrator's secret '\(secret.text)' is sent; that travels over TLS only",
      code: "insecure-url", at: path)
  }

  /// `unsafe` says why, of a URL that needs it.
  mutating func check(reason: String, for urls: [Template], at path: Path) {
    if ["", "true", "false", "yes", "no"].contains(reason.asciiLowered) {
      report(
        "found '\(reason)'; wanted the reason why 'http' is allowed, as in 'a device in the house "
          + "has no certificate'", code: "wrong-shape", at: path)
    }
    guard !urls.contains(where: \.isPlain) else { return }
    report(
      "'unsafe' allows 'http://', and "
        + (urls.count > 1
          ? "none of these URLs begins with it" : "this URL does not begin with it"),
      code: "dead-key", at: path)
  }

  /// What a person chose stands beside an integrator's secret only where it is shown to be that person's.
  mutating func proveOwnership(of uses: [Use]) {
    let carries = uses.contains {
      $0.known.secrecy.contains(.integrator) || $0.known.signature.contains(.integrator)
    }
    let isProven = uses.contains { use in
      use.known.secrecy.contains(.person)
        && !use.known.sources.isDisjoint(with: [.credential, .callback, .ask])
    }
    guard carries, !isProven else { return }
    for use in uses where !use.known.sources.isDisjoint(with: [.ask, .callback]) {
      let isConsented = method.leaves
      report(
        "'\(use.text)' selects what the integrator's secret opens, and nothing shows that it is "
          + "this person's; "
          + (isConsented
            ? "a proof by 'proves' is not yet of this version"
            : "where nobody consents it is the integrator's: it stands in 'setup', or the client in 'ask'"),
        code: "unproven-owner", at: use.path, range: use.range)
    }
  }
}

extension URLTemplate {
  /// Whether a value stands in the host, behind a literal beginning.
  fileprivate var hasPlaceholderInHost: Bool {
    pieces.contains { piece in
      if case .expression = piece.segment { piece.part == .authority } else { false }
    }
  }
}
