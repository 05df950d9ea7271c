import GRDB

/// A point in the life of the store that later changes are counted from.
public struct ChangeMark: Sendable, Hashable {
    var revisions: [String: Int64]
}

/// Which parts of the store changed.
public struct StoreChanges: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: Int
    /// Changes from their bits.
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// A strategy was registered, changed, enabled, disabled or removed.
    public static let strategies = StoreChanges(rawValue: 1)
    /// A kept value changed, the trading state among them.
    public static let settings = StoreChanges(rawValue: 2)
    /// An alert was raised, acknowledged or shelved.
    public static let alerts = StoreChanges(rawValue: 4)
    /// Candles were added or revised.
    public static let series = StoreChanges(rawValue: 8)
    /// A backtest was kept or forgotten.
    public static let backtests = StoreChanges(rawValue: 16)

    static let topics: [(name: String, change: StoreChanges)] = [
        ("strategies", .strategies), ("settings", .settings), ("alerts", .alerts), ("series", .series),
        ("backtests", .backtests),
    ]
}

extension Store {
    /// The present point.
    ///
    /// - Throws: `StoreError`.
    public func mark() throws(StoreError) -> ChangeMark { try read(mark) }

    /// What any process, this one included, changed since `mark`, which moves to the present. Some ten microseconds:
    /// meant to be asked several times a second.
    ///
    /// - Throws: `StoreError`.
    public func changes(since mark: inout ChangeMark) throws(StoreError) -> StoreChanges {
        let present = try self.mark()
        var changes: StoreChanges = []
        for topic in StoreChanges.topics where present.revisions[topic.name] != mark.revisions[topic.name] {
            changes.insert(topic.change)
        }
        mark = present
        return changes
    }

    func mark(_ database: Database) throws -> ChangeMark {
        var revisions: [String: Int64] = [:]
        let rows = try Row.fetchCursor(
            database.cachedStatement(sql: "SELECT topic, revision FROM revisions"))
        while let row = try rows.next() { revisions[row[0]] = row[1] }
        return ChangeMark(revisions: revisions)
    }
}
