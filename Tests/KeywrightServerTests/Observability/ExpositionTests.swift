import CoreMetrics
import KeywrightServer
import Testing

@Suite("Exposition")
struct ExpositionTests {
  private let registry = MetricsRegistry()

  private var lines: [String] { registry.exposition().split(separator: "\n").map(String.init) }

  private func count(_ label: String, _ dimensions: [(String, String)] = []) {
    Counter(label: label, dimensions: dimensions, factory: registry).increment()
  }

  @Test(
    "a name has only the characters that Prometheus takes",
    arguments: [
      ("http.server-requests", "http_server_requests"), ("9lives", "_9lives"), ("a:b", "a:b"),
      ("größe", "gr__e"), ("", "_"), ("a\nb 1", "a_b_1"), ("e\u{301}", "e_"), ("\u{212A}", "_"),
    ])
  func names(label: String, name: String) {
    Gauge(label: label, factory: registry).record(1)
    #expect(lines == ["# TYPE \(name) gauge", "\(name) 1"])
  }

  @Test(
    "a label's name has no colon, and leaves two underscores to Prometheus",
    arguments: [
      ("a:b", "a_b"), ("__name__", "_name__"), ("0", "_0"), ("", "_"), ("é", "_"),
    ])
  func labelNames(label: String, name: String) {
    count("c", [(label, "x")])
    #expect(lines.last == "c_total{\(name)=\"x\"} 1")
  }

  @Test(
    "a label's value is escaped where it would end",
    arguments: [
      (#"a"b"#, #"a\"b"#), (#"a\b"#, #"a\\b"#), ("a\nb", #"a\nb"#), ("a\r\nb", "a\r\\nb"),
      ("\"\u{301}", "\\\"\u{301}"), (#"\n"#, #"\\n"#), ("ü 你", "ü 你"), ("", ""),
    ])
  func values(value: String, text: String) {
    count("c", [("v", value)])
    let page = "# TYPE c_total counter\nc_total{v=\"\(text)\"} 1\n"
    #expect(Array(registry.exposition().utf8) == Array(page.utf8))
  }

  @Test("texts that Unicode calls equal are two values")
  func equivalence() {
    count("c", [("v", "\u{E9}")])
    count("c", [("v", "e\u{301}")])
    #expect(lines.count == 3)
  }

  @Test("the order of labels makes no other series")
  func labelOrder() {
    count("c", [("b", "2"), ("a", "1")])
    count("c", [("a", "1"), ("b", "2")])
    #expect(lines.last == #"c_total{a="1",b="2"} 2"#)
  }

  @Test("two spellings of one label's name make no other series, whatever they sort beside")
  func labelSpelling() {
    count("c", [("a.c", "1"), ("a_b", "2")])
    count("c", [("a_c", "1"), ("a_b", "2")])
    #expect(lines.last == #"c_total{a_b="2",a_c="1"} 2"#)
  }

  @Test("labels whose names come out the same are both kept")
  func labelCollision() {
    count("c", [("a.b", "1"), ("a-b", "2")])
    #expect(lines.last == #"c_total{a_b="2",a_b_="1"} 1"#)
  }

  @Test("a histogram keeps le for its bounds")
  func reservedLabel() {
    Timer(label: "t", dimensions: [("le", "mine")], factory: registry).recordSeconds(1)
    #expect(lines.contains(#"t_seconds_bucket{le_="mine",le="1"} 1"#))
  }

  @Test("one name never has two types")
  func typeCollision() {
    count("same")
    Gauge(label: "same_total", factory: registry).record(2)
    Recorder(label: "same_total", factory: registry).record(3)
    let types = lines.filter { $0.hasPrefix("#") }
    #expect(
      types == [
        "# TYPE same_total counter", "# TYPE same_total_gauge gauge",
        "# TYPE same_total_recorder histogram",
      ])
  }

  @Test("no sample has the name of another metric's")
  func sampleCollision() {
    Gauge(label: "x_count", factory: registry).record(1)
    Recorder(label: "x", factory: registry).record(3)
    Gauge(label: "x_recorder_sum", factory: registry).record(1)
    #expect(lines.contains("x_count 1"))
    #expect(lines.contains("x_recorder_count 1"))
    #expect(lines.contains("x_recorder_sum_gauge 1"))
  }

  @Test("a timer and a recorder of one name share it")
  func sharedHistogram() {
    Timer(label: "t", factory: registry).recordSeconds(1)
    Recorder(label: "t_seconds", factory: registry).record(1)
    #expect(lines.last == "t_seconds_count 2")
  }

  @Test("the page is the same whatever came first")
  func order() {
    let other = MetricsRegistry()
    let made: [(MetricsRegistry) -> Void] = [
      { Counter(label: "b", dimensions: [("n", "1")], factory: $0).increment() },
      { Counter(label: "b", dimensions: [("n", "10")], factory: $0).increment() },
      { Counter(label: "b", factory: $0).increment() },
      { Gauge(label: "a", factory: $0).record(1) },
      { Timer(label: "c", factory: $0).recordSeconds(1) },
    ]
    for make in made { make(registry) }
    for make in made.reversed() { make(other) }
    #expect(registry.exposition() == other.exposition())
    #expect(
      lines.prefix(6) == [
        "# TYPE a gauge", "a 1", "# TYPE b_total counter", "b_total 1", #"b_total{n="1"} 1"#,
        #"b_total{n="10"} 1"#,
      ])
  }
}
