import Engine
import Storage
import Trading

/// A kept backtest, for programs; `result` is the object that `wick backtest run --json` printed, every digit as it was.
struct BacktestRow {
    var id: Int64
    var createdAt: String
    var strategy: String
    var symbol: String
    var timeframe: String
    var result: RawJSON

    init(_ record: BacktestRecord) {
        id = record.id
        createdAt = record.createdAt.description
        strategy = StrategyClass.title(of: record.className)
        symbol = record.series
        timeframe = record.timeframe.description
        result = RawJSON(text: record.result.isEmpty ? "null" : record.result)
    }
}

/// The figures of a kept backtest, for people.
struct KeptFigures {
    private let members: [String: JSONValue]
    /// The parameters as the run printed them; `nil` where only the result has them.
    private let parameters: String?

    init(_ record: BacktestRecord) {
        parameters = RunOrigin(json: record.origin)?.parameterText
        if case .object(let members)? = JSONValue(text: record.result) {
            self.members = members
        } else {
            members = [:]
        }
    }

    /// A share in percent, `–` where there is none.
    func percent(_ key: String) -> String { number(key).map(Figures.percent) ?? "–" }

    /// A number with three decimals, `–` where there is none.
    func decimal(_ key: String) -> String { number(key).map { Figures.decimal($0, 3) } ?? "–" }

    /// A whole number, `–` where there is none.
    func whole(_ key: String) -> String { number(key).map { Figures.decimal($0, 0) } ?? "–" }

    /// Titles and values of everything that can be shown in a line.
    var pairs: [(String, String)] {
        BacktestTable.order.compactMap { key in
            guard let value = members[key], let text = text(key, value) else { return nil }
            if key == "parameters", let parameters { return (key, parameters) }
            return (BacktestTable.titles[key] ?? key, text)
        }
    }

    /// Members with their names, those of an object within in brackets.
    private static func text(_ members: [String: JSONValue]) -> String {
        members.sorted { $0.key < $1.key }.map { name, value in
            if case .object(let inner) = value { return "\(name)(\(text(inner)))" }
            return "\(name)=\(value.plain)"
        }.joined(separator: " ")
    }

    private func number(_ key: String) -> Double? {
        if case .number(let number)? = members[key] { return number }
        return nil
    }

    private func text(_ key: String, _ value: JSONValue) -> String? {
        switch value {
        case .string(let text): return Table.plain(text)
        case .null: return "–"
        case .number(let number): return BacktestTable.text(key, number)
        case .object(let members): return KeptFigures.text(members)
        case .boolean, .array: return nil
        }
    }
}
