import Foundation
import Keywright
import KeywrightDefinition
import Testing

/// The guide "Authorize an API", step by step and in its order, as a person does it: by clicking.
@Suite("The guide")
struct GuideTests {
  @Test("1. start: a first start makes the administrator, and shows where to go on")
  func start() async throws {
    try await Desk.with(isSetUp: false) { desk in
      let browser = desk.browser
      try await browser.open(desk.address)
      try await browser.find("h1", saying: "Welcome to Keywright")
      try await browser.audit("setup")
      try await browser.fill("#token", "kw_setup_wrong")
      try await browser.fill("#password", Desk.password)
      try await desk.press("Set up")
      #expect(try await browser.find("[role=alert]").text.contains("not the token"))
      try await browser.audit("setup-refused", status: 401)
      try await desk.setUp()
      #expect(try await browser.text.contains("Connect your first API"))
      try await browser.audit("integrations-empty")

      try await desk.press("Log out")
      try await browser.find("h1", saying: "Log in to Keywright")
      try await browser.open(desk.home + "/settings")
      try await browser.waitUntil("where the person was going") {
        try await browser.url.contains("next=")
      }
      try await browser.find("h1", saying: "Log in to Keywright")
      try await browser.audit("login")
      try await browser.fill("#password", "another password")
      try await desk.press("Log in")
      #expect(
        try await browser.find("[role=alert]").text.contains("not the administrator's password"))
      try await browser.fill("#password", Desk.password)
      try await desk.press("Log in")
      // Where the person was going.
      try await browser.find("h1", saying: "Environment Settings")
    }
  }

  @Test("2. create an integration, OAuth: search, register the callback URL, client, scopes")
  func oauth() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      try await browser.click("a", saying: "Pick an API")
      try await browser.find(".tile", saying: "Zendesk")
      try await browser.audit("catalogue")
      try await browser.fill("#search", "support zen")
      try await browser.waitUntil("one API") { try await browser.all(".tile").count == 1 }
      #expect(try await browser.find("[role=status]").text == "1 API")
      try await browser.click(".tile", saying: "Zendesk")

      let callback = "\(desk.address)/oauth/callback/zendesk"
      #expect(try await browser.find("#callback").text == callback)
      // Links and gotchas, out of the spec.
      let about = try await browser.find("aside").text
      #expect(about.contains("Developer portal") && about.contains("expires_in"))
      try await browser.audit("create-oauth")
      try await browser.fill("#key", "my-desk")
      #expect(
        try await browser.find("#callback").text == "\(desk.address)/oauth/callback/my-desk")
      try await browser.fill("[name='setup.client_id']", "any")
      try await browser.fill("[name='setup.client_secret']", "any-secret-canary")
      try await browser.fill("#scope-search", "tickets:read")
      #expect(try await browser.all("#scope-list li:not([hidden])").count == 1)
      try await browser.click("input[value='tickets:read']")
      try await browser.fill("#other-scopes", "chat:read")
      try await desk.press("Create")

      try await browser.find("[role=status]", saying: "Created.")
      #expect(
        try await browser.find("#callback").text == "\(desk.address)/oauth/callback/my-desk")
      let source = try await browser.execute("return document.documentElement.outerHTML").text ?? ""
      #expect(!source.contains("any-secret-canary"), "a secret is not shown back")
      try await browser.audit("integration-oauth")
      let made = try await desk.backend("GET", "/integrations/my-desk?include=credentials").json[
        "data"]
      #expect(made?["scopes"]?.textList == ["tickets:read", "chat:read"])
      #expect(made?["credentials"]?["client_secret"]?.text == "any-secret-canary")

      // A setting is changed, and the secret stays; a name that is left empty is the API's.
      try await desk.press("Save")
      try await browser.find("[role=status]", saying: "Saved.")
      try await browser.find("h1", saying: "Zendesk")
      try await browser.fill("#display", "Help desk")
      try await desk.press("Save")
      try await browser.find("h1", saying: "Help desk")
      let saved = try await desk.backend("GET", "/integrations/my-desk?include=credentials").json[
        "data"]
      #expect(saved?["credentials"]?["client_secret"]?.text == "any-secret-canary")
      #expect(saved?["scopes"]?.textList == ["tickets:read", "chat:read"])
      try await browser.click("nav a", saying: "Integrations")
      try await browser.find("td", saying: "ready")
      try await browser.audit("integrations")
    }
  }

  @Test("2. create an integration, API key: nothing to configure")
  func apiKey() async throws {
    try await Desk.with { desk in
      try await desk.browser.open(desk.home + "/new/openai")
      #expect(try await desk.browser.text.contains("Nothing to configure"))
      try await desk.browser.audit("create-key")
      try await desk.press("Create")
      try await desk.browser.find("[role=status]", saying: "Created.")
      #expect(try await desk.browser.all("#callback").isEmpty)
      try await desk.browser.audit("integration-key")
    }
  }

  @Test("2. create an integration, Basic: nothing to configure")
  func basic() async throws {
    try await Desk.with { desk in
      try await desk.browser.open(desk.home + "/new/twilio")
      #expect(try await desk.browser.text.contains("Nothing to configure"))
      try await desk.press("Create")
      try await desk.browser.find("[role=status]", saying: "Created.")
      #expect(try await desk.browser.find("dl").text.contains("Basic"))
    }
  }

  @Test("2. create an integration, custom: the settings say what is needed")
  func custom() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      // A log-in by several requests needs nothing.
      try await browser.open(desk.home + "/new/docuware")
      #expect(try await browser.text.contains("Nothing to configure"))
      try await desk.press("Create")
      try await browser.find("[role=status]", saying: "Created.")
      // Where the integrator names the server, the settings ask for it, check it, and keep what was typed.
      try await browser.open(desk.home + "/new/gitlab")
      try await browser.fill("[name='setup.server']", "https://evil.test/#")
      try await browser.fill("[name='setup.client_id']", "any")
      try await desk.press("Create")
      try await browser.find("#e-server", saying: "without a path")
      #expect(try await browser.find("[name='setup.client_id']").value == "any")
      try await browser.audit("create-refused", status: 400)
      try await browser.fill("[name='setup.server']", "https://git.example.com")
      try await desk.press("Create")
      try await browser.find("[role=status]", saying: "Created.")
      #expect(try await browser.find("#missing").text.contains("Secret"))
      #expect(try await browser.find("button", saying: "Connect").isEnabled == false)
      try await browser.audit("integration-incomplete")
    }
  }

  @Test(
    "3. test the authorization: Connect, log in at the provider in a window, and a connection appears"
  )
  func connect() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      try await desk.integrate("zendesk", Desk.client)
      try await browser.open(desk.home + "/integrations/zendesk")
      let page = try await browser.window
      try await desk.press("Connect")
      try await browser.inFrame("dialog iframe") {
        // It is judged while it is typed, and shown what it means.
        try await browser.fill("[name=subdomain]", "evil.com/")
        try await browser.find("#e-subdomain", saying: "label")
        try await browser.fill("[name=subdomain]", "acme")
        try await browser.find("#h-subdomain", saying: "https://acme.zendesk.com")
      }
      try await browser.screenshot("connect-in-dashboard")
      try await browser.newWindow {
        try await browser.inFrame("dialog iframe") { try await desk.press("Connect") }
      }
      try await browser.click("button", saying: "Allow")
      try await browser.switchTo(window: page)
      try await browser.find("h1", saying: "Ada Lovelace")
      try await browser.audit("connection")
      #expect(try await desk.connection()?["connection_config"]?["subdomain"]?.text == "acme")
    }
  }

  @Test("3. test the authorization: an API key is asked for, and a wrong one refused with words")
  func connectKey() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      try await desk.integrate("openai")
      try await browser.open(desk.home + "/integrations/openai")
      try await desk.press("Connect")
      try await browser.inFrame("dialog iframe") {
        try await browser.fill("[name=api_key]", "sk-any")
        try await desk.press("Connect")
      }
      try await browser.waitUntil("the connection's page") {
        try await browser.url.contains("/connections/openai/")
      }
      try await browser.find("h2", saying: "Credential")
      #expect(try await desk.connection()?["provider_config_key"]?.text == "openai")
    }
  }

  @Test(
    "3. see the connection: whose it is, its credential, configuration, state; renew, verify, delete"
  )
  func connection() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      try await desk.integrate("zendesk", Desk.client)
      let address =
        "\(desk.address)/oauth/connect/zendesk?public_key=\(try desk.publicKey())&connection_id=conn-1&params%5Bsubdomain%5D=acme"
      try await browser.open(address)
      try await browser.find("button", saying: "Allow")
      try await browser.audit("simulated-consent")
      try await browser.click("button", saying: "Allow")
      try await browser.find("h1", saying: "Connected to Zendesk")
      try await browser.audit("callback-success")

      try await browser.open(desk.home + "/connections/zendesk/none")
      try await browser.find("h1", saying: "Not here")
      try await browser.audit("not-here", status: 404)
      try await browser.open(desk.home + "/connections")
      try await browser.find("td", saying: "Ada Lovelace")
      try await browser.audit("connections")
      try await browser.fill("#search", "nobody")
      try await browser.find("h2", saying: "None found")
      try await browser.fill("#search", "ada")
      try await browser.click("a", saying: "conn-1")
      let facts = try await browser.find("main").text
      #expect(facts.contains("Ada Lovelace") && facts.contains("1001"))
      #expect(facts.contains("acme"))

      // The credential is shown when it is asked for, and not before.
      let token = try await desk.backend("GET", "/connections/conn-1?provider_config_key=zendesk")
        .json[
          "credentials"]?["access_token"]?.text
      let hidden = try await browser.execute("return document.documentElement.outerHTML").text ?? ""
      let secret = try #require(token)
      #expect(!hidden.contains(secret))
      try await desk.press("Reveal the credential")
      #expect(try await browser.find("[id='c-access_token']").text == token)
      try await browser.audit("connection-revealed")

      try await desk.press("Renew now")
      try await browser.find("[role=status]", saying: "Renewed.")
      let renewed = try await desk.backend("GET", "/connections/conn-1?provider_config_key=zendesk")
        .json[
          "credentials"]?["access_token"]?.text
      #expect(renewed != token)
      try await desk.press("Verify now")
      try await browser.find("[role=status]", saying: "The credential is good.")
      try await browser.fill("#metadata", #"{"plan":"gold",}"#)
      try await desk.press("Save the metadata")
      try await browser.find("[role=alert]", saying: "JSON")
      #expect(try await browser.find("#metadata").value == #"{"plan":"gold",}"#)
      try await browser.fill("#metadata", #"{"plan":"gold"}"#)
      try await desk.press("Save the metadata")
      try await browser.find("[role=status]", saying: "Saved.")
      #expect(try await desk.connection()?["metadata"]?["plan"]?.text == "gold")
      // Connecting anew asks for nothing that the connection knows.
      let page = try await browser.window
      try await desk.press("Connect anew")
      try await browser.newWindow {
        try await browser.inFrame("dialog iframe") { try await desk.press("Connect") }
      }
      try await desk.press("Allow")
      try await browser.switchTo(window: page)
      try await browser.waitUntil("the page to be loaded anew") {
        try await browser.all("dialog").isEmpty
      }
      try await browser.find("h1", saying: "Ada Lovelace")
      #expect(
        try await desk.backend("GET", "/connections").json["connections"]?.elements?.count == 1)
      let history = try await browser.find("section[aria-labelledby=history-title]").text
      #expect(history.contains("Authorization") && history.contains("Renewal"))
      #expect(history.contains("Verification"))
      try await browser.click("summary", saying: "Delete this connection")
      try await desk.press("Delete the connection")
      try await browser.find("[role=status]", saying: "Deleted.")
      #expect(try await desk.connection() == nil)
    }
  }

  @Test("4. an app of one's own with the SDK: a click, a window, a connection")
  func app() async throws {
    try await Desk.with { desk in
      try await desk.integrate("zendesk", Desk.client)
      let call = #"keywright.auth("zendesk", "user-1", { params: { subdomain: "acme" } })"#
      try await AppPage.with(desk, calling: call) { app in
        try await app.connect()
        try await app.result("connected user-1")
      }
      #expect(try await desk.connection()?["connection_id"]?.text == "user-1")
      // The person says no: the promise ends with a word for it.
      try await AppPage.with(desk, calling: call.replacing("user-1", with: "user-2")) { app in
        let here = try await app.browser.window
        try await app.browser.newWindow { try await app.browser.click("#connect") }
        try await app.browser.click("button", saying: "Decline")
        try await app.browser.find("h1", saying: "You did not allow the connection")
        try await app.browser.audit("callback-declined", status: 400)
        try await app.browser.switchTo(window: here)
        try await app.result("access_denied")
      }
    }
  }

  @Test("5. secure it by HMAC: with the switch on, a call without a right digest is refused")
  func hmac() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      try await desk.integrate("openai")
      try await browser.open(desk.home + "/settings")
      try await browser.audit("settings")
      try await browser.click("[name=hmac_enabled]")
      try await desk.press("Save")
      #expect(try await browser.find("[role=alert]").text.contains("without an HMAC key"))
      try await desk.press("Make a key for me")
      let key = try await browser.find("#new-hmac").text
      #expect(key.count == 64)
      try await browser.audit("settings-hmac-key")
      try await browser.click("[name=hmac_enabled]")
      try await desk.press("Save")
      try await browser.find("[role=status]", saying: "Saved.")
      let call =
        #"keywright.auth("openai", "user-1", { hmac, credentials: { api_key: "sk-any" } })"#
      let digest = try Self.digest("openai:user-1", key)
      try await AppPage.with(desk, calling: call) { app in
        try await browser.click("#connect")
        try await app.result("missing_hmac")
        try await browser.fill("#hmac", String(digest.reversed()))
        try await browser.click("#connect")
        try await app.result("invalid_hmac")
        #expect(try await desk.connection() == nil)
        try await browser.fill("#hmac", digest)
        try await browser.click("#connect")
        try await app.result("connected user-1")
      }
    }
  }

  /// As a backend makes it, by a program that nobody here wrote.
  private static func digest(_ text: String, _ key: String) throws -> String {
    let outcome = try Command.run(
      "/bin/sh", ["-c", "printf %s '\(text)' | openssl dgst -sha256 -hmac '\(key)'"])
    return String(
      try #require(outcome.output.split(separator: " ").last).filter { !$0.isNewline })
  }

  @Test("6. connection configuration: given in the call, stored, and read by API and page")
  func configuration() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      try await desk.integrate("zendesk", Desk.client)
      let call = #"keywright.auth("zendesk", "user-1", { params: { subdomain: hmac } })"#
      try await AppPage.with(desk, calling: call) { app in
        try await browser.fill("#hmac", "evil.com/#")
        try await browser.click("#connect")
        try await app.result("invalid_config")
        try await browser.fill("#hmac", "acme")
        try await app.connect()
        try await app.result("connected user-1")
      }
      let read = try await desk.backend("GET", "/connections/user-1?provider_config_key=zendesk")
      #expect(read.json["connection_config"]?["subdomain"]?.text == "acme")
      try await browser.open(desk.home + "/connections/zendesk/user-1")
      #expect(
        try await browser.find("section[aria-labelledby=config-title]").text.contains("acme"))
    }
  }

  @Test("7. troubleshoot: a broken client secret, and Activity tells why")
  func troubleshoot() async throws {
    let authlib = try await AuthlibServer.running()
    try await NotebookSpecs.with { specs in
      try await Desk.with([
        "--specs", specs.path, "--origin-map", "\(AuthlibServer.origin)=\(authlib.target)",
      ]) { desk in
        let browser = desk.browser
        try await desk.integrate("notebook", ["client_id": "kw-client", "client_secret": "wrong"])
        try await browser.open(
          "\(desk.address)/oauth/connect/notebook?public_key=\(try desk.publicKey())&connection_id=ada&params%5Bworkspace%5D=acme"
        )
        try await browser.find("h1", saying: "The connection was not made")
        try await browser.audit("callback-failed", status: 400)
        try await browser.open(desk.home + "/activity")
        try await browser.find("td", saying: "invalid_client")
        try await browser.audit("activity")
        try await browser.click("tbody a", saying: "Authorization")
        let text = try await browser.find("main").text
        #expect(text.contains("Next:") && text.contains("exchange"))
        #expect(text.contains("POST \(AuthlibServer.origin)"))
        try await browser.audit("activity-entry")

        // The list keeps itself up to date.
        try await browser.open(desk.home + "/activity")
        _ = try await ServerUnderTest.send(
          "GET",
          "\(desk.address)/oauth/connect/notebook?public_key=\(try desk.publicKey())&connection_id=bert&params%5Bworkspace%5D=acme"
        )
        try await browser.find("tbody td", saying: "bert")

        // With the right secret the same server, which nobody here wrote, connects.
        try await browser.open(desk.home + "/integrations/notebook")
        try await browser.fill("[name='setup.client_secret']", AuthlibServer.client.secret.reveal())
        try await desk.press("Save")
        try await browser.find("[role=status]", saying: "Saved.")
        let call = #"keywright.auth("notebook", "ada", { params: { workspace: "acme" } })"#
        try await AppPage.with(desk, calling: call) { app in
          let here = try await browser.window
          try await browser.newWindow { try await browser.click("#connect") }
          try await browser.switchTo(window: here)
          try await app.result("connected ada")
        }
        try await browser.open(desk.home + "/connections/notebook/ada")
        try await browser.find("h1", saying: "Ada Lovelace")
        try await desk.press("Renew now")
        try await browser.find("[role=status]", saying: "Renewed.")
      }
    }
  }

  @Test("8. custom callback URL: an endpoint of the app passes everything on with a 308")
  func callback() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      try await desk.integrate("zendesk", Desk.client)
      // The app's own server: it knows nothing of us but where to pass on to.
      let forwarder = try await Forwarder.running(to: "\(desk.address)/oauth/callback")
      try await browser.open(desk.home + "/settings")
      try await browser.fill("#callback-url", "ftp://app.example.test/callback")
      try await browser.execute("document.querySelector('#callback-url').form.noValidate = true")
      try await desk.press("Save the callback URL")
      #expect(try await browser.find("[role=alert]").text.contains("absolute https URL"))
      try await browser.fill("#callback-url", "\(forwarder.address)/oauth-callback")
      try await desk.press("Save the callback URL")
      try await browser.find("[role=status]", saying: "Saved.")
      try await browser.open(desk.home + "/integrations/zendesk")
      #expect(
        try await browser.find("#callback").text == "\(forwarder.address)/oauth-callback")
      let call = #"keywright.auth("zendesk", "user-1", { params: { subdomain: "acme" } })"#
      try await AppPage.with(desk, calling: call) { app in
        try await app.connect()
        try await app.result("connected user-1")
      }
      #expect(forwarder.seen.first?.hasPrefix("/oauth-callback?") == true)
    }
  }

  @Test(
    "all of it by keyboard: the content is one key away, and a connection is made without a mouse")
  func keyboard() async throws {
    try await Desk.with { desk in
      let browser = desk.browser
      try await desk.integrate("openai")
      try await browser.open(desk.home + "/integrations/openai")
      try await browser.press(.tab)
      #expect(try await browser.focused.text == "Skip to the content")
      try await browser.press(.enter)
      #expect(try await browser.focused.attribute("id") == "main")
      // Past the path to this page, its button.
      try await browser.press(.tab, .tab)
      #expect(try await browser.focused.accessibleName == "Connect")
      try await browser.press(.enter)
      _ = try await browser.inFrame("dialog iframe") { try await browser.find("[name=api_key]") }
      // Escape closes it, and the focus is where it was.
      try await browser.press(.escape)
      try await browser.waitUntil("the dialog to be gone") {
        try await browser.all("dialog").isEmpty
      }
      #expect(try await browser.focused.accessibleName == "Connect")
      try await browser.press(.enter)
      try await browser.inFrame("dialog iframe") {
        try await browser.find("[name=api_key]")
        try await browser.press(.tab)
        try await browser.type("sk-any")
        try await browser.press(.enter)
      }
      try await browser.waitUntil("the connection's page") {
        try await browser.url.contains("/connections/openai/")
      }
    }
  }
}
