import Market

/// A venue's time, known from what its messages say and carried on by ticks.
///
/// What belongs to a candle is the venue's: by a machine's clock that is ahead a minute would be over that is not, and its
/// running candle would be taken for a closed one. A message can't have been sent after the venue's time, and between
/// messages each tick is a second at least of a clock that never jumps. The time of day only says where between two ticks
/// it is. So this is never ahead of the venue's time by more than a second, whatever the machine's clock does, and behind it
/// by what messages take, or by what a machine that slept has missed, until the next message.
struct HeardTime {
    private var anchor: (sent: Timestamp, heard: Timestamp)?
    /// Ticks since that message.
    private var ticks: Int64 = 0

    /// A message came, at a time of the machine, that the venue sent at a time of its own.
    mutating func hear(_ sent: Timestamp, at now: Timestamp) {
        // One that was long on its way tells less than what is known.
        if let known = time(at: now), known >= sent { return }
        anchor = (sent, now)
        ticks = 0
    }

    /// A second has passed, or more.
    mutating func tick() { ticks += 1 }

    /// The venue's time when the machine's is `now`; `nil` before its first message.
    func time(at now: Timestamp) -> Timestamp? {
        guard let anchor else { return nil }
        let second: Int64 = 1_000_000_000
        let passed = min(max(now.nanoseconds(since: anchor.heard), max(0, ticks - 1) * second), ticks * second)
        return anchor.sent.adding(nanoseconds: passed)
    }
}
