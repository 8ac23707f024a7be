/// A host's name of two labels or more, such as `acme.example.com`: no port, no address, no internationalized label.
///
/// What people paste is taken (`https://acme.example.com/`) and stored canonical, in lower case.
/// - Source: RFC 1123 §2.1
public struct HostName: FieldValue, Hashable, CustomStringConvertible {
  /// The name, in lower case.
  public let text: String

  /// Checks a host's name, or takes it out of an address that was pasted.
  /// - Throws: ``FieldFailure`` for anything but the name of a host.
  public init(_ text: String) throws(FieldFailure) {
    let failure = FieldFailure(
      type: "host", reason: "wanted the name of a host, such as 'acme.example.com', without a port")
    let isAddress = text.asciiLowered.hasPrefix("https://")
    guard let parts = try? URLParts(reading: isAddress ? text : "https://\(text)"),
      parts.origin.port == 443, parts.path == "/", parts.query == nil, parts.fragment == nil,
      URLParts.isHostName(parts.origin.host),
      parts.origin.host.split(separator: ".").allSatisfy({ HostLabel.isLabel(String($0)) })
    else { throw failure }
    self.text = parts.origin.host
  }

  /// The name.
  public var fieldText: String { text }

  /// The name.
  public var description: String { text }
}
