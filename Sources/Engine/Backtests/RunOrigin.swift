public import Backtesting
public import Market
import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a kept backtest was made from, so that it can be had again and a difference be explained.
public struct RunOrigin: Codable, Sendable, Hashable {
    /// Where candles come from.
    public enum Source: String, Codable, Sendable {
        /// The store.
        case store
        /// A file that the words name.
        case file
        /// The past of the synthetic market, made from its seed.
        case synthetic
    }

    /// Commands whose runs are kept.
    public enum Command: String, Codable, Sendable {
        /// `wick backtest run`.
        case run
        /// `wick backtest portfolio`.
        case portfolio
    }

    /// One of several series.
    public struct Series: Codable, Sendable, Hashable {
        /// The instrument, `BINANCE:BTCUSDT`, and the timeframe: `BINANCE:BTCUSDT 1h`.
        public var name: String
        /// The fingerprint of its candles.
        public var hash: String
        /// The candles of each month, oldest first.
        public var months: [Month]
    }

    /// The candles of a month.
    public struct Month: Codable, Sendable, Hashable {
        /// The month, `2023-01`.
        public var name: String
        /// How many candles.
        public var count: Int
        /// Their fingerprint.
        public var hash: String
    }

    /// A file that the words name.
    public struct File: Codable, Sendable, Hashable {
        /// Which of the words names it; -1 of one that a file among them names.
        public var word: Int
        /// Where it was, from the root.
        public var path: String
        /// How many bytes it had.
        public var count: Int
        /// The fingerprint of its bytes.
        public var hash: String
        /// What was in it, of small files of text; with it they needn't be there any more.
        public var text: String?

        /// A file of its parts.
        public init(word: Int, path: String, count: Int, hash: String, text: String?) {
            self.word = word
            self.path = path
            self.count = count
            self.hash = hash
            self.text = text
        }
    }

    /// The release that ran it.
    public var version: String
    /// The command; `nil` of releases that kept runs alone.
    public var command: Command?
    /// What ran, by number; `nil` of releases that left it to the result.
    public var strategies: [RunLabel.Strategy]?
    /// The fingerprint of all candles.
    public var dataHash: String
    /// The fingerprint of the shorter candles that orders were filled on; `nil` where there were none.
    public var detailHash: String?
    /// Those of each month, oldest first; none where there are several series.
    public var months: [Month]
    /// The series of a portfolio, in the order of their first strategies; `nil` of a run over one.
    public var series: [Series]?
    /// Where the candles came from; of several series those of the first.
    public var source: Source
    /// The seed of the synthetic market.
    public var seed: UInt64?
    /// The options of the command, word for word, without those that only say where output goes.
    public var words: [String]
    /// The files that they name.
    public var files: [File]

    /// The origin of a run of this release over a series. O(candles).
    ///
    /// - Parameter detail: the shorter candles that orders were filled on.
    public init(
        _ strategy: RunLabel.Strategy, _ series: CandleSeries, detail: CandleSeries?, source: Source, seed: UInt64?,
        words: [String], files: [File] = []
    ) {
        version = WickRelease.version
        command = .run
        strategies = [strategy]
        dataHash = series.fingerprint
        detailHash = detail?.fingerprint
        months = RunOrigin.months(of: series)
        self.source = source
        self.seed = seed
        self.words = words
        self.files = files
    }

    /// The origin of a portfolio of this release over its series. O(candles).
    public init(
        portfolio strategies: [RunLabel.Strategy], _ series: [CandleSeries], details: [CandleSeries], source: Source,
        seed: UInt64?, words: [String], files: [File] = []
    ) {
        let parts = series.map {
            Series(
                name: "\($0.instrument.name) \($0.timeframe)", hash: $0.fingerprint, months: RunOrigin.months(of: $0))
        }
        version = WickRelease.version
        command = .portfolio
        self.strategies = strategies
        func joined(_ parts: [(name: String, hash: String)]) -> String {
            RunOrigin.fingerprint(Array(parts.map { "\($0.name) \($0.hash)\n" }.joined().utf8))
        }
        dataHash = joined(parts.map { ($0.name, $0.hash) })
        detailHash = details.isEmpty ? nil : joined(details.map { ($0.instrument.name, $0.fingerprint) })
        months = []
        self.series = parts
        self.source = source
        self.seed = seed
        self.words = words
        self.files = files
    }

