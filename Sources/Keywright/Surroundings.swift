internal import KeywrightCrypto

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A moment, in whole seconds since 1970 (UTC).
public struct UnixTime: Sendable, Hashable, Comparable {
  /// Seconds since 1970-01-01T00:00:00Z, leap seconds aside.
  public let seconds: Int64

  /// The moment so many seconds after 1970 began.
  public init(seconds: Int64) { self.seconds = seconds }

  /// The earlier one is less.
  public static func < (one: UnixTime, other: UnixTime) -> Bool { one.seconds < other.seconds }

  /// The moment so many seconds later; at the ends of the range it stays there.
  public func adding(seconds more: Int64) -> UnixTime {
    let (sum, overflow) = seconds.addingReportingOverflow(more)
    return UnixTime(seconds: overflow ? (more > 0 ? .max : .min) : sum)
  }
}

/// What the runtime takes from outside: the time, randomness, and waiting.
///
/// They are passed in, so that a test can fix them; ``system`` is what programs use.
public struct Surroundings: Sendable {
  /// The time now.
  public let now: @Sendable () -> UnixTime

  /// So many bytes that nobody can guess.
  public let randomBytes: @Sendable (Int) throws -> [UInt8]

  /// Waits; throws where the task is cancelled meanwhile.
  public let pause: @Sendable (Duration) async throws -> Void

  /// Is told of each request that was made, and how it ended; a server keeps that for those who look for a cause.
  package var observe: (@Sendable (ObservedExchange) -> Void)?

  /// Brings a clock and a random source together.
  public init(
    now: @escaping @Sendable () -> UnixTime,
    randomBytes: @escaping @Sendable (Int) throws -> [UInt8],
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.now = now
    self.randomBytes = randomBytes
    self.pause = pause
  }

  /// The system's clock and its cryptographic random source.
  public static let system = Surroundings(
    now: {
      var time = timespec()
      clock_gettime(CLOCK_REALTIME, &time)
      return UnixTime(seconds: Int64(time.tv_sec))
    },
    randomBytes: { try KeywrightCrypto.randomBytes($0) })
}
