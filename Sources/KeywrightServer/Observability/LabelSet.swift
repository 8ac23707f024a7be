/// The labels of one series, sorted and written as they stand between the braces:
/// `method="GET",route="/v1"`.
///
/// Two are equal where these bytes are: `==` on texts would also join what Unicode calls
/// equivalent.
struct LabelSet: Sendable, Hashable {
  /// As in the exposition, values escaped.
  let bytes: [UInt8]

  private let names: [String]

  /// Makes a set of a metric's dimensions.
  /// - Parameter reserved: names that the metric itself needs, as a histogram needs `le`.
  ///
  /// Where two names come out the same, the later one gets a `_`, so that nothing is lost.
  init(_ dimensions: [(String, String)], reserved: Set<String> = []) {
    var taken = reserved
    var labels: [(name: String, value: String)] = []
    for (name, value) in dimensions.sorted(by: { $0 < $1 }) {
      var name = PrometheusName.label(name)
      while !taken.insert(name).inserted { name += "_" }
      labels.append((name, value))
    }
    self.init(sorted: labels.sorted { $0.name < $1.name })
  }

  private init(sorted labels: [(name: String, value: String)]) {
    names = labels.map(\.name)
    var bytes: [UInt8] = []
    for (name, value) in labels {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
      bytes += name.utf8
      bytes += "=\"".utf8
      for byte in value.utf8 { Self.append(byte, to: &bytes) }
      bytes.append(UInt8(ascii: "\""))
    }
    self.bytes = bytes
  }

  private static func append(_ byte: UInt8, to bytes: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\\"): bytes += "\\\\".utf8
    case UInt8(ascii: "\""): bytes += "\\\"".utf8
    case UInt8(ascii: "\n"): bytes += "\\n".utf8
    default: bytes.append(byte)
    }
  }

  /// The same names, each with the value `other`: where combinations beyond a metric's limit are
  /// counted.
  var others: LabelSet { LabelSet(sorted: names.map { ($0, "other") }) }

  static func == (one: LabelSet, other: LabelSet) -> Bool { one.bytes == other.bytes }

  func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}
