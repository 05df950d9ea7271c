/// What a record of the journal is. The numbers are kept for years: a new kind takes a free one, none is used again.
public enum JournalKind: UInt8, Sendable, Hashable, CaseIterable {
    // What the kernel is told of.

    /// A closed candle.
    case candle = 1
    /// A best bid and ask that the kernel marks by.
    case quote = 2
    /// What a venue said of an order.
    case report = 3
    /// What a person or a program asked for.
    case command = 4
    /// Time passed.
    case timer = 5
    /// Quotes, prints and timers of one stretch, in the market stream.
    case marketBatch = 6
    /// A price that the kernel alone sees, before a market's first event.
    case mark = 7
    /// Longer candles are derived from now on.
    case subscribe = 8
    /// A candle that closed while no engine ran.
    case missed = 9
    /// Orders were held back on their last step.
    case withheld = 10
    /// A comparison with a venue found what the kernel had not heard of, or what the venue is asked about.
    case finding = 11

    // What the kernel asks of a venue.

    /// An order is sent.
    case submit = 16
    /// A cancel is sent.
    case cancel = 17
    /// New terms are sent.
    case amend = 18
    /// A venue is asked about an order.
    case query = 19

    // What the kernel writes down.

    /// A strategy's signal.
    case signal = 32
    /// The risk gate's answer.
    case verdict = 33
    /// An order as it is now.
    case order = 34
    /// An execution.
    case fill = 35
    /// A position as it is now.
    case position = 36
    /// A round trip that ended.
    case trip = 37
    /// A strategy as registered now.
    case strategy = 38
    /// A strategy that was removed.
    case strategyRemoved = 39
    /// What the kernel lets through now.
    case tradingState = 40
    /// A command that was not carried out.
    case refusal = 41
    /// The account as an input left it.
    case account = 42
    /// Something a person should know.
    case alert = 48

    // What the engine writes of itself. 66 and 68 to 70 were meant for more and are not used.

    /// An engine began.
    case sessionStart = 64
    /// An engine ended in good order.
    case sessionEnd = 65
    /// A part was stopped or started again.
    case supervision = 67
    /// What a comparison with a venue found and changed.
    case reconciliation = 71
    /// What the engine itself did that the store keeps: alerts, audits, values.
    case note = 72

    /// Whether the record is an input of the kernel.
    public var isEvent: Bool { rawValue >= 1 && rawValue <= 5 }

    /// Whether the record is an effect of the kernel.
    public var isEffect: Bool { rawValue >= 16 && rawValue < 64 && self != .account }

    /// Whether the record is an input that follows from nothing recorded before it.
    public var isOuterInput: Bool {
        switch self {
        case .command, .mark, .subscribe, .missed, .finding: return true
        default: return false
        }
    }

    /// Whether the record tells of the engine itself and leads to nothing in the kernel.
    public var isNote: Bool { rawValue >= 64 }

    /// Whether the effect leaves the process.
    public var leavesProcess: Bool { rawValue >= 16 && rawValue < 32 }

    /// The name shown to people and kept in exports.
    public var name: String {
        switch self {
        case .candle: return "candle"
        case .quote: return "quote"
        case .report: return "report"
        case .command: return "command"
        case .timer: return "timer"
        case .marketBatch: return "market-batch"
        case .mark: return "mark"
        case .subscribe: return "subscribe"
        case .missed: return "missed"
        case .withheld: return "withheld"
        case .finding: return "finding"
        case .submit: return "submit"
        case .cancel: return "cancel"
        case .amend: return "amend"
        case .query: return "query"
        case .signal: return "signal"
        case .verdict: return "verdict"
        case .order: return "order"
        case .fill: return "fill"
        case .position: return "position"
        case .trip: return "trip"
        case .strategy: return "strategy"
        case .strategyRemoved: return "strategy-removed"
        case .tradingState: return "trading-state"
        case .refusal: return "refusal"
        case .account: return "account"
        case .alert: return "alert"
        case .sessionStart: return "session-start"
        case .sessionEnd: return "session-end"
        case .supervision: return "supervision"
        case .reconciliation: return "reconciliation"
        case .note: return "note"
        }
    }

    /// The kind with this name, or `nil`.
    public init?(name: some StringProtocol) {
        guard let match = JournalKind.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }
}
