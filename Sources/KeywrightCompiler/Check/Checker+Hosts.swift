import KeywrightDefinition

extension MethodChecker {
  /// Proves the form of a URL: https, a host that its values can't change, literal text as it goes out.
  mutating func proveForm(of url: URLTemplate, at path: Path, _ place: Standpoint) {
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
    case .expression(let expression): proveWhole(expression, of: url, at: path, place)
    case .literal(let text):
      guard text.utf8.starts(with: "https://".utf8) else {
        report(
          text.contains("://")
            ? "a URL that does not begin with 'https://'; credentials travel over TLS only"
            : "neither a path, which begins with '/', nor a URL, which begins with 'https://'",
          code: "insecure-url", at: path)
        return
      }
      proveLabels(of: url, at: path, place)
    }
    proveLiteral(of: url, at: path)
  }

  /// A URL that begins with a value: that value is a URL of its own, and a path follows it.
  private mutating func proveWhole(
    _ expression: Expression, of url: URLTemplate, at path: Path, _ place: Standpoint
  ) {
    let known = expression.references().first.flatMap { try? place.look(up: $0).get() }
    guard case .name = expression.form, known?.type == .url else {
      report(
        "a URL that begins with a value which is no 'url'", code: "host-placeholder", at: path,
        range: expression.range)
      return
    }
    if url.pieces.count > 1 {
      guard case .literal(let text) = url.pieces[1].segment, "/?#".contains(text.first ?? " ")
      else {
        report(
          "what follows a whole URL begins with '/', '?' or '#'", code: "host-placeholder",
          at: path)
        return
      }
    }
  }

  /// Each placeholder in the host is one label, and a registrable domain stands after the last.
  private mutating func proveLabels(of url: URLTemplate, at path: Path, _ place: Standpoint) {
    var authority = ""
    var last: Expression?
    for piece in url.pieces where piece.part == .start || piece.part == .authority {
      switch piece.segment {
      case .literal(let text):
        let rest = piece.part == .start ? text.dropFirst("https://".count) : text[...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        authority += rest[..<end]
      case .expression(let expression):
        last = expression
        proveLabel(expression, after: authority, at: path, place)
        authority = ""
      }
    }
    guard let last else { return }
    // Now `authority` is what stands after the last placeholder.
    let host =
      authority.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init) ?? ""
    guard host.hasPrefix("."), !SharedSuffix.contains(String(host.dropFirst())) else {
      report(
        "the value decides whose host this is; after the last placeholder '.' and a domain "
          + "that somebody registered must stand, as in '.example.com'",
        code: "host-not-limited", at: path, range: last.range)
      return
    }
  }

  private mutating func proveLabel(
    _ expression: Expression, after before: String, at path: Path, _ place: Standpoint
  ) {
    if !before.isEmpty, !before.hasSuffix(".") {
      report(
        "a placeholder beside other text in one label; a host_label is a whole label",
        code: "host-placeholder", at: path, range: expression.range)
      return
    }
    guard case .name = expression.form,
      let known = expression.references().first.flatMap({ try? place.look(up: $0).get() })
    else {
      // An unknown name has an error already.
      if case .name = expression.form { return }
      report(
        "a computed value in a host; wanted the name of a 'host_label'", code: "host-placeholder",
        at: path, range: expression.range)
      return
    }
    guard known.type == .hostLabel else {
      let type = known.type?.rawValue ?? "text"
      report(
        "a value of type '\(type)' in a host; wanted 'host_label'", code: "host-placeholder",
        at: path, range: expression.range)
      return
    }
  }

  /// The literal part of a URL is written as it goes out (RFC 3986).
  private mutating func proveLiteral(of url: URLTemplate, at path: Path) {
    var text = url.isPath ? "https://example.com" : ""
    for piece in url.pieces {
      switch piece.segment {
      case .literal(let literal): text += literal
      case .expression: text += piece.part == .start ? "https://example.com" : "x"
      }
    }
    do {
      _ = try URLParts(reading: text)
    } catch {
      let odd = text.unicodeScalars.first {
        !$0.isASCII || #" "<>\^`{|}"#.unicodeScalars.contains($0)
      }
      let message =
        odd.map { "'\($0)' in a URL; there it is written '\(Encoding.percent(String($0)))'" }
        ?? "\(error.reason) in a URL"
      report(message, code: "url-malformed", at: path)
    }
  }

  // MARK: Who may be sent what

  /// An integrator's secret goes to no host that a person chose.
  mutating func proveHost(of request: Request, at path: Path, _ uses: [Use]) {
    let url = request.url.isPath ? method.api.map { URLTemplate($0.base) } : request.url
    if let url { proveHost(of: url, at: path, uses) }
  }

  /// As ``proveHost(of:at:_:)``, for a URL.
  mutating func proveHost(of url: URLTemplate, at path: Path, _ uses: [Use]) {
    guard case .expression(let expression)? = url.pieces.first?.segment,
      case .name(let name) = expression.form,
      !method.setup.contains(where: { $0.name == name })
    else { return }
    for use in uses where use.known.origin == .setup && use.known.isSecret {
      report(
        "the integrator's secret '\(use.text)' would go to the host that '\(name)' names; "
          + "such a host stands in 'setup' or in the spec", code: "secret-to-foreign-host",
        at: path, range: expression.range)
    }
  }

  /// What a person chose stands beside an integrator's secret only where it is shown to be that person's.
  mutating func proveOwnership(of uses: [Use]) {
    guard uses.contains(where: { $0.known.origin == .setup && $0.known.isSecret }) else { return }
    let isProven = uses.contains { use in
      use.known.origin == .credential || (use.known.origin == .callback && use.known.isSecret)
    }
    if isProven { return }
    for use in uses where use.known.origin == .ask || use.known.origin == .callback {
      report(
        "'\(use.text)' selects what the integrator's secret opens, and nothing shows that it is "
          + "this person's; move it to 'setup' (a proof by 'proves' is not yet of this version)",
        code: "unproven-owner", at: use.path, range: use.reference.range)
    }
  }
}
