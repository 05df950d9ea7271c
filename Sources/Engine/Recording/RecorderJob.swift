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
    /// What the engine itself did.
    case note(EngineNote)
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
        case .record, .account, .alert, .note(.alert), .note(.audit), .note(.value): return true
        case .note(.acknowledge), .note(.shelve), .addStrategy, .candles: return false
        }
    }

    /// The row of the store that the job is, where it is one.
    ///
    /// - Parameter number: the store's number of an alert that the engine numbered.
    func row(number: (Int64) -> Int64) -> ProjectedRow? {
        switch self {
        case .record(let record, let time): return .record(record, at: time)
        case .account(let point, let time): return .account(point.account, isEquityPoint: point.isEquityPoint, at: time)
        case .alert(let alert, _): return .alert(alert)
        case .note(let note): return note.row(number: number)
        case .addStrategy, .candles: return nil
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
