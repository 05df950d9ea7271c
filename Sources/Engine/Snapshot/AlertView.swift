public import Market
public import Trading

/// An alert as it stands: equal ones are collapsed into one with a counter.
public struct AlertView: Sendable, Hashable, Identifiable {
    /// Its number in the store.
    public var id: Int64
    /// The alert, as it arose last.
    public var alert: Alert
    /// How often it arose.
    public var count: Int
    /// Whether somebody has seen to it.
    public var state: AlertState

    /// An alert of its parts.
    public init(id: Int64, alert: Alert, count: Int, state: AlertState) {
        self.id = id
        self.alert = alert
        self.count = count
        self.state = state
    }
}

/// Whether somebody has seen to an alert.
public enum AlertState: Sendable, Hashable {
    /// Nobody has.
    case unacknowledged
    /// Somebody has.
    case acknowledged
    /// It is out of sight until then.
    case shelved(until: Timestamp)
}

/// How the engine itself is doing.
public struct HealthView: Sendable, Hashable {
    /// Nanoseconds from an event's arrival to the end of its step, 50th percentile of the last thousand.
    public var stepMedianNanoseconds: Int64 = 0
    /// The same, 99th percentile.
    public var stepTailNanoseconds: Int64 = 0
    /// Events per second over the last few seconds.
    public var eventsPerSecond: Double = 0
    /// Records waiting for the store.
    public var storeBacklog: Int = 0
    /// Why the engine trades no more, or `nil`: nothing in the snapshot changes any longer.
    public var engineProblem: String?
    /// What is wrong with the store, or `nil`.
    public var storeProblem: String?
    /// Resident memory in bytes.
    public var residentBytes: Int64 = 0
    /// The process's share of one core over the last few seconds, 0…
    public var processorShare: Double = 0

    /// Nothing measured yet.
    public init() {}
}

/// One line of the log.
public struct LogLine: Sendable, Hashable {
    /// When.
    public var time: Timestamp
    /// `info`, `warning` or `error`.
    public var level: String
    /// What.
    public var text: String

    /// A line of its parts.
    public init(time: Timestamp, level: String, text: String) {
        self.time = time
        self.level = level
        self.text = text
    }
}

/// A short message for a toast.
public struct Notice: Sendable, Hashable {
    /// Counts up; tells new notices from seen ones.
    public var number: UInt64
    /// What kind it is.
    public var kind: Kind
    /// What it says.
    public var text: String

    /// How a notice is shown, and how long.
    public enum Kind: Sendable, Hashable {
        /// Something was done.
        case info
        /// An order filled.
        case fill
        /// Something asked for was refused.
        case refused
        /// Something is wrong.
        case error
    }

    /// A notice of its parts.
    public init(number: UInt64, kind: Kind, text: String) {
        self.number = number
        self.kind = kind
        self.text = text
    }
}

/// What an emergency stop did, venue by venue.
public struct EmergencyReceipt: Sendable, Hashable {
    /// When it was asked for.
    public var time: Timestamp
    /// From where: `keyboard`, `command`, `signal`.
    public var origin: String
    /// One row a venue.
    public var venues: [Row]
    /// Whether flattening was asked for too.
    public var isFlattening: Bool
    /// Positions still open.
    public var openPositions: Int

    /// One venue's part of the receipt.
    public struct Row: Sendable, Hashable {
        /// The venue.
        public var venue: String
        /// Cancels sent.
        public var sent: Int
        /// Cancels confirmed.
        public var confirmed: Int
        /// Orders still working.
        public var remaining: Int
        /// Milliseconds from the request to the last confirmation.
        public var milliseconds: Double

        /// A row of its parts.
        public init(venue: String, sent: Int, confirmed: Int, remaining: Int, milliseconds: Double) {
            self.venue = venue
            self.sent = sent
            self.confirmed = confirmed
            self.remaining = remaining
            self.milliseconds = milliseconds
        }
    }

    /// A receipt of its parts.
    public init(time: Timestamp, origin: String, venues: [Row], isFlattening: Bool, openPositions: Int) {
        self.time = time
        self.origin = origin
        self.venues = venues
        self.isFlattening = isFlattening
        self.openPositions = openPositions
    }
}
