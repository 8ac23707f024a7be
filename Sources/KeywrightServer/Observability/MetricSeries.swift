internal import CoreMetrics
internal import Synchronization

/// Where a series is kept, so that it can be found again when it is destroyed.
struct SeriesPlace: Sendable {
  /// The key of its family.
  let family: String
  let labels: LabelSet
}

/// One metric under one set of labels.
protocol MetricSeries: AnyObject, Sendable {
  var place: SeriesPlace { get }

  /// Adds the samples as they are at this moment.
  func write(to exposition: inout Exposition, name: String)
}

/// A sum that only grows, of whole numbers and of others.
final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
  /// Whole numbers are summed apart, since a double loses them beyond 2^53.
  private struct Sum {
    var whole: Int64 = 0
    var rest = 0.0
  }

  let place: SeriesPlace
  private let sum = Mutex(Sum())

  init(at place: SeriesPlace) { self.place = place }

  /// Adds to the sum; what is below zero is passed over, since Prometheus takes a fall for a
  /// restart.
  func increment(by amount: Int64) {
    if amount < 0 { return }
    sum.withLock { sum in
      let (more, overflow) = sum.whole.addingReportingOverflow(amount)
      sum.whole = overflow ? .max : more
    }
  }

  /// Adds to the sum; what is below zero or no finite number is passed over, since it would never
  /// go away.
  func increment(by amount: Double) {
    guard amount.isFinite, amount >= 0 else { return }
    sum.withLock { $0.rest += amount }
  }

  func reset() { sum.withLock { $0 = Sum() } }

  func write(to exposition: inout Exposition, name: String) {
    let sum = sum.withLock { $0 }
    let value =
      sum.rest == 0 ? String(sum.whole) : Exposition.number(Double(sum.whole) + sum.rest)
    exposition.sample(name, place.labels, value)
  }
}

/// The value that was set last.
final class GaugeSeries: MetricSeries, RecorderHandler, MeterHandler {
  let place: SeriesPlace
  private let value = Mutex(0.0)

  init(at place: SeriesPlace) { self.place = place }

  func record(_ value: Int64) { set(Double(value)) }
  func record(_ value: Double) { set(value) }
  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { self.value.withLock { $0 = value } }

  /// Moves the value up; what is no finite number is passed over, since the value could not leave
  /// it again.
  func increment(by amount: Double) {
    if amount.isFinite { value.withLock { $0 += amount } }
  }

  func decrement(by amount: Double) { increment(by: -amount) }

  func write(to exposition: inout Exposition, name: String) {
    exposition.sample(name, place.labels, Exposition.number(value.withLock { $0 }))
  }
}

/// How many values fell into each bucket; of durations in seconds.
final class HistogramSeries: MetricSeries, TimerHandler, RecorderHandler {
  private struct Tally {
    /// By bucket, and behind them those above the last bound.
    var counts: [Int64]
    var sum = 0.0
  }

  let place: SeriesPlace
  private let bounds: [Double]
  private let tally: Mutex<Tally>

  /// - Parameter bounds: the upper bounds, each above the one before it.
  init(at place: SeriesPlace, bounds: [Double]) {
    self.place = place
    self.bounds = bounds
    tally = Mutex(Tally(counts: Array(repeating: 0, count: bounds.count + 1)))
  }

  /// Adds a duration; one below zero, by a clock that was set back, counts as none.
  func recordNanoseconds(_ duration: Int64) { record(Double(max(0, duration)) / 1_000_000_000) }

  func record(_ value: Int64) { record(Double(value)) }

  /// Adds a value; what is no finite number is passed over, since the sum could not leave it again.
  func record(_ value: Double) {
    guard value.isFinite else { return }
    let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
    tally.withLock { tally in
      tally.counts[bucket] += 1
      tally.sum += value
    }
  }

  func write(to exposition: inout Exposition, name: String) {
    let tally = tally.withLock { $0 }
    var count: Int64 = 0
    for (bound, more) in zip(bounds + [.infinity], tally.counts) {
      count += more
      let text = Exposition.number(bound)
      exposition.sample("\(name)_bucket", place.labels, String(count), bound: text)
    }
    exposition.sample("\(name)_sum", place.labels, Exposition.number(tally.sum))
    exposition.sample("\(name)_count", place.labels, String(count))
  }
}
