import Glibc
public import Market

/// Where the engine reads the time: the only place in it that looks at a clock.
public struct EngineClock: Sendable {
    private let read: @Sendable () -> Timestamp
    /// Whether it is the machine's, which may be wrong and be set right.
    let isMachines: Bool

    /// A clock that reads its time from `read`. It is asked on the engine's thread many times a second.
    public init(_ read: @escaping @Sendable () -> Timestamp) { self.init(isMachines: false, read) }

    private init(isMachines: Bool, _ read: @escaping @Sendable () -> Timestamp) {
        self.isMachines = isMachines
        self.read = read
    }

    /// The wall clock, UTC.
    public static let wall = EngineClock(isMachines: true) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// The time now.
    public func now() -> Timestamp { read() }

    /// Nanoseconds since the machine started, those included in which it slept: for what the wall clock is held against.
    static func sinceStart() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Nanoseconds of the monotonic clock: for durations, unmoved by changes of the wall clock.
    static func monotonic() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// The time of an engine by the machine's clock, which may be set wrong and be set right: it never goes back, and never stands
/// still.
///
/// It passes as time does and follows the wall clock. One that runs ahead is believed once it has done so for a while: where it
/// is set right before, nothing of it was ever taken for true. While the wall clock is behind, time passes at half its pace until
/// they agree.
struct SteadyTime {
    /// How far the wall clock may be ahead and be followed at once, in nanoseconds.
    private static let tolerance: Int64 = 3_000_000_000
    /// For how long one that is further ahead must be so before it is believed, in nanoseconds.
    private static let patience: Int64 = 10_000_000_000

    private var time: Timestamp?
    private var last: Int64 = 0
    private var aheadSince: Int64?

    /// A time that goes on behind `floor`; `nil` for one that begins with the wall clock.
    init(behind floor: Timestamp? = nil) { time = floor }

    /// The time at a reading of both clocks; `elapsed` counts what the machine slept, too, in nanoseconds.
    mutating func time(wall: Timestamp, elapsed: Int64) -> Timestamp {
        defer { last = elapsed }
        guard let before = time, last != 0 || wall < before else {
            time = wall
            return wall
        }
        let passed = last == 0 ? 0 : max(0, elapsed - last)
        let expected = before.adding(nanoseconds: passed)
        let ahead = wall.nanoseconds(since: expected)
        let new: Timestamp
        if ahead > SteadyTime.tolerance {
            let since = aheadSince ?? elapsed
            aheadSince = since
            new = elapsed - since >= SteadyTime.patience ? wall : expected
        } else {
            aheadSince = nil
            new = max(wall, before.adding(nanoseconds: passed / 2))
        }
        if new == wall { aheadSince = nil }
        time = new
        return new
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
