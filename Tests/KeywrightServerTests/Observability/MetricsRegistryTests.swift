import CoreMetrics
import KeywrightServer
import Testing

@Suite("Metrics registry")
struct MetricsRegistryTests {
  private let registry = MetricsRegistry()

  private var lines: [String] { registry.exposition().split(separator: "\n").map(String.init) }

  @Test("without a metric the page is empty")
  func empty() { #expect(registry.exposition() == "") }

  // MARK: Kinds

  @Test("a counter adds up, and ends in _total")
  func counter() {
    let counter = Counter(label: "http_requests", factory: registry)
    counter.increment()
    counter.increment(by: 41)
    #expect(
      registry.exposition() == "# TYPE http_requests_total counter\nhttp_requests_total 42\n")
  }

  @Test("a counter that ends in _total keeps its name")
  func suffix() {
    Counter(label: "logins.total", factory: registry).increment()
    #expect(lines == ["# TYPE logins_total counter", "logins_total 1"])
  }

  @Test("whole numbers and others of one counter are one sum")
  func floatingPoint() {
    Counter(label: "c", factory: registry).increment(by: 2)
    FloatingPointCounter(label: "c", factory: registry).increment(by: 0.25)
    #expect(lines.last == "c_total 2.25")
  }

  @Test("a counter never falls, whatever it is told")
  func monotonic() {
    let counter = Counter(label: "c", factory: registry)
    counter.increment(by: 5)
    counter.increment(by: -3)
    let fraction = FloatingPointCounter(label: "c", factory: registry)
    for amount in [-0.5, .nan, .infinity] { fraction.increment(by: amount) }
    #expect(lines.last == "c_total 5")
  }

  @Test("a counter at the end of its range stays there")
  func overflow() {
    let counter = Counter(label: "c", factory: registry)
    counter.increment(by: Int64.max)
    counter.increment(by: Int64.max)
    #expect(lines.last == "c_total 9223372036854775807")
  }

  @Test("a counter that is reset begins at zero")
  func reset() {
    let counter = Counter(label: "c", factory: registry)
    counter.increment(by: 5)
    counter.reset()
    #expect(lines.last == "c_total 0")
  }

  @Test("a gauge has the value that was set last")
  func gauge() {
    let gauge = Gauge(label: "g", factory: registry)
    gauge.record(7)
    gauge.record(-1.5)
    #expect(lines == ["# TYPE g gauge", "g -1.5"])
  }

  @Test(
    "a gauge tells what is no number as Prometheus spells it",
    arguments: [
      (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (-0.0, "0"),
      (1e300, "1e+300"),
      (9_007_199_254_740_994, "9.007199254740994e+15"),
    ])
  func spelling(value: Double, text: String) {
    Gauge(label: "g", factory: registry).record(value)
    #expect(lines.last == "g \(text)")
  }

  @Test("a meter goes up and down, and stays finite")
  func meter() {
    let meter = Meter(label: "open", factory: registry)
    meter.set(3)
    meter.increment(by: 2.5)
    meter.decrement()
    meter.increment(by: Double.nan)
    #expect(lines == ["# TYPE open gauge", "open 4.5"])
  }

  @Test("a timer is a histogram in seconds, whose buckets count all below them")
  func timer() {
    let timer = Timer(label: "call", factory: registry)
    timer.recordMilliseconds(1)
    timer.recordMilliseconds(700)
    timer.recordSeconds(31)
    #expect(
      lines == [
        "# TYPE call_seconds histogram",
        #"call_seconds_bucket{le="0.001"} 1"#, #"call_seconds_bucket{le="0.0025"} 1"#,
        #"call_seconds_bucket{le="0.005"} 1"#, #"call_seconds_bucket{le="0.01"} 1"#,
        #"call_seconds_bucket{le="0.025"} 1"#, #"call_seconds_bucket{le="0.05"} 1"#,
        #"call_seconds_bucket{le="0.1"} 1"#, #"call_seconds_bucket{le="0.25"} 1"#,
        #"call_seconds_bucket{le="0.5"} 1"#, #"call_seconds_bucket{le="1"} 2"#,
        #"call_seconds_bucket{le="2.5"} 2"#, #"call_seconds_bucket{le="5"} 2"#,
        #"call_seconds_bucket{le="10"} 2"#, #"call_seconds_bucket{le="30"} 2"#,
        #"call_seconds_bucket{le="+Inf"} 3"#, "call_seconds_sum 31.701", "call_seconds_count 3",
      ])
  }

