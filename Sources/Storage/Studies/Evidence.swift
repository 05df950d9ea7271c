import GRDB
public import Market

/// What a strategy must show before it trades with real money.
public enum EvidenceCheck: String, Sendable, Hashable, CaseIterable {
    /// A walk-forward was finished: figures of candles that no search had seen.
    case walkForward = "walk-forward"
    /// The deflated Sharpe ratio, at least 0.95.
    case deflatedSharpe = "deflated-sharpe"
    /// The probability of backtest overfitting, at most 0.5.
    case overfitting = "overfitting"
    /// Most of the profit outlives a candle of delay.
    case delay = "one-bar-delay"
    /// No decision depends on candles of the future.
    case truncation = "truncation"
    /// Somebody answered for what is missing, with a reason.
    case waiver = "waiver"
}

/// Parameters that evidence is about: a value or a range for each name.
public struct EvidenceParameters: Sendable, Hashable {
    /// Name, lowest and highest value.
    public var ranges: [(name: String, low: Double, high: Double)]

    /// Parameters of their ranges.
    public init(_ ranges: [(name: String, low: Double, high: Double)]) { self.ranges = ranges }

    /// Single values.
    public init(values: [(name: String, value: Double)]) { ranges = values.map { ($0.name, $0.value, $0.value) } }

    /// `fast=5.0..50.0 slow=50.0`, sorted by name.
    public var text: String {
        ranges.sorted { $0.name < $1.name }.map { range in
            range.low == range.high
                ? "\(range.name)=\(range.low)" : "\(range.name)=\(range.low)..\(range.high)"
        }.joined(separator: " ")
    }

    /// Reads what `text` writes; `nil` for anything else.
    public init?(_ text: String) {
        var ranges: [(name: String, low: Double, high: Double)] = []
        for part in text.split(separator: " ") {
            let sides = part.split(separator: "=", maxSplits: 1)
            guard sides.count == 2 else { return nil }
            var bounds: [Double?] = []
            if let dots = sides[1].firstRange(of: "..") {
                bounds = [Double(sides[1][..<dots.lowerBound]), Double(sides[1][dots.upperBound...])]
            } else {
                bounds = [Double(sides[1]), Double(sides[1])]
            }
            guard let low = bounds[0], let high = bounds[1] else { return nil }
            ranges.append((String(sides[0]), low, high))
        }
        self.ranges = ranges
    }

    /// Whether values of the same names lie within.
    public func hold(_ values: [(name: String, value: Double)]) -> Bool {
        values.count == ranges.count
            && values.allSatisfy { value in
                ranges.contains { $0.name == value.name && $0.low <= value.value && value.value <= $0.high }
            }
    }

    /// Whether both are the same.
    public static func == (a: EvidenceParameters, b: EvidenceParameters) -> Bool { a.text == b.text }
    /// Feeds the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// Something that was found out about a strategy, or answered for.
public struct EvidenceRecord: Sendable, Hashable, Identifiable {
    /// Its number; 0 for one that was not stored yet.
    public var id: Int64 = 0
    /// When it was found out.
    public var time: Timestamp
    /// What.
    public var check: EvidenceCheck
    /// The strategy class; of rules their whole text.
    public var className: String
    /// Which parameters it is about.
    public var parameters: EvidenceParameters
    /// The series, `BINANCE:BTCUSDT`.
    public var series: String
    /// The candles.
    public var timeframe: Timeframe
    /// What was measured; `nil` where nothing was.
    public var value: Double?
    /// Whether it speaks for the strategy.
    public var passed: Bool
    /// Where it comes from: a study's name, the hash of the candles.
    public var source: String
    /// The particulars; of a waiver its reason.
    public var detail: String

    /// A record of its parts.
    public init(
        time: Timestamp, check: EvidenceCheck, className: String, parameters: EvidenceParameters, series: String,
        timeframe: Timeframe, value: Double?, passed: Bool, source: String, detail: String
    ) {
        self.time = time
        self.check = check
        self.className = className
        self.parameters = parameters
        self.series = series
        self.timeframe = timeframe
        self.value = value
        self.passed = passed
        self.source = source
        self.detail = detail
    }
}

extension Store {
    /// Keeps evidence.
    ///
    /// - Throws: `StoreError`.
    public func keep(_ evidence: [EvidenceRecord]) throws(StoreError) {
        try write { database in
            for record in evidence {
                try database.execute(
                    sql: """
                        INSERT INTO evidence
                          (time, check_name, class, parameters, series, timeframe_seconds, value, passed, source, detail)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        record.time.nanoseconds, record.check.rawValue, record.className, record.parameters.text,
                        record.series, record.timeframe.seconds, record.value, record.passed ? 1 : 0, record.source,
                        record.detail,
                    ])
            }
        }
    }

    /// What is known of a class on a series, newest first.
    ///
    /// - Throws: `StoreError`.
    public func evidence(
        of className: String, series: String, _ timeframe: Timeframe
    ) throws(StoreError) -> [EvidenceRecord] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM evidence WHERE series = ? AND timeframe_seconds = ? AND class = ?
                    ORDER BY time DESC, id DESC
                    """,
                arguments: [series, timeframe.seconds, className]
            ).compactMap { row in
                let reader = RowReader(row, of: "evidence")
                // A later release may know of other checks.
                guard let check = EvidenceCheck(rawValue: try reader.text("check_name")) else { return nil }
                guard let parameters = EvidenceParameters(try reader.text("parameters")) else {
                    throw reader.damaged("parameters")
                }
                var record = EvidenceRecord(
                    time: try reader.time("time"), check: check, className: className, parameters: parameters,
                    series: series, timeframe: timeframe, value: row["value"],
                    passed: try reader.integer("passed") == 1, source: try reader.text("source"),
                    detail: try reader.text("detail"))
                record.id = try reader.integer("id")
                return record
            }
        }
    }
}
