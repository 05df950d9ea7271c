public import Market

/// When an exchange is open: outside of it nothing fills, and what rests when it opens takes part in the opening auction.
public struct SessionCalendar: Sendable, Hashable {
    /// One session.
    public struct Session: Sendable, Hashable {
        /// When it opens.
        public var open: Timestamp
        /// When it closes; earlier on a half day.
        public var close: Timestamp

        /// A session of its parts.
        public init(open: Timestamp, close: Timestamp) {
            self.open = open
            self.close = close
        }
    }

    /// The sessions, in the order of time.
    public var sessions: [Session]
    /// How long the bars that fill are, in nanoseconds.
    public var bar: Int64

    /// A calendar of sessions.
    public init(sessions: [Session], bar: Int64) {
        self.sessions = sessions
        self.bar = bar
    }

    /// Everything that is out of range, in words.
    public var problems: [String] {
        if sessions.isEmpty { return ["sessions: there is no session in it"] }
        for session in sessions where session.close <= session.open {
            return ["sessions: the session of \(session.open) closes before it opens"]
        }
        for (session, next) in zip(sessions, sessions.dropFirst()) where next.open < session.close {
            return ["sessions: the session of \(next.open) opens before that of \(session.open) has closed"]
        }
        return []
    }

    /// What a bar that opens at `time` is to the sessions: the first that it lies in, in part or wholly, and whether that
    /// opens in it; `nil` for a bar between sessions. O(log n).
    func place(of time: Timestamp) -> (isOpening: Bool, session: Session)? {
        let end = time.adding(nanoseconds: bar)
        // The first session that closes after the bar has opened.
        var low = 0
        var high = sessions.count
        while low < high {
            let middle = (low + high) / 2
            if sessions[middle].close <= time { low = middle + 1 } else { high = middle }
        }
        guard low < sessions.count, sessions[low].open < end else { return nil }
        return (sessions[low].open >= time, sessions[low])
    }
}
