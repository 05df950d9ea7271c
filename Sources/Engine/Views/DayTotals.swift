import Market
import Trading

/// What each strategy had brought when the UTC day began: the day's profit is measured from it.
struct DayTotals {
    /// The key that it is kept under in the store.
    static let key = "engine.day-totals"

    private(set) var day: Int64
    private var units: [(id: StrategyID, units: Int128)]

    /// Nothing brought before today.
    init() {
        day = .min
        units = []
    }

    /// The totals of a text as `text` gives it; nothing for one that can't be read.
    init(text: String) {
        self.init()
        let lines = text.split(separator: "\n")
        guard let first = lines.first, let day = Int64(first) else { return }
        self.day = day
        units = EngineTexts.amounts(lines.dropFirst())
    }

    /// The day's number in the first line, then a line `number units` a strategy.
    var text: String { "\(day)\n" + EngineTexts.text(units) }

    /// Begins a day where one began; true when it did.
    mutating func begin(day: Int64, totals: () -> [(id: StrategyID, units: Int128)]) -> Bool {
        guard day > self.day else { return false }
        self.day = day
        units = totals()
        return true
    }

    /// What a strategy had brought when the day began.
    subscript(_ id: StrategyID) -> Int128 { units.first { $0.id == id }?.units ?? 0 }
}

/// Amounts by strategy as lines of text, for what the engine keeps in the store.
enum EngineTexts {
    /// The key that the peaks of the strategies' drawdown breakers are kept under.
    static let peaksKey = "engine.strategy-peaks"

    /// The key that the fees which were not paid from the account's cash are kept under.
    static let paidElsewhereKey = "engine.fees-paid-elsewhere"

    /// The key that the venue's numbers of claimed orders are kept under.
    static let claimsKey = "engine.claimed-orders"

    static func text(_ amounts: [(id: StrategyID, units: Int128)]) -> String {
        amounts.map { "\($0.id.rawValue) \($0.units)" }.joined(separator: "\n")
    }

    static func amounts(_ lines: some Sequence<Substring>) -> [(id: StrategyID, units: Int128)] {
        lines.compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 2, let id = Int32(words[0]), let units = Int128(words[1]) else { return nil }
            return (StrategyID(rawValue: id), units)
        }
    }
}
