/// The one table of the language's keys: checks, the reference and the editor schema are made of it.
package enum Language {
  /// A record of the language.
  package static func record(_ name: Record.Name) -> Record {
    switch name {
    case .file: file
    case .field: field
    case .taken: taken
    case .saved: saved
    case .made: made
    case .api: api
    case .step: step
    case .carrier: carrier
    case .account: account
    case .error: error
    case .rule: rule
    case .nango: nango
    case .grant: grant
    case .refreshToken: refreshTokenRule
    }
  }

  static let fields = Shape.map(.record(.field), names: .value)
  static let texts = Shape.map(.template, names: .free)
  static let headers = Shape.map(.template, names: .header)
  static let verification = Shape.either([.requestLine, .record(.step)])
  static let verifications = Shape.either([
    .requestLine, .record(.step), .list(verification),
  ])
  static let taking = Shape.map(.either([.type, .record(.taken)]), names: .free)
  static let making = Shape.map(.either([.template, .record(.made)]), names: .value)
  static let saving = Shape.map(.record(.saved), names: .value)

  private static let file = Record(keys: [
    Key("name", .text, isRequired: true, "What people call the provider."),
    Key("swift", .identifier, "The name of its Swift type, where id and name give none."),
    Key("extends", .text, "The id of the spec that this one starts from."),
    Key("replaces", .list(.text), "Former ids of this provider."),
    Key("categories", .list(.text), "What the API is for, out of `specs/categories.yaml`."),
    Key(
      "links", .map(.webAddress, names: .free),
      "Pages of the provider: `docs`, `apps`, `keys`, `scopes`, `status`."),
    Key("notes", .list(.text), "What surprises people, in own words."),
    .later("deprecated", "What to use instead."),
    Key("setup", fields, "What the integrator fills in, once per integration."),
    Key("ask", fields, "What the person fills in, once per connection."),
    Key(
      "hints", fields,
      "What the caller may fill in, once per authorization; it goes to the browser and is not kept."
    ),
    Key("api", .record(.api), "How requests reach the API."),
    Key(
      "verify", verifications,
      "Is a credential good? `GET /path`, a request, or a list of which one has to be accepted."),
    Key("account", .record(.account), "Whose account a connection is."),
    Key("auth", .methods, isRequired: true, "The ways in; the first is the default."),
    .later("let", "Values made from filled ones, for every step."),
    .later("webhook", "How the provider's webhooks are verified."),
  ])

  private static let type = Key(
    "type", .type, "The value's type, or `list of` a type; `text` where none is written.")
  private static let writtenType = Key("type", .type, isRequired: true, "The value's type.")

  private static let valueKeys = [
    Key("title", .text, "What a form calls it."),
    Key("help", .text, "One sentence on where to find it."),
    Key("example", .text, "A value that fits."),
    Key("link", .webAddress, "The page where a person finds it."),
    Key("shown_as", .template, "What the entry means, shown while it is typed."),
    Key("pattern", .text, "A regular expression that the whole value matches."),
    Key(
      "under", .list(.text),
      "For `host`, `url`, `origin`: the registrable domains it may lie under."),
    Key(
      "values",
      .either([.list(.text), .map(.either([.text, .map(.text, names: .free)]), names: .free)]),
      "For `choice`: a list, value and title, or value and `{ title, NAME: constant }`."),
    .later("suggest", "Likely values."),
    Key("secret", .truth, "Never shown, whatever the type."),
    Key("optional", .truth, "May be left empty."),
    Key("default", .template, "What stands in for an empty entry."),
    Key("when", .condition, "Asked only if the condition over earlier values holds."),
    Key("once", .truth, "Used while the flow runs, and never stored."),
    Key("generate", .word(["uuid"]), "The system fills it."),
    .later("deprecated", "What to use instead."),
    .later("passphrase", "The field that opens the key."),
  ]

  private static let field = Record(keys: [type] + valueKeys)
  private static let taken = Record(keys: [writtenType] + valueKeys)
  private static let from = Key("from", .template, isRequired: true, "Where the value comes from.")
  private static let made = Record(
    keys: [
      Key("from", .template, "Where the value comes from."), type,
    ] + valueKeys + [
      .later("jwt", "Makes a JWT."),
      .later("saml", "Makes a SAML assertion."),
    ])
  private static let saved = Record(
    keys: [from, writtenType] + valueKeys + [
      Key(
        "for", .word(["connection"], later: ["integration"]),
        "What it is saved for: the connection.")
    ])

  private static let unsafe = Key(
    "unsafe", .text, "Why `http` is allowed in this map's URL; never with an integrator's secret.")

  private static let api = Record(keys: [
    Key("base", .template, isRequired: true, "The URL that a path continues."),
    Key("also", .list(.template), "Further origins that signed requests may go to."),
    Key("headers", headers, "Go on every signed request."),
    Key("query", texts, "Go on every signed request."),
    Key(
      "unauthorized", .condition,
      "When an answer says that the credential is no longer good; `status == 401` where none is written."
    ),
    unsafe,
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
    Key("xml", .json, "XML as the body: one root element; `\"@name\"` is an attribute."),
    Key("text", .template, "Text as the body."),
    Key(
      "with", .either([.text, .record(.carrier)]),
      "Who carries the request: `client`, `credential`, a credential's name, `nobody`, or a carrier."
    ),
    Key(
      "format", .word(["json", "form", "xml", "text", "none"]), "How the answer's body is read."),
    unsafe,
  ]

  private static let outcomeKeys = [
    Key(
      "accept", .condition,
      "When the outcome is good; a status of 200 to 299 where none is written."),
    Key("error", .record(.error), "Where the outcome says what went wrong."),
    Key("example", .json, "An answer, for pages and for the simulator."),
    .later("poll", "Asked again until accepted."),
    .later("proves", "Names whose ownership an accepted answer shows."),
    .later("notify", "Changes the provider's side; runs last."),
  ]

  private static let step = Record(
    keys: [
      Key("id", .text, "The step's name."),
      Key("when", .condition, "Runs only if the condition holds."),
      Key("leave", .template, "The URL that the browser goes to."),
      Key("take", taking, "What may come back: name and type."),
      Key("issuer", .template, "Whose answer it must be (RFC 9207)."),
      Key("iss", .word(["required"]), "The answer always names its issuer."),
      Key("answer", .word(["form_post"]), "The browser brings the answer as a form."),
      Key(
        "state_in", .either([.text]),
        "The parameter that carries the state, where it is not `state`."),
      .later("show", "A code that the person enters elsewhere."),
      .later("wait", "Waits for a webhook."),
      .later("choose", "The person picks one of a list."),
      .later("title", "What the person is asked."),
      .later("prefer", "Which element is taken without asking."),
      .later("only_one", "A single element is taken without asking."),
      .later("match", "Which webhook is awaited."),
    ] + requestKeys + [
      Key("let", making, "Values for the rest of the flow, in their order.")
    ] + outcomeKeys + [
      Key("save", saving, "Values that the connection keeps."),
      Key(
        "credential", .either([texts, .list(texts)]),
        "The parts of the credential that the step makes; the first must be present."),
    ])

  private static let carrier = Record(keys: [
    Key("let", making, "Values made for each request, in their order."),
    Key("headers", headers, "Headers that carry it."),
    Key("query", texts, "Parameters of the URL that carry it."),
    Key("cookies", texts, "Cookies that carry it."),
    Key("form", texts, "Fields of the form that carry it."),
    Key("json", .map(.json, names: .free), "Members of the JSON body that carry it."),
    .later("xml", "Elements of the XML body that carry it."),
    .later("private_key_jwt", "An assertion signed by a private key (RFC 7523)."),
    .later("client_secret_jwt", "An assertion signed by the secret (RFC 7523)."),
    .later("tls_client_auth", "A client certificate (RFC 8705)."),
    .later("oauth1", "An OAuth 1 signature."),
    .later("aws_sigv4", "An AWS signature, version 4."),
    .later("http_signature", "An HTTP message signature."),
  ])

  private static let account = Record(
    keys: [
      Key("id", .template, isRequired: true, "The account's id."),
      Key("name", .template, "Its name."),
      Key("email", .template, "Its e-mail address."),
      Key("picture", .template, "The address of its picture."),
    ] + requestKeys + outcomeKeys)

  private static let error = Record(keys: [
    Key("code", .template, "The provider's error code."),
    Key("description", .template, "The provider's own words."),
    Key("permanent", .condition, "When trying again is of no use."),
    Key("declined", .condition, "When the person said no."),
  ])

  private static let rule = Record(keys: [
    Key("sign", .either([.word(["none"]), .record(.carrier)]), "How a request carries it."),
    Key("renew", renewal, "How it is replaced."),
    Key(
      "refresh_token", refreshToken,
      "What a new refresh token means for the old one, and how long they work."),
    Key("base", .template, "The base of the API that it opens, where that is another."),
    Key("headers", headers, "Go on every request that it signs."),
    Key("optional", .truth, "A flow may end without it."),
  ])

  private static let refreshTokenRule = Record(keys: [
    Key(
      "rule", refreshTokenWords,
      "What a new one means for the old one; `replaced_if_given` where none is written."),
    Key(
      "grace", .seconds,
      "How long the old one still works after it was replaced; beside `rule: rotates` alone."),
    Key("idle", .seconds, "After how long unused one dies, so that it is renewed before."),
  ])

  private static let nango = Record(keys: [
    Key("key", .text, isRequired: true, "The key by which Nango's users know the method."),
    Key("set", .map(.text, names: .free), "Fields that this key fills."),
    Key("fields", .map(.text, names: .free), "Their field names, and ours."),
  ])

  private static let grant = Record(keys: [
    Key("name", .text, isRequired: true, "The grant's name, as it is sent.")
  ])
}
