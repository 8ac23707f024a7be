internal import KeywrightDefinition

/// Settings that are more than a text.
extension SettingsReader {
  /// One of a few words.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ setting: Setting
  ) throws(SettingsError) -> Choice {
    let word = try word(setting)
    if let choice = Choice(rawValue: word) { return choice }
    let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    throw misfit(setting, wanted: "one of \(words)")
  }

  /// What a socket is bound to: an address of either kind, or a name.
  func host(_ setting: Setting) throws(SettingsError) -> String {
    let host = try word(setting)
    // A '%' is for the zone of a link-local address.
    guard !host.holds({ !$0.isLetterDigitHyphen && !".:%_".utf8.contains($0) }) else {
      throw misfit(setting, wanted: "an address or a name without scheme, port and brackets")
    }
    return host
  }

  /// What redirect URIs begin with, without a `/` at its end.
  ///
  /// It is held to the same rules as a redirect URI, which it becomes.
  func publicURL(_ setting: Setting) throws(SettingsError) -> String? {
    guard let text = try text(setting) else { return nil }
    let wanted =
      """
      an https URL without user name, query and fragment; \
      http only for localhost, 127.0.0.1, [::1]
      """
    let parts: URLParts
    do {
      parts = try URLParts(reading: text)
    } catch {
      throw misfit(setting, wanted: "\(wanted); it has \(error.reason)")
    }
    guard parts.query == nil, parts.fragment == nil,
      parts.origin.scheme == .https || parts.origin.isLoopback
    else { throw misfit(setting, wanted: wanted) }
    var url = parts.description
    while url.utf8.last == UInt8(ascii: "/") { url.removeLast() }
    return url
  }

  /// Pairs of origins, the second of each on this machine.
  func origins(_ setting: Setting) throws(SettingsError) -> [String: String] {
    var map: [String: String] = [:]
    for text in try list(setting) {
      let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, let from = Self.origin(sides[0]), let to = Self.origin(sides[1]),
        to.isLoopback
      else {
        throw misfit(
          setting,
          wanted:
            "A=B with two origins, the second of this machine, such as https://example.com=http://127.0.0.1:4711"
        )
      }
      guard map.updateValue(to.description, forKey: from.description) == nil else {
        throw misfit(setting, wanted: "each origin at most once before a '='")
      }
    }
    return map
  }

  private static func origin(_ text: Substring) -> Origin? {
    guard let parts = try? URLParts(reading: String(text)), parts.path == "/", parts.query == nil,
      parts.fragment == nil
    else { return nil }
    return parts.origin
  }
}
