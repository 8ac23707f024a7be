import Dispatch
import Foundation

/// Makes something of each number below a count, on all cores; the results are in the order of the numbers.
func onAllCores<Wanted: Sendable>(_ count: Int, make: @Sendable (Int) -> Wanted) -> [Wanted] {
  let results = Results<Wanted>(count: count)
  DispatchQueue.concurrentPerform(iterations: count) { results.set($0, make($0)) }
  return results.all
}

/// Where results of several cores come together.
private final class Results<Wanted: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var results: [Wanted?]

  init(count: Int) { results = Array(repeating: nil, count: count) }

  func set(_ index: Int, _ result: Wanted) { lock.withLock { results[index] = result } }

  var all: [Wanted] { lock.withLock { results.compactMap { $0 } } }
}
