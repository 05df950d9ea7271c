public import Market
public import Trading

/// A portfolio as a YAML or JSON file describes it: the account, its limits, where candles come from, and the strategies.
/// What is not said is `nil`, and takes the default that `wick backtest portfolio` has for it.
public struct PortfolioFile: Sendable {
    /// The cash it begins with, an amount.
    public var cash: String?
    /// The fee in basis points; that of resting orders; the slippage.
    public var feeBasisPoints: String?
    /// The fee of orders that rested, in basis points.
    public var makerFeeBasisPoints: String?
    /// What buyers of a spot instrument pay fees in: `quote` or `base`.
    public var feeAsset: String
    /// How far market fills are moved against the trader, in basis points.
    public var slippageBasisPoints: String?
    /// The most of a candle's volume that orders get, in percent.
    public var participationPercent: String?
    /// Whether orders wait for the next candle that traded.
    public var waitsForVolume: Bool
    /// How the capital is shared: `split` or `pooled`.
    public var capital: String
    /// The first candle's open at the earliest.
    public var from: Timestamp?
    /// The end, exclusive.
    public var to: Timestamp?
    /// The timeframe of strategies that name none.
    public var timeframe: Timeframe?
    /// The candles that drive fills; `nil` for the shortest that a strategy of the symbol sees.
    public var fills: Timeframe?
    /// The seed of the synthetic market.
    public var marketSeed: UInt64?
    /// Files that candles are taken from instead of the store, by symbol as it is written.
    public var candles: [Source]
    /// The strategies, in the order of the file; the first has the number 1.
    public var strategies: [Strategy]

    private let risk: RiskLimits

    /// Where the candles of a symbol come from.
    public struct Source: Sendable, Hashable {
        /// The symbol in capitals, `BINANCE:BTCUSDT`.
        public var symbol: String
        /// A file of candles, beside the portfolio's where its path is relative; `nil` for the store.
        public var csv: String?
        /// What the instrument is, `spot` or `linear-perpetual`; `nil` for what is known of it.
        public var kind: String?
        /// A file of corporate actions, beside the portfolio's where its path is relative; `nil` for none.
        public var corporateActions: String?
    }

    /// One strategy.
    public struct Strategy: Sendable {
        /// What it is called.
        public var name: String
        /// The class, by name in the catalogue: of rules their whole text.
        public var className: String
        /// Parameters, `name` and `value` each, as written.
        public var parameters: [(name: String, text: String)]
        /// What it trades in capitals, `BINANCE:BTCUSDT`.
        public var symbol: String
        /// The candles it sees; `nil` where neither it nor the file nor its rules say which.
        public var timeframe: Timeframe?
        /// The file that its rules are in; `nil` of a class.
        public var rulesFile: String?
        /// The share of the cash it begins with; `nil` for an equal part of what the others leave.
        public var capitalShare: Ratio?
        /// `all-in`, `fixed:N` or `percent:P`.
        public var sizing: String
        /// Distances of protective orders in percent.
        public var stopLossPercent: String?
        /// The distance of the target in percent.
        public var takeProfitPercent: String?
        /// The distance of the trailing stop in percent.
        public var trailingStopPercent: String?
        /// Its line in the file.
        public var line: Int

        fileprivate var limits: StrategyLimits

        /// Its own limits, their amounts in a currency.
        public func limits(in currency: Currency) -> StrategyLimits {
            var limits = limits
            limits.maximumPositionNotional = limits.maximumPositionNotional.map { Money(units: $0.units, currency) }
            return limits
        }
    }

