import Market
import Storage
import Trading

/// Something the store is to keep, in the order it happened.
enum RecorderJob: Sendable {
    /// What the kernel wrote down at an instant.
    case record(Record, at: Timestamp)
    /// The account as an input left it.
    case account(AccountPoint, at: Timestamp)
    /// An alert under the number that it has until the store gives it one.
    case alert(Alert, number: Int64)
    /// Alerts that a person has seen to.
    case acknowledge([Int64], origin: String)
    /// An alert that a person put aside.
    case shelve(Int64, until: Timestamp, origin: String)
    /// Who did what, to what.
    case audit(action: String, subject: String, detail: String, origin: String, at: Timestamp)
    /// A kept value.
    case value(String?, key: String, at: Timestamp)
    /// A strategy that gets its number from the store.
    case addStrategy(StrategyRecord, at: Timestamp, done: @Sendable (Result<StrategyRecord, StoreError>) -> Void)
    /// Closed minutes of a session that keeps them.
    case candles([Candle], Instrument)

    /// How much the job weighs in the queue: the rows it stands for.
    var weight: Int {
        if case .candles(let candles, _) = self { return candles.count }
        return 1
    }

    /// Whether the job may share a transaction with those before it. What refers to an alert by its number waits until the
    /// alert has one.
    var joins: Bool {
        switch self {
        case .record, .account, .alert, .audit, .value: return true
        case .acknowledge, .shelve, .addStrategy, .candles: return false
        }
    }
}

/// A job with the number of the journal record that it comes from.
struct RecorderEntry: Sendable {
    /// What is to be kept.
    var job: RecorderJob
    /// The number of its decision record; `nil` for what no journal holds.
    var sequence: UInt64?
}
