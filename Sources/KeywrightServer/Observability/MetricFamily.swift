/// All series of one metric, up to a limit.
struct MetricFamily<Series: MetricSeries>: Sendable {
  /// The name in the exposition.
  let name: String

  private var series: [LabelSet: Series] = [:]
  /// Those that stand for all combinations beyond the limit: one for each list of label names,
  /// which code fixes.
  private var others: [LabelSet: Series] = [:]

  init(name: String) { self.name = name }

  /// The series under some labels, made where it is new.
  ///
  /// Where so many exist already, a new combination is counted under `other`: a label's values may
  /// come from outside, and memory may not.
  mutating func series(
    under labels: LabelSet, limit: Int, make: (LabelSet) -> Series
  ) -> Series {
    if let known = series[labels] ?? others[labels] { return known }
    if series.count < limit {
      let new = make(labels)
      series[labels] = new
      return new
    }
    let key = labels.others
    if let known = series[key] ?? others[key] { return known }
    let new = make(key)
    others[key] = new
    return new
  }

  /// Forgets a series; those under `other` stay, since they count for many.
  mutating func remove(_ gone: Series) {
    if series[gone.place.labels] === gone { series[gone.place.labels] = nil }
  }

  /// Every series, in the order of their labels' bytes.
  var sorted: [Series] {
    (Array(series.values) + others.values).sorted {
      $0.place.labels.bytes.lexicographicallyPrecedes($1.place.labels.bytes)
    }
  }
}
