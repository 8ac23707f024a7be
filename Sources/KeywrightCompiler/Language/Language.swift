/// The one table of the language's keys: checks, the reference and the editor schema are made of it.
package enum Language {
  /// A record of the language.
  package static func record(_ name: Record.Name) -> Record {
    switch name {
    case .file: file
    case .field: field
    case .taken: taken
    case .saved: saved
    case .api: api
    case .step: step
    case .carrier: carrier
    case .account: account
    case .error: error
    case .nango: nango
    }
  }

  /// The keys of a method of some kind; nil where there is no such kind.
  package static func method(kind: String) -> Record? {
    guard let preset = presets.first(where: { $0.kind == kind }) else { return nil }
    return Record(keys: methodKeys + preset.keys)
  }

  private static let fields = Shape.map(.record(.field), names: .value)
  private static let texts = Shape.map(.template, names: .free)
  private static let headers = Shape.map(.template, names: .header)

  private static let file = Record(keys: [
    Key("name", .text, isRequired: true, "What people call the provider."),
    Key("swift", .identifier, "The name of its Swift type, where id and name give none."),
    .later("extends", "The spec this one starts from."),
    .later("replaces", "Former ids of this provider."),
    Key("categories", .list(.text), "What the API is for."),
    Key(
      "links", .map(.webAddress, names: .free), "Pages of the provider: docs, apps, keys, scopes."),
    Key("notes", .list(.text), "What surprises people, in own words."),
    .later("deprecated", "What to use instead."),
    Key("setup", fields, "What the integrator fills in, once per integration."),
    Key("ask", fields, "What the person fills in, once per connection."),
    .later("hints", "What the caller may fill in, once per authorization."),
    Key("api", .record(.api), "How requests reach the API."),
    Key(
      "verify", .either([.requestLine, .record(.step), .list(.record(.step))]),
      "Is a credential good? `GET /path`, a request, or a list of which one has to be accepted."),
    Key("account", .record(.account), "Whose account a connection is."),
    Key("auth", .methods, isRequired: true, "The ways in; the first is the default."),
    .later("webhook", "How the provider's webhooks are verified."),
  ])

  private static let type = Key("type", .text, "The value's type; `text` where none is written.")
  private static let writtenType = Key("type", .text, isRequired: true, "The value's type.")

  private static let valueKeys = [
    Key("title", .text, "What a form calls it."),
    Key("help", .text, "One sentence on where to find it."),
    Key("example", .text, "A value that fits."),
    Key("link", .webAddress, "The page where a person finds it."),
    Key("shown_as", .template, "What the entry means, shown while it is typed."),
    Key("secret", .truth, "Never shown, whatever the type."),
    .later("pattern", "A regular expression that the whole value matches."),
    .later("under", "The registrable domains that a host may lie under."),
    .later("values", "What can be chosen."),
    .later("suggest", "Likely values."),
    .later("optional", "May be left empty."),
    .later("default", "What stands in for an empty entry."),
    .later("when", "Asked only if the condition holds."),
    .later("once", "Used in the exchange and never stored."),
    .later("generate", "Made by the system."),
    .later("passphrase", "The field that opens the key."),
  ]

  private static let field = Record(keys: [type] + valueKeys)
  private static let taken = Record(keys: [writtenType] + valueKeys)
  private static let saved = Record(
    keys: [Key("from", .template, isRequired: true, "Where the value comes from."), writtenType]
      + valueKeys
      + [.later("for", "What it is saved for: the connection or the integration.")])

  private static let api = Record(keys: [
    Key("base", .template, isRequired: true, "The URL that a path continues."),
    Key("headers", headers, "Go on every signed request."),
    Key("query", texts, "Go on every signed request."),
    .later("also", "Further origins of the API."),
    .later("unauthorized", "When an answer says that the credential is no longer good."),
    .later("rate_limit", "Where an answer says how many requests are left."),
  ])

  private static let requestKeys = [
    Key("get", .template, "The URL of a GET request."),
    Key("post", .template, "The URL of a POST request."),
    Key("put", .template, "The URL of a PUT request."),
    Key("patch", .template, "The URL of a PATCH request."),
    Key("delete", .template, "The URL of a DELETE request."),
    Key("query", texts, "Parameters of the URL."),
    Key("headers", headers, "Headers."),
    Key("form", texts, "A form as the body."),
    Key("json", .json, "JSON as the body."),
    Key("text", .template, "Text as the body."),
    .later("xml", "XML as the body."),
    Key(
      "with", .either([.word(["client", "credential", "nobody"]), .record(.carrier)]),
      "Who carries the request."),
    Key("format", .word(["json", "form", "text", "none"]), "How the answer is read."),
    Key(
      "accept", .condition,
      "When the outcome is good; a status of 200 to 299 where none is written."),
    Key("error", .record(.error), "Where the outcome says what went wrong."),
    .later("example", "An answer, for pages and for the simulator."),
    .later("poll", "Asked again until accepted."),
    .later("proves", "Names whose ownership an accepted answer shows."),
    .later("notify", "Changes the provider's side; runs last."),
  ]

  private static let step = Record(
    keys: [
      Key("id", .text, "The step's name."),
      .later("when", "Runs only if the condition holds."),
      .later("let", "Values for the rest of the flow."),
      Key("leave", .template, "The URL that the browser goes to."),
      Key(
        "take",
        .map(.either([.text, .record(.taken)]), names: .free),
        "What may come back: name and type."),
      Key("issuer", .template, "Whose answer it must be (RFC 9207)."),
      Key("iss", .word(["required"]), "The answer always names its issuer."),
      .later("answer", "How the browser brings the answer."),
      .later("state_in", "The parameter that carries the state."),
      .later("show", "A code that the person enters elsewhere."),
      .later("wait", "Waits for a webhook."),
      .later("choose", "The person picks one of a list."),
    ] + requestKeys + [
      Key("save", .map(.record(.saved), names: .value), "Values that the connection keeps."),
      Key(
        "credential",
        .either([
          .map(.template, names: .free), .list(.map(.template, names: .free)),
        ]), "The parts of the credential that the step makes."),
    ])

  private static let carrier = Record(keys: [
    Key("headers", headers, "Headers that carry it."),
    Key("query", texts, "Parameters of the URL that carry it."),
    Key("form", texts, "Fields of the form that carry it."),
    .later("let", "Values made for each request."),
    .later("cookies", "Cookies that carry it."),
    .later("json", "Members of the JSON body that carry it."),
    .later("xml", "Elements of the XML body that carry it."),
    .later("oauth1", "An OAuth 1 signature."),
    .later("aws_sigv4", "An AWS signature, version 4."),
    .later("http_signature", "An HTTP message signature."),
  ])

  private static let account = Record(
    keys: requestKeys + [
      Key("id", .template, isRequired: true, "The account's id."),
      Key("name", .template, "Its name."),
      Key("email", .template, "Its e-mail address."),
      Key("picture", .template, "The address of its picture."),
    ])

  private static let error = Record(keys: [
    Key("code", .template, "The provider's error code."),
    Key("description", .template, "The provider's own words."),
    .later("permanent", "When trying again is of no use."),
    .later("declined", "When the person said no."),
  ])

  private static let nango = Record(keys: [
    Key("key", .text, isRequired: true, "The key by which Nango's users know the method."),
    Key("set", .map(.text, names: .free), "Fields that this key fills."),
    Key("fields", .map(.text, names: .free), "Their field names, and ours."),
  ])
}
