import HTTPTypes
import Keywright
import KeywrightDefinition
import KeywrightTesting
import Testing

/// Each part of the language, from spec to request: expectations are the language page's.
@Suite("From spec to request")
struct LanguageFlowTests {
  @Test("two credentials come from one answer, and each is renewed by itself")
  func twoCredentials() throws {
    var flow = try SpecFlow(
      """
      name: Demo
      api: { base: https://api.demo.test }
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://demo.test/authorize
          token_endpoint: https://demo.test/token
          pkce: off
          token_type: [bot, user]
          accept: body.ok == true
          error: { code: $<body.error> }
          refresh_token: rotates
          exchange:
            post: https://demo.test/token
            with: client
            form: { code: $<callback.code> }
            credential:
              - { name: bot, access_token: $<body.access_token>, refresh_token: $<body.refresh_token>, expires_in: $<body.expires_in> }
              - { name: user, access_token: $<body.person.access_token>, refresh_token: $<body.person.refresh_token>, expires_in: $<body.person.expires_in> }
          credentials:
            bot: { optional: true }
            user: { optional: true }
      """, setup: ["client_id": "cid", "client_secret": "sec"])
    try flow.begin()
    try flow.callback(
      "code=c0de&state=STATE",
      answers: [
        .json(
          #"{"ok":true,"access_token":"b1","refresh_token":"br1","expires_in":60,"person":{"access_token":"u1","refresh_token":"ur1","expires_in":90}}"#
        )
      ])
    #expect(flow.state.credentials["bot"]?.parts == ["access_token": "b1", "refresh_token": "br1"])
    #expect(
      flow.state.credentials["user"]?.parts == ["access_token": "u1", "refresh_token": "ur1"])
    try flow.begin(
      .renew, of: "user",
      answers: [
        .json(
          #"{"ok":true,"token_type":"user","access_token":"u2","refresh_token":"ur2","expires_in":90}"#
        )
      ])
    #expect(
      flow.body(1) == "grant_type=refresh_token&refresh_token=ur1&client_id=cid&client_secret=sec")
    #expect(flow.state.credentials["user"]?.parts["access_token"] == "u2")
    #expect(flow.state.credentials["bot"]?.parts["access_token"] == "b1")
  }

  /// RFC 9110 §5.1, RFC 9113 §8.2.1: names of fields are the same in any case, and over HTTP/2 they come in lower case.
  @Test(
    "a header is read by its name in any case, with '_' for '-' where it stands without quotes",
    arguments: ["X-Subject-Token", "x-subject-token", "X-SUBJECT-TOKEN"])
  func header(_ sent: String) throws {
    for written in [
      #""X-Subject-Token""#, #""x-subject-token""#, "X_Subject_Token", "x_subject_token",
    ] {
      var flow = try SpecFlow(
        """
        name: Demo
        api: { base: https://api.demo.test }
        auth:
          login:
            kind: custom
            ask: { key: { title: Key, type: secret } }
            exchange:
              post: https://demo.test/login
              form: { key: $<key> }
              credential: { access_token: '$<header.\(written)>', expires_in: '$<header.none_such else "60">' }
        """, fields: ["key": "k"])
      let name = try #require(HTTPField.Name(sent))
      let answer = TransportAnswer(
        status: 200, headers: [.contentType: "application/json", name: "t0ken"],
        body: Array("{}".utf8))
      try flow.begin(answers: [answer])
      #expect(flow.state.credentials[""]?.parts["access_token"] == "t0ken", "\(written) of \(sent)")
    }
  }

  @Test("a credential that an answer lacks is not made where it is optional; none at all fails")
  func optionalCredential() throws {
    let spec = """
      name: Demo
      api: { base: https://api.demo.test }
      auth:
        login:
          kind: custom
          ask: { key: { title: Key, type: secret } }
          exchange:
            post: https://demo.test/token
            form: { key: $<key> }
            credential:
              - { name: one, access_token: $<body.one> }
              - { name: two, access_token: $<body.two> }
          credentials: { one: { optional: true }, two: { optional: true } }
      """
    var flow = try SpecFlow(spec, fields: ["key": "k"])
    try flow.begin(answers: [.json(#"{"two":"t2"}"#)])
    #expect(Set(flow.state.credentials.keys) == ["two"])
    var empty = try SpecFlow(spec, fields: ["key": "k"])
    let error = #expect(throws: AuthorizationError.self) {
      try empty.begin(answers: [.json("{}")])
    }
    #expect(error?.code == .missingCredential)
  }

  @Test("an error inside an answer with status 200 refuses, in the provider's words")
  func errorInside() throws {
    var flow = try SpecFlow(
      """
      name: Demo
      api: { base: https://api.demo.test }
      auth:
        login:
          kind: custom
          ask: { key: { title: Key, type: secret } }
          accept: body.ok == true
          error: { code: $<body.error>, declined: body.error == "no_thanks" }
          exchange:
            post: https://demo.test/token
            form: { key: $<key> }
            credential: { access_token: $<body.token> }
      """, fields: ["key": "k"])
    var other = flow
    let error = #expect(throws: AuthorizationError.self) {
      try flow.begin(answers: [.json(#"{"ok":false,"error":"bad_key","token":"t"}"#)])
    }
    #expect(error?.code == .refused && error?.providerCode == "bad_key" && error?.status == 200)
    let declined = #expect(throws: AuthorizationError.self) {
      try other.begin(answers: [.json(#"{"ok":false,"error":"no_thanks"}"#)])
    }
    #expect(declined?.code == .accessDenied)
  }

  @Test("a log-in in three steps is repeated as exactly the steps that the credential depends on")
  func repeated() throws {
    var flow = try SpecFlow(
      """
      name: Demo
      ask: { host: { title: Host, type: host } }
      api: { base: https://$<host>/api }
      auth:
        login:
          kind: custom
          ask: { password: { title: Password, type: secret } }
          exchange:
            - { get: /where, let: { service: { from: $<body.service>, type: url } } }
            - { get: /motd, save: { motd: { from: $<body.text>, type: text } } }
            - { post: $<service>/token, form: { password: $<password> }, credential: { access_token: $<body.token>, expires_in: 60 } }
          renew: repeat
      """, fields: ["host": "acme.demo.test", "password": "p w"])
    try flow.begin(
      answers: [
        .json(#"{"service":"https://id.demo.test/x"}"#), .json(#"{"text":"hello"}"#),
        .json(#"{"token":"t1"}"#),
      ])
    #expect(flow.path(2) == "id.demo.test/x/token" && flow.body(2) == "password=p+w")
    #expect(flow.state.saved == ["motd": "hello"])
    #expect(flow.engine.method.repetition(of: nil).count == 2)
    try flow.begin(
      .renew, answers: [.json(#"{"service":"https://id.demo.test/y"}"#), .json(#"{"token":"t2"}"#)])
    #expect(flow.path(4) == "id.demo.test/y/token")
    #expect(flow.state.credentials[""]?.parts["access_token"] == "t2")
  }

  @Test("a signed callback is checked before anything of it is used")
  func signedCallback() throws {
    let spec = """
      name: Demo
      api: { base: https://api.demo.test }
      auth:
        oauth:
          kind: oauth2
          authorize:
            leave: https://demo.test/authorize
            query: { client_id: $<client_id>, state: $<state> }
            take: { code: secret, hmac: text }
            accept: callback.hmac == callback.query.without("hmac").plain_query().hmac_sha256(client_secret).hex()
          pkce: off
          token_endpoint: https://demo.test/token
      """
    let setup = ["client_id": "cid", "client_secret": "hush"]
    var good = try SpecFlow(spec, setup: setup)
    try good.begin()
    // Python: hmac.new(b"hush", ("code=c0de&state=" + STATE).encode(), "sha256").hexdigest(), with the state of
    // bytes 0 to 31 in base64url.
    let state = try #require(good.state.state)
    #expect(state == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
    var forged = good
    let error = #expect(throws: AuthorizationError.self) {
      try forged.callback("code=c0de&hmac=00&state=STATE", answers: [])
    }
    #expect(error?.code == .unacceptedCallback && forged.state.callback.isEmpty)
    try good.callback(
      "code=c0de&hmac=8c5e29db6fc3d173edfe89385d2aa186941d0e757d292a013d0f42094067c75c&state=STATE",
      answers: [.json(#"{"access_token":"a1"}"#)])
    #expect(good.state.credentials[""]?.parts["access_token"] == "a1")
  }

  @Test("client credentials: the scopes go along, and the exchange is repeated")
  func clientCredentials() throws {
    var flow = try SpecFlow(
      """
      name: Demo
      api: { base: https://api.demo.test }
      auth:
        app:
          kind: oauth2
          grant: client_credentials
          token_endpoint: https://demo.test/token
          client_authentication: client_secret_basic
      """, fields: ["client_id": "a b", "client_secret": "s:"], scopes: ["x", "y"])
    try flow.begin(answers: [.json(#"{"access_token":"t1","expires_in":60,"refresh_token":"r"}"#)])
    #expect(flow.body(0) == "grant_type=client_credentials&scope=x+y")
    // base64("a+b:s%3A")
    #expect(flow.requests[0].request.headerFields[.authorization] == "Basic YStiOnMlM0E=")
    #expect(flow.state.credentials[""]?.parts == ["access_token": "t1"])
    try flow.begin(.renew, answers: [.json(#"{"access_token":"t2"}"#)])
    #expect(flow.body(1) == flow.body(0))
  }

  @Test("parameters go as JSON, with the types that they are written in, or into the query")
  func tokenBody() throws {
    func flow(_ body: String) throws -> SpecFlow {
      var flow = try SpecFlow(
        """
        name: Demo
        api: { base: https://api.demo.test }
        auth:
          oauth:
            kind: oauth2
            authorization_endpoint: https://demo.test/authorize
            token_endpoint: https://demo.test/token
            pkce: off
            token_body: \(body)
            exchange_parameters: { ttl: 60, text: "60", redirect_uri: $<none> }
        """, setup: ["client_id": "cid", "client_secret": "sec"])
      try flow.begin()
      try flow.callback("code=c&state=STATE", answers: [.json(#"{"access_token":"a"}"#)])
      return flow
    }
    #expect(
      try flow("json").body(0)
        == #"{"code":"c","grant_type":"authorization_code","text":"60","ttl":60,"client_id":"cid","client_secret":"sec"}"#
    )
    let query = try flow("query")
    #expect(
      query.path(0)
        == "demo.test/token?code=c&grant_type=authorization_code&text=60&ttl=60&client_id=cid&client_secret=sec"
    )
    #expect(query.requests[0].body == nil)
  }

  @Test("XML is sent and read")
  func xml() throws {
    var flow = try SpecFlow(
      """
      name: Demo
      api: { base: https://api.demo.test }
      auth:
        login:
          kind: custom
          ask: { user: { title: User }, password: { title: Password, type: secret } }
          exchange:
            post: https://demo.test/xml
            xml: { request: { "@version": "3", login: { user: $<user>, password: $<password> }, item: [a, b] } }
            format: xml
            accept: body.response.status == "success"
            credential: { session: $<body.response.result.1.id>, expires_in: $<body.response."@ttl"> }
          sign: { headers: { X-Session: $<credential.session> } }
      """, fields: ["user": "a<b", "password": "&"])
    try flow.begin(
      answers: [
        .text(
          "<?xml version=\"1.0\"?><response ttl=\"90\"><status>success</status><result><id>x</id></result><result><id>y</id></result></response>"
        )
      ])
    #expect(
      flow.body(0)
        == #"<?xml version="1.0" encoding="UTF-8"?><request version="3"><login><user>a&lt;b</user><password>&amp;</password></login><item>a</item><item>b</item></request>"#
    )
    #expect(flow.state.credentials[""]?.parts == ["session": "y"])
    #expect(flow.state.credentials[""]?.lifetime == 90)
  }

  @Test("a choice decides the host by its constants, and one of them asks for more")
  func choice() throws {
    let spec = """
      name: Demo
      ask:
        cloud:
          title: Cloud
          type: choice
          values: { eu: { title: EU, host: eu.demo.test }, own: { title: Own } }
        domain: { title: Domain, type: host, when: cloud == "own" }
      api: { base: "https://$<cloud.host else domain>/v1" }
      auth: { api_key: { verify: GET /me } }
      """
    var flow = try SpecFlow(spec, fields: ["cloud": "eu", "api_key": "k"])
    try flow.begin(answers: [.json("{}")])
    #expect(flow.path(0) == "eu.demo.test/v1/me")
    var own = try SpecFlow(spec, fields: ["cloud": "own", "domain": "a.b.test", "api_key": "k"])
    try own.begin(answers: [.json("{}")])
    #expect(own.path(0) == "a.b.test/v1/me")
  }

  @Test("hints go to the browser, are not kept, and are left out where none is given")
  func hints() throws {
    let spec = """
      name: Demo
      hints: { login_hint: { type: email } }
      api: { base: https://api.demo.test }
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://demo.test/authorize
          token_endpoint: https://demo.test/token
          authorization_parameters: { login_hint: $<login_hint else none>, nonce: $<nonce> }
          state_in: custom
          answer: form_post
      """
    let setup = ["client_id": "cid", "client_secret": "sec"]
    var flow = try SpecFlow(spec, setup: setup, hints: ["login_hint": "a@b.test"])
    try flow.begin()
    let url = try #require(flow.url)
    #expect(url.contains("login_hint=a%40b.test") && url.contains("response_mode=form_post"))
    #expect(url.contains("custom=\(flow.state.state ?? "?")") && !url.contains("&state="))
    #expect(url.contains("nonce=\(flow.state.nonce ?? "?")"))
    try flow.callback("code=c&custom=STATE", answers: [.json(#"{"access_token":"a"}"#)])
    var silent = try SpecFlow(spec, setup: setup)
    try silent.begin()
    #expect(silent.url?.contains("login_hint") == false)
  }

  @Test("a carrier makes values, cookies and a signature over the request it signs")
  func carrier() throws {
    var flow = try SpecFlow(
      """
      name: Demo
      api: { base: https://api.demo.test, headers: { X-Api: "2" } }
      auth:
        api_key:
          verify: { post: /check, query: { b: "2", a: "1" }, json: { x: 1 } }
          sign:
            let: { stamp: $<now.time("milliseconds")> }
            headers: { X-Stamp: $<stamp>, X-Sign: $<(stamp + request.path + request.body).hmac_sha256(api_key).hex()> }
            cookies: { sid: abc, lang: en }
      """, fields: ["api_key": "key"])
    try flow.begin(answers: [.json("{}")])
    let fields = flow.requests[0].request.headerFields
    #expect(fields[.cookie] == "lang=en; sid=abc")
    #expect(fields[HTTPField.Name("X-Stamp")!] == "1700000000000")
    #expect(fields[HTTPField.Name("X-Api")!] == "2")
    // Python: hmac.new(b"key", b'1700000000000/check{"x":1}', "sha256").hexdigest()
    #expect(
      fields[HTTPField.Name("X-Sign")!]
        == "eaa6d2137be251d1f673f05def0b8d8e7eca655f04d889d2e17ca47366ef2964")
    #expect(flow.path(0) == "api.demo.test/check?a=1&b=2")
  }

  @Test("what is used once is not kept, and a step behind an unmet condition does not run")
  func conditions() throws {
    var flow = try SpecFlow(
      """
      name: Demo
      api: { base: https://api.demo.test }
      auth:
        login:
          kind: custom
          ask:
            code: { title: Code, type: secret, once: true }
            team: { title: Team, optional: true }
          exchange:
            - { post: https://demo.test/a, form: { code: $<code> }, credential: { access_token: $<body.t> } }
            - { get: /team, with: credential, when: team != none, query: { team: $<team> }, save: { plan: { from: $<body.plan>, type: text } } }
      """, fields: ["code": "123"])
    try flow.begin(answers: [.json(#"{"t":"a"}"#)])
    #expect(flow.requests.count == 1)
    var more = try SpecFlow(
      """
      name: Demo
      api: { base: https://api.demo.test }
      auth:
        login:
          kind: custom
          ask: { team: { title: Team, optional: true } }
          exchange:
            - { credential: { access_token: fixed } }
            - { get: /team, with: credential, when: team != none, query: { team: $<team> }, save: { plan: { from: $<body.plan>, type: text } } }
      """, fields: ["team": "x"])
    try more.begin(answers: [.json(#"{"plan":"gold"}"#)])
    #expect(more.path(0) == "api.demo.test/team?team=x" && more.state.saved["plan"] == "gold")
    #expect(more.requests[0].request.headerFields[.authorization] == "Bearer fixed")
  }

  @Test("a data centre that comes back in the callback decides the hosts, out of a choice alone")
  func callbackChoice() throws {
    let spec = """
      name: Demo
      api: { base: https://www.$<location.apis> }
      auth:
        oauth:
          kind: oauth2
          authorization_endpoint: https://demo.test/authorize
          token_endpoint: https://accounts.$<location.domain>/token
          save:
            location: { from: $<callback.location>, type: choice, default: us, values: { us: { domain: demo.test, apis: api.test }, eu: { domain: demo.eu, apis: api.eu } } }
      """
    let setup = ["client_id": "cid", "client_secret": "sec"]
    for (query, host) in [
      ("&location=eu", "accounts.demo.eu/token"), ("", "accounts.demo.test/token"),
    ] {
      var flow = try SpecFlow(spec, setup: setup)
      try flow.begin()
      try flow.callback("code=c&state=STATE" + query, answers: [.json(#"{"access_token":"a"}"#)])
      #expect(flow.path(0) == host)
    }
    var forged = try SpecFlow(spec, setup: setup)
    try forged.begin()
    let error = #expect(throws: AuthorizationError.self) {
      try forged.callback("code=c&state=STATE&location=evil", answers: [])
    }
    #expect(error?.code == .unfitValue && forged.requests.isEmpty)
  }
}
