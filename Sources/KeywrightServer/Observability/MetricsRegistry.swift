package import CoreMetrics
internal import Synchronization

/// Keeps every metric of the process in memory, for Prometheus to fetch.
///
/// Who asks twice for a metric with the same labels gets the same one; order and spelling of labels
/// do not matter once ``exposition()`` would write them alike. Counters end in `_total`; timers are
/// histograms that end in `_seconds`; recorders are histograms where they aggregate, and else
/// gauges, as meters are.
package final class MetricsRegistry: MetricsFactory {
  /// The media type of ``exposition()``.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// Bounds for requests that talk to other servers. Unit: seconds.
  package static let timerBounds = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
  ]

  /// Bounds for numbers of things and of bytes: the powers of four up to 2^20.
  package static let recorderBounds: [Double] = (0...10).map { Double(1 << ($0 * 2)) }

  private struct Families {
    var counters: [String: MetricFamily<CounterSeries>] = [:]
    var gauges: [String: MetricFamily<GaugeSeries>] = [:]
    var histograms: [String: MetricFamily<HistogramSeries>] = [:]
    /// Every name that a sample may have.
    var names: Set<String> = []
  }

  private let seriesLimit: Int
  private let families = Mutex(Families())

  /// Begins without a metric.
  /// - Parameter seriesLimit: how many label combinations of one metric are told apart. Default
  ///   1,000; further ones are counted together, under the value `other`.
  package init(seriesLimit: Int = 1_000) { self.seriesLimit = seriesLimit }

  /// All metrics at this moment, sorted by name and labels, in the text format 0.0.4.
  /// - Complexity: O(n log n) in the number of series; the metrics are written to meanwhile.
  package func exposition() -> String {
    var metrics: [(name: String, type: String, series: [any MetricSeries])] = []
    // Copies are sorted and written outside the lock, so that nobody waits for a scrape.
    let families = families.withLock { $0 }
    metrics += families.counters.values.map { ($0.name, "counter", $0.sorted) }
    metrics += families.gauges.values.map { ($0.name, "gauge", $0.sorted) }
    metrics += families.histograms.values.map { ($0.name, "histogram", $0.sorted) }
    var exposition = Exposition()
    for metric in metrics.sorted(by: { $0.name < $1.name }) {
      exposition.write(metric.name, type: metric.type, metric.series)
    }
    return exposition.text
  }

  // MARK: Making

  /// The counter of a name and labels.
  package func makeCounter(
    label: String, dimensions: [(String, String)]
  ) -> any CounterHandler { counter(label, dimensions) }

  /// The counter of a name and labels: the same one that counts whole numbers.
  package func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler { counter(label, dimensions) }

  /// The gauge of a name and labels.
  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    gauge(label, dimensions)
  }

  /// The histogram of a name and labels, or the gauge where nothing is to be aggregated.
  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    if !aggregate { return gauge(label, dimensions) }
    return histogram(MetricName(label, kind: "recorder"), dimensions, bounds: Self.recorderBounds)
  }

  /// The histogram of a name and labels, in seconds.
  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    let name = MetricName(label, ending: "_seconds", kind: "timer")
    return histogram(name, dimensions, bounds: Self.timerBounds)
  }

  private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
    let name = MetricName(label, ending: "_total", kind: "counter")
    return series(\.counters, name, LabelSet(dimensions)) { CounterSeries(at: $0) }
  }

  private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
    let name = MetricName(label, kind: "gauge")
    return series(\.gauges, name, LabelSet(dimensions)) { GaugeSeries(at: $0) }
  }

  private func histogram(
    _ name: MetricName, _ dimensions: [(String, String)], bounds: [Double]
  ) -> HistogramSeries {
    let labels = LabelSet(dimensions, reserved: ["le"])
    return series(\.histograms, name, labels, samples: ["_bucket", "_sum", "_count"]) {
      HistogramSeries(at: $0, bounds: bounds)
    }
  }

  /// Finds or makes a series.
  /// - Parameter samples: what the names of its samples end in, beside the metric's own.
  private func series<Series: MetricSeries>(
    _ kind: WritableKeyPath<Families, [String: MetricFamily<Series>]>, _ name: MetricName,
    _ labels: LabelSet, samples: [String] = [], make: (SeriesPlace) -> Series
  ) -> Series {
    families.withLock { families in
      let key = name.text
      let known = families[keyPath: kind][key]?.name
      let text = known ?? name.claimed(among: &families.names, samples: samples)
      return families[keyPath: kind][key, default: MetricFamily(name: text)].series(
        under: labels, limit: seriesLimit
      ) { make(SeriesPlace(family: key, labels: $0)) }
    }
  }

  // MARK: Forgetting

  /// Forgets the series at once: whoever else holds it counts for nothing from here on.
  package func destroyCounter(_ handler: any CounterHandler) { forget(handler) }

  /// Forgets the series at once, also as a counter of whole numbers.
  package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
    forget(handler)
  }

  /// Forgets the series at once, also as a recorder.
  package func destroyMeter(_ handler: any MeterHandler) { forget(handler) }

  /// Forgets the series at once.
  package func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }

  /// Forgets the series at once.
  package func destroyTimer(_ handler: any TimerHandler) { forget(handler) }

  private func forget(_ handler: AnyObject) {
    switch handler {
    case let series as CounterSeries: forget(series, \.counters)
    case let series as GaugeSeries: forget(series, \.gauges)
    case let series as HistogramSeries: forget(series, \.histograms)
    // Another factory's handler, which is not here.
    default: return
    }
  }

  private func forget<Series: MetricSeries>(
    _ series: Series, _ kind: WritableKeyPath<Families, [String: MetricFamily<Series>]>
  ) {
    families.withLock { $0[keyPath: kind][series.place.family]?.remove(series) }
  }
}

/// The name of a metric in the exposition, before anybody else's is looked at.
private struct MetricName {
  private let stem: String
  private let ending: String
  private let kind: String

  /// - Parameters:
  ///   - ending: what the name ends in; added where it is missing.
  ///   - kind: the word that tells it from a metric of another kind with the same name.
  init(_ label: String, ending: String = "", kind: String) {
    let name = PrometheusName.metric(label)
    stem = name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : name
    self.ending = ending
    self.kind = kind
  }

  var text: String { stem + ending }

  /// Takes a name that no other kind of metric has: one name with two types would spoil the whole
  /// page.
  func claimed(among names: inout Set<String>, samples: [String]) -> String {
    var stem = stem
    while true {
      let text = stem + ending
      let wanted = Set([text] + samples.map { text + $0 })
      if names.isDisjoint(with: wanted) {
        names.formUnion(wanted)
        return text
      }
      stem += "_" + kind
    }
  }
}