    /// The months of all series; of several each has its series' name before its own.
    public var allMonths: [Month] {
        guard let series else { return months }
        return series.flatMap { part in
            part.months.map { Month(name: "\(part.name) \($0.name)", count: $0.count, hash: $0.hash) }
        }
    }

    /// The origin that a text holds; `nil` of one that is none, as that of an earlier release.
    public init?(json: String) {
        guard let origin = try? JSONDecoder().decode(RunOrigin.self, from: Data(json.utf8)) else { return nil }
        self = origin
    }

    /// The origin as text.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// What a result carries of it.
    public var stamp: RunStamp {
        RunStamp(dataHash: dataHash, detailHash: detailHash, seed: seed, version: version)
    }

    /// What its files carry.
    ///
    /// - Parameter text: the command, as it is typed.
    public func label(command text: String) -> RunLabel {
        RunLabel(strategies ?? [], isPortfolio: command == .portfolio, stamp: stamp, command: text)
    }

    /// The candles by months, so that revised ones are found. O(candles).
    public static func months(of series: CandleSeries) -> [Month] {
        var months: [Month] = []
        var start = 0
        let candles = series.candles
        var end = candles.first.map { nextMonth($0.openTime) } ?? .epoch
        for index in 1...max(candles.count, 1) where index >= candles.count || candles[index].openTime >= end {
            guard start < candles.count else { break }
            var part = series
            part.candles = Array(candles[start..<min(index, candles.count)])
            months.append(
                Month(
                    name: String(candles[start].openTime.date.prefix(7)), count: part.candles.count,
                    hash: part.fingerprint))
            start = index
            if index < candles.count { end = nextMonth(candles[index].openTime) }
        }
        return months
    }

    private static func nextMonth(_ time: Timestamp) -> Timestamp {
        let date = time.calendarDate
        let (year, month) = date.month == 12 ? (date.year + 1, 1) : (date.year, date.month + 1)
        return Timestamp(iso8601: "\(year)-\(month < 10 ? "0" : "")\(month)-01") ?? Timestamp(nanoseconds: .max)
    }

    /// Sixteen hexadecimal digits that stand for bytes, as `CandleSeries.fingerprint` does for candles. O(n).
    public static func fingerprint(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func take(_ value: UInt64) {
            hash = (hash ^ value) &* 0x0000_0100_0000_01B3
            hash ^= hash >> 29
        }
        take(UInt64(bytes.count))
        bytes.withUnsafeBytes { raw in
            var offset = 0
            while offset + 8 <= raw.count {
                take(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
                offset += 8
            }
            while offset < raw.count {
                take(UInt64(raw[offset]))
                offset += 1
            }
        }
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        hash ^= hash >> 31
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension BacktestRequest {
    /// The request in the words of `wick backtest run`.
    func words(seed: UInt64?) -> [String] {
        var words = ["--symbol", series, "--timeframe", timeframe.description, "--strategy", className]
        for parameter in parameters.sorted(by: { $0.key < $1.key }) {
            words += ["--param", "\(parameter.key)=\(parameter.value)"]
        }
        if let from { words += ["--from", from.description] }
        if let to { words += ["--to", to.description] }
        words += [
            "--cash", cash, "--fee-bps", feeBasisPoints, "--slippage-bps", slippageBasisPoints, "--sizing", sizing,
        ]
        if let seed { words += ["--market-seed", "\(seed)"] }
        return words
    }
}