  @Test("a duration below zero counts as none")
  func negative() {
    Timer(label: "call", factory: registry).recordNanoseconds(-5)
    #expect(lines.suffix(2) == ["call_seconds_sum 0", "call_seconds_count 1"])
  }

  @Test("a recorder is a histogram where it aggregates, else a gauge")
  func recorder() {
    Recorder(label: "size", factory: registry).record(5)
    Recorder(label: "level", aggregate: false, factory: registry).record(5)
    #expect(lines.contains(#"size_bucket{le="4"} 0"#))
    #expect(lines.contains(#"size_bucket{le="16"} 1"#))
    #expect(lines.prefix(2) == ["# TYPE level gauge", "level 5"])
  }

  @Test("a histogram passes over what is no finite number")
  func finite() {
    let recorder = Recorder(label: "size", factory: registry)
    for value in [Double.nan, .infinity, -.infinity, 2] { recorder.record(value) }
    #expect(lines.suffix(2) == ["size_sum 2", "size_count 1"])
  }

  // MARK: Limits

  @Test("beyond the limit, label combinations are counted together under other")
  func limit() {
    for number in 0..<1_500 {
      Counter(label: "c", dimensions: [("n", "\(number)")], factory: registry).increment()
    }
    #expect(lines.count == 1 + 1_000 + 1)
    #expect(lines.contains(#"c_total{n="other"} 500"#))
  }

  @Test("at the limit, known combinations are still told apart")
  func known() {
    let registry = MetricsRegistry(seriesLimit: 1)
    for value in ["a", "b", "a", "b"] {
      Counter(label: "c", dimensions: [("n", value)], factory: registry).increment()
    }
    #expect(
      registry.exposition().hasSuffix("c_total{n=\"a\"} 2\nc_total{n=\"other\"} 2\n"))
  }

  @Test("each metric has a limit of its own")
  func limits() {
    let registry = MetricsRegistry(seriesLimit: 1)
    for label in ["c", "d"] {
      Counter(label: label, dimensions: [("n", "a")], factory: registry).increment()
    }
    #expect(!registry.exposition().contains("other"))
  }

  @Test("a metric that is destroyed is gone, and makes room")
  func destroy() {
    let registry = MetricsRegistry(seriesLimit: 1)
    let counter = Counter(label: "c", dimensions: [("n", "a")], factory: registry)
    counter.destroy()
    #expect(registry.exposition() == "")
    Counter(label: "c", dimensions: [("n", "b")], factory: registry).increment()
    #expect(registry.exposition().hasSuffix("c_total{n=\"b\"} 1\n"))
  }

  @Test("what was made anew after a destruction is not destroyed with it")
  func destroyTwice() {
    let old = Gauge(label: "g", factory: registry)
    old.destroy()
    Gauge(label: "g", factory: registry).record(1)
    old.destroy()
    #expect(lines.last == "g 1")
  }

  @Test("what is counted under other outlives each of its holders")
  func destroyOther() {
    let registry = MetricsRegistry(seriesLimit: 1)
    let timers = ["a", "b"].map {
      Timer(label: "t", dimensions: [("n", $0)], factory: registry)
    }
    timers[1].destroy()
    #expect(registry.exposition().contains(#"t_seconds_count{n="other"} 0"#))
  }

  // MARK: Threads

  @Test("eight tasks lose none of their increments")
  func concurrency() async {
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask { [registry] in
          let shared = FloatingPointCounter(label: "halves", factory: registry)
          for _ in 0..<10_000 {
            Counter(label: "c", dimensions: [("half", "\(task % 2)")], factory: registry)
              .increment()
            shared.increment(by: 0.5)
            Meter(label: "m", factory: registry).increment()
            Timer(label: "t", factory: registry).recordSeconds(1)
          }
        }
      }
      // Pages are read meanwhile, and each is whole.
      group.addTask { [registry] in
        for _ in 0..<50 {
          let page = registry.exposition()
          #expect(page.isEmpty || page.hasSuffix("\n"))
          await Task.yield()
        }
      }
    }
    #expect(lines.contains(#"c_total{half="0"} 40000"#))
    #expect(lines.contains(#"c_total{half="1"} 40000"#))
    #expect(lines.contains("halves_total 40000"))
    #expect(lines.contains("m 80000"))
    #expect(lines.contains("t_seconds_count 80000"))
    #expect(lines.contains("t_seconds_sum 80000"))
  }
}
