public import Backtesting
public import Market

/// A finished run as plots and the tear sheet take it: made from what the store keeps of it, so that a run that just ended
/// and one of last year look the same.
public struct RunReport: Sendable {
    let figures: RunFigures
    /// The equity, thinned.
    let equity: [(time: Timestamp, value: Double)]
    /// Day by day; `nil` of runs that an earlier release kept.
    let days: DayCurve?
    let trips: [ReportTrip]
    /// The candles, thinned; none where they could not be had any more.
    public var bars: [ReportBar]
    /// The number that the store has it by.
    public var number: Int64?
    /// What amounts are in, `USDT`.
    public var currency: String
    /// What it was made from: title and text of each, in the order they are listed.
    public var origin: [(title: String, text: String)]
    /// Its parameters in the order of the strategy, `fast=20 slow=50`; `nil` takes those of the result, by name.
    public var parameters: String?
    /// What was said besides: why something is missing.
    public var notes: [String]

    /// A run of its parts.
    ///
    /// - Parameters:
    ///   - json: the result as `BacktestResult.json` writes it, with the extended figures.
    ///   - trades: the round trips as CSV.
    /// - Returns: `nil` when the JSON is none.
    public init?(
        json: String, equity: [(time: Timestamp, value: Double)], days: DayCurve?, trades: String,
        bars: [ReportBar] = [],
        number: Int64? = nil, currency: String = "", origin: [(title: String, text: String)] = [], notes: [String] = []
    ) {
        guard let figures = RunFigures(json: json) else { return nil }
        self.figures = figures
        self.equity = equity
        self.days = days
        trips = ReportTrip.trips(csv: trades)
        self.bars = bars
        self.number = number
        self.currency = currency
        self.origin = origin
        self.notes = notes
    }

    // MARK: Names

    var strategy: String { figures.text("strategy") ?? "" }
    var symbol: String { figures.text("symbol") ?? "" }
    var timeframe: String { figures.text("timeframe") ?? "" }
    var parameterText: String {
        parameters ?? figures.parameters.map { "\($0.name)=\($0.text)" }.joined(separator: " ")
    }
    var span: String {
        "\(figures.text("from")?.prefix(10) ?? "") to \(figures.text("to")?.prefix(10) ?? "")"
    }

    /// What it was made from, in one line.
    public var originLine: String {
        var parts = origin.map { "\($0.title) \($0.text)" }
        if let number { parts.append("wick backtest rerun \(number)") }
        return parts.joined(separator: " · ")
    }
}

/// A round trip of the report.
struct ReportTrip: Sendable {
    var openedAt: Timestamp
    var closedAt: Timestamp
    var isLong: Bool
    var quantity: String
    var entry: Double?
    var exit: Double?
    var profit: Double
    /// Profit ÷ entry notional.
    var share: Double?
    var purpose: String
    var isOpen: Bool
    /// The excursions, shares of the entry.
    var adverse: Double?
    var favorable: Double?

    /// The trips of a CSV with a header; lines that are none are left out.
    static func trips(csv: String) -> [ReportTrip] {
        var lines = csv.split(separator: "\n")[...]
        guard let header = lines.popFirst() else { return [] }
        let names = header.split(separator: ",").map(String.init)
        func place(_ name: String) -> Int? { names.firstIndex(of: name) }
        let places = [
            "opened_at", "closed_at", "side", "quantity", "entry_price", "exit_price", "profit", "return", "exit",
            "open",
            "mae", "mfe",
        ].map(place)
        return lines.compactMap { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            func cell(_ index: Int) -> Substring {
                guard let place = places[index], cells.indices.contains(place) else { return "" }
                return cells[place]
            }
            guard let opened = Timestamp(iso8601: cell(0)), let closed = Timestamp(iso8601: cell(1)),
                let profit = Double(cell(6))
            else { return nil }
            return ReportTrip(
                openedAt: opened, closedAt: closed, isLong: cell(2) == "long", quantity: String(cell(3)),
                entry: Double(cell(4)), exit: Double(cell(5)), profit: profit, share: Double(cell(7)),
                purpose: String(cell(8)), isOpen: cell(9) == "true", adverse: Double(cell(10)),
                favorable: Double(cell(11)))
        }
    }
}

/// A stretch of candles as one, for the picture of prices.
public struct ReportBar: Sendable, Hashable {
    /// When it opened.
    public var time: Timestamp
    /// The lowest price.
    public var low: Double
    /// The highest price.
    public var high: Double
    /// The last price.
    public var close: Double

    /// The candles of a series as at most about `limit` bars. O(candles).
    public static func bars(_ series: CandleSeries, limit: Int = 1_500) -> [ReportBar] {
        var factor = 1.0
        for _ in 0..<series.instrument.priceScale { factor *= 10 }
        let candles = series.candles
        let step = max((candles.count + limit - 1) / limit, 1)
        return stride(from: 0, to: candles.count, by: step).map { start in
            let part = candles[start..<min(start + step, candles.count)]
            let low = part.map(\.low.mantissa).min() ?? 0
            let high = part.map(\.high.mantissa).max() ?? 0
            return ReportBar(
                time: candles[start].openTime, low: Double(low) / factor, high: Double(high) / factor,
                close: Double(part[part.endIndex - 1].close.mantissa) / factor)
        }
    }
}
