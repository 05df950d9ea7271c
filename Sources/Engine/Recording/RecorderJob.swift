import Market
import Storage
import Trading

/// Something the engine has written down, in the order it happened.
enum RecorderJob: Sendable {
    /// What steps of the kernel recorded, with the account after them: one transaction.
    case records([Record], account: Account, isEquityPoint: Bool, at: Timestamp)
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
        switch self {
        case .records(let records, _, _, _): return records.count + 1
        case .candles(let candles, _): return candles.count
        case .alert, .acknowledge, .shelve, .audit, .value, .addStrategy: return 1
        }
    }
}
