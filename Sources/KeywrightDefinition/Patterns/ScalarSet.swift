/// The characters that one place of a pattern accepts.
struct ScalarSet: Hashable, Sendable {
  /// Code points in ascending order, disjoint and never adjacent.
  let ranges: [ClosedRange<UInt32>]

  /// What `\d` accepts.
  static let digits = ScalarSet([0x30...0x39])

  /// What `.` accepts: all but JavaScript's line ends.
  /// - Source: ECMA-262 §12.3 (LineTerminator), §22.2.2.7 (Atom `.`)
  static let withinLine = ScalarSet([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029]).complement

  /// The code points that are no Unicode scalar, so that no text of Swift's holds one.
  private static let surrogates: ClosedRange<UInt32> = 0xD800...0xDFFF

  /// Sorts and joins what is given in any order.
  init(_ ranges: [ClosedRange<UInt32>]) {
    var joined: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, range.lowerBound <= last.upperBound + 1 {
        let upper = max(last.upperBound, range.upperBound)
        joined[joined.count - 1] = last.lowerBound...upper
      } else {
        joined.append(range)
      }
    }
    self.ranges = joined
  }

  init(_ scalar: Unicode.Scalar) { ranges = [scalar.value...scalar.value] }

  /// Every scalar that is not in this set.
  var complement: ScalarSet {
    var result: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    // With the surrogates among what is left out, a set is empty exactly if no scalar is in it.
    for range in ScalarSet(ranges + [Self.surrogates]).ranges {
      if next < range.lowerBound { result.append(next...(range.lowerBound - 1)) }
      next = range.upperBound + 1
    }
    if next <= 0x10FFFF { result.append(next...0x10FFFF) }
    return ScalarSet(result)
  }

  /// The scalar of a set that holds exactly one.
  var only: Unicode.Scalar? {
    guard ranges.count == 1, ranges[0].count == 1 else { return nil }
    return Unicode.Scalar(ranges[0].lowerBound)
  }

  /// Complexity: O(log of the number of ranges), so that a long class is no slow class.
  func contains(_ scalar: Unicode.Scalar) -> Bool {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < scalar.value { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].lowerBound <= scalar.value
  }
}
