import KeywrightDefinition
import Testing

@Suite("Secret")
struct SecretTests {
  /// Holds a secret the way a consumer's type would.
  struct Holder: Sendable {
    let name = "holder"
    let secret = Secret("CANARY-7f3d")
    var list: [Secret] { [secret] }
  }

  @Test("no way of printing shows it, alone or within something else")
  func printing() {
    let secret = Secret("CANARY-7f3d")
    var texts = [
      secret.description, secret.debugDescription, String(describing: secret),
      String(reflecting: secret),
      "\(Holder())", String(reflecting: Holder()), "\([secret])", "\(["k": secret])",
      "\(Optional(secret) as Any)", String(reflecting: Mirror(reflecting: secret)),
      "\(Mirror(reflecting: Holder()).children.map(\.value))",
    ]
    for value in [secret, Holder(), [secret], Optional(secret) as Any] as [Any] {
      var dumped = ""
      dump(value, to: &dumped)
      texts.append(dumped)
    }
    for text in texts { #expect(!text.contains("CANARY"), "\(text)") }
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  @Test("it can't be encoded")
  func encoding() { #expect(!(Secret("x") as Any is any Encodable)) }

  @Test("reveal gives the text as it was")
  func reveal() { #expect(Secret(" tök\n").reveal() == " tök\n") }

  @Test("equal texts are equal, by bytes")
  func equality() {
    #expect(Secret("a") == Secret("a"))
    #expect(Secret("\u{E9}") != Secret("e\u{301}"))
  }
}