    /// The account's limits, their amounts in a currency.
    public func limits(in currency: Currency) -> RiskLimits {
        var limits = risk
        limits.maximumOrderNotional = limits.maximumOrderNotional.map { Money(units: $0.units, currency) }
        limits.maximumPositionNotional = limits.maximumPositionNotional.map { Money(units: $0.units, currency) }
        return limits
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - catalog: where classes are looked up.
    ///   - texts: what is read instead of the files of these paths, itself or those that it names for rules.
    /// - Throws: `SettingsError` with everything that is wrong with it, each with its line and key.
    public init(_ file: String, catalog: StrategyCatalog, texts: [String: String] = [:]) throws(SettingsError) {
        let document =
            if let text = texts[file] { try SettingsDocument(text: text, file: file) } else {
                try SettingsDocument(file: file)
            }
        try self.init(document, catalog, texts)
    }

    /// Reads the text of a file; `name` is what messages call it, and where its relative paths begin.
    ///
    /// - Throws: `SettingsError` with everything that is wrong with it.
    public init(text: String, name: String = "portfolio.yaml", catalog: StrategyCatalog) throws(SettingsError) {
        try self.init(SettingsDocument(text: text, file: name), catalog, [:])
    }

    private init(
        _ document: SettingsDocument, _ catalog: StrategyCatalog, _ texts: [String: String]
    ) throws(SettingsError) {
        let root = Section(document)
        let reader = PortfolioReader(document.file, catalog, texts)
        func percent(_ text: String) -> Bool { PortfolioReader.isPercent(text) }
        cash = reader.text(root, "cash", "an amount above 0", "10000") {
            ((try? Money($0, .usdt))?.units ?? 0) > 0
        }
        func basisPoints(_ key: String, _ lowest: Int, _ example: String) -> String? {
            reader.text(root, key, "basis points in \(lowest)…5000", example) { text in
                (try? Ratio(basisPoints: text)).map { $0 >= .basisPoints(lowest) && $0 <= .basisPoints(5_000) } ?? false
            }
        }
        feeBasisPoints = basisPoints("fee-bps", -5_000, "10")
        makerFeeBasisPoints = basisPoints("maker-fee-bps", -5_000, "7.5")
        feeAsset = root.choice("fee-asset", ["quote", "base"], default: "quote")
        slippageBasisPoints = basisPoints("slippage-bps", 0, "2")
        participationPercent = reader.text(
            root, "participation", "a percentage above 0 and up to 100", "10", check: percent)
        waitsForVolume = root.flag("wait-for-volume", default: false)
        capital = root.choice("capital", ["split", "pooled"], default: "split")
        from = root.time("from")
        to = root.time("to")
        if let from, let to, from >= to { root.note("to", "\(to) is not after \(from)") }
        timeframe = reader.timeframe(root, "timeframe")
        fills = reader.timeframe(root, "fills")
        marketSeed = root.read("market-seed", nil, expected: "a whole number from 0", example: "1") { text in
            UInt64(text).map { .some($0) }
        }
        risk = root.section("risk") { LimitSections.risk($0, .usdt, defaults: .none) }
        candles = reader.candles(root)
        let timeframe = self.timeframe
        strategies = root.sections("strategies", example: "[{strategy: sma-crossover, symbol: SYNTHETIC:BTCUSDT}]") {
            reader.strategy($0, usual: timeframe)
        }
        if strategies.isEmpty, root.problems.isEmpty {
            root.note(
                "strategies", "at least one strategy was expected",
                example: "strategies: [{strategy: sma-crossover, symbol: SYNTHETIC:BTCUSDT}]")
        }
        reader.checkTogether(&strategies, isSplit: capital == "split", root)
        root.finish()
        guard root.problems.isEmpty else { throw SettingsError(root.problems.inOrder) }
    }
}

extension PortfolioFile.Strategy {
    init(
        name: String, className: String, parameters: [(name: String, text: String)], symbol: String,
        timeframe: Timeframe?, capitalShare: Ratio?, sizing: String, line: Int, limits: StrategyLimits
    ) {
        self.name = name
        self.className = className
        self.parameters = parameters
        self.symbol = symbol
        self.timeframe = timeframe
        self.capitalShare = capitalShare
        self.sizing = sizing
        self.line = line
        self.limits = limits
    }
}

extension [SettingsProblem] {
    /// The problems in the order of their lines.
    fileprivate var inOrder: [SettingsProblem] {
        enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
        }.map(\.element)
    }
}
