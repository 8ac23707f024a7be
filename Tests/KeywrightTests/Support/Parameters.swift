import KeywrightCrypto
import KeywrightDefinition

/// The decoded value of a URL's parameter.
func parameter(_ name: String, of url: String) -> String? {
  guard let parts = try? URLParts(reading: url) else { return nil }
  return parts.queryPairs?.first { $0.name == name }?.value
}

/// The text of a parameter that a request carries as JSON.
func parameter(_ name: String, sentIn body: String) -> String? {
  (try? JSON(reading: body))?[name]?.scalarText
}

/// What is sealed in a flow or a connection, opened with the primitives alone.
func open(_ sealed: String, with key: String, purpose: String) throws -> String {
  let text = String(sealed.dropFirst(purpose.count + 1))
  let bytes = Encoding.bytes(base64URL: text) ?? []
  let opened = try AESGCM(key: Encoding.bytes(base64URL: key) ?? []).open(
    Array(bytes.dropFirst(12)), nonce: Array(bytes.prefix(12)),
    authenticating: Array("\(purpose)\u{0}notebook".utf8))
  return String(decoding: opened ?? [], as: UTF8.self)
}
