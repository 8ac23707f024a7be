public import Keywright
internal import Synchronization

/// A clock that a test sets, and bytes that are the same every time: never for anything but tests.
public final class ManualClock: Sendable {
  private let time: Mutex<Int64>

  /// A clock that stands. Unit: seconds since 1970.
  public init(at seconds: Int64 = 1_700_000_000) { time = Mutex(seconds) }

  /// Moves the clock on. Unit: seconds.
  public func advance(by seconds: Int64) { time.withLock { $0 += seconds } }

  /// The clock, with bytes that count from zero. Who waits moves it on.
  public var surroundings: Surroundings {
    Surroundings(
      now: { [self] in UnixTime(seconds: time.withLock { $0 }) },
      randomBytes: { count in (0..<count).map { UInt8(truncatingIfNeeded: $0) } },
      pause: { [self] in advance(by: $0.components.seconds) })
  }
}
