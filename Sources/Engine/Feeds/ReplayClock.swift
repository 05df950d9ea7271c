import Market

/// The time of a recording that is played back: between an instant of the recording and one of the wall clock it passes at a
/// speed, or stands still.
struct ReplayClock {
    /// Recorded seconds a second; `nil` is as fast as possible, where time goes only from anchor to anchor.
    private(set) var speed: Double?
    private(set) var isPaused: Bool
    /// Where the recording stands.
    private(set) var recorded: Timestamp
    /// The wall clock then.
    private var wall: Timestamp
    private let end: Timestamp

    /// A clock that shows `begin` when the wall clock shows `wall`, and never more than `end`.
    init(from begin: Timestamp, to end: Timestamp, speed: Double?, isPaused: Bool, wall: Timestamp) {
        self.speed = speed
        self.isPaused = isPaused
        self.end = end
        recorded = begin
        self.wall = wall
    }

    /// How far recorded time has come by `now`: never beyond the end, so that a clock that jumps plays no more than there is,
    /// and never back.
    func time(at now: Timestamp) -> Timestamp {
        guard let speed else { return recorded }
        let passed = Double(max(0, now.nanoseconds(since: wall))) * speed
        let rest = Double(max(0, end.nanoseconds(since: recorded)))
        return recorded.adding(nanoseconds: Int64(min(passed, rest)))
    }

    /// Where time does not pass by itself, paused or as fast as possible, it has come to `time` now.
    mutating func reach(_ time: Timestamp, at now: Timestamp) {
        if isPaused || speed == nil { (recorded, wall) = (time, now) }
    }

    /// Pauses, resumes, changes the speed; a step pauses.
    mutating func control(_ control: ReplayControl, at now: Timestamp) {
        if !isPaused { (recorded, wall) = (time(at: now), now) }
        switch control {
        case .pause(let pauses):
            wall = now
            isPaused = pauses
        case .step: isPaused = true
        case .speed(let speed): self.speed = speed
        }
    }
}
