/// A page of samples as Prometheus reads them.
///
/// - Source: text format 0.0.4, <https://prometheus.io/docs/instrumenting/exposition_formats/>
struct Exposition {
  private var bytes: [UInt8] = []

  /// What was written.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Adds a metric with all its series, or nothing where it has none.
  mutating func write(_ name: String, type: String, _ series: [any MetricSeries]) {
    if series.isEmpty { return }
    bytes += "# TYPE \(name) \(type)\n".utf8
    for series in series { series.write(to: &self, name: name) }
  }

  /// Adds one line.
  /// - Parameter bound: the upper bound of a bucket, as the label `le`.
  mutating func sample(_ name: String, _ labels: LabelSet, _ value: String, bound: String? = nil) {
    bytes += name.utf8
    if !labels.bytes.isEmpty || bound != nil {
      bytes.append(UInt8(ascii: "{"))
      bytes += labels.bytes
      if let bound { bytes += "\(labels.bytes.isEmpty ? "" : ",")le=\"\(bound)\"".utf8 }
      bytes.append(UInt8(ascii: "}"))
    }
    bytes += " \(value)\n".utf8
  }

  /// A double as Go's `ParseFloat` reads it; whole numbers without a point.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    // Beyond 2^53 a double's digits would promise more than it knows.
    if abs(value) <= 9_007_199_254_740_992, let whole = Int64(exactly: value) {
      return String(whole)
    }
    return value.description
  }
}
