internal import Synchronization

/// Lets so many begin in a minute, each name for itself; who was quiet may begin as many at once.
final class RateLimiter: Sendable {
  private struct Bucket {
    var left: Double
    var at: Int64
  }

  private let perMinute: Double
  private let now: @Sendable () -> Int64
  private let buckets = Mutex<[String: Bucket]>([:])

  init(perMinute: Int, now: @escaping @Sendable () -> Int64) {
    self.perMinute = Double(max(1, perMinute))
    self.now = now
  }

  /// Takes one of a name's.
  /// - Throws: where none is left; the error says how long to wait.
  func take(_ name: String) throws(APIError) {
    let time = now()
    let wait = buckets.withLock { buckets -> Int64? in
      if buckets.count > 10_000 { buckets = [:] }
      var bucket = buckets[name] ?? Bucket(left: perMinute, at: time)
      bucket.left = min(perMinute, bucket.left + Double(max(0, time - bucket.at)) * perMinute / 60)
      bucket.at = time
      defer { buckets[name] = bucket }
      guard bucket.left >= 1 else { return Int64((60 / perMinute).rounded(.up)) }
      bucket.left -= 1
      return nil
    }
    guard let wait else { return }
    var error = APIError(
      429, "too_many_request",
      "more than \(Int(perMinute)) in a minute; try again in \(wait) s")
    error.retryAfter = wait
    throw error
  }
}
