import Glibc
public import Market

/// Where the engine reads the time: the only place in it that looks at a clock.
public struct EngineClock: Sendable {
    private let read: @Sendable () -> Timestamp

    /// A clock that reads its time from `read`. It is asked on the engine's thread many times a second.
    public init(_ read: @escaping @Sendable () -> Timestamp) { self.read = read }

    /// The wall clock, UTC.
    public static let wall = EngineClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// The time now.
    public func now() -> Timestamp { read() }

    /// Nanoseconds of the monotonic clock: for durations, unmoved by changes of the wall clock.
    static func monotonic() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// Watches a wall clock for steps: what it shows should pass as the monotonic clock passes.
struct ClockStepDetector {
    /// A difference that is reported.
    static let toleranceNanoseconds: Int64 = 3_000_000_000
    private var lastWall: Timestamp?
    private var lastMonotonic: Int64 = 0

    /// Takes a reading of both clocks; gives the step in nanoseconds when the wall clock went back at all or ran ahead by
    /// more than the tolerance.
    mutating func step(wall: Timestamp, monotonic: Int64) -> Int64? {
        defer {
            lastWall = wall
            lastMonotonic = monotonic
        }
        guard let lastWall else { return nil }
        let passed = wall.nanoseconds(since: lastWall)
        let step = passed - (monotonic - lastMonotonic)
        return passed < 0 || abs(step) > ClockStepDetector.toleranceNanoseconds ? step : nil
    }
}
