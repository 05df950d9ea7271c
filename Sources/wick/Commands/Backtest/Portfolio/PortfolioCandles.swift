import ArgumentParser
import Market

/// Which candles a portfolio without a file trades.
struct PortfolioCandles: ParsableArguments {
    @Option(
        name: .customLong("symbol"), parsing: .singleValue,
        help: ArgumentHelp("A symbol to trade, VENUE:SYMBOL; may be given several times.", valueName: "symbol"))
    var symbols: [String] = []

    @Option(
        name: .customLong("csv"), parsing: .singleValue,
        help: ArgumentHelp(
            "Take the candles of a symbol from a file, CSV (plain or gzip) or Parquet; may be given several times.",
            valueName: "symbol=file"),
        completion: .file(extensions: ["csv", "gz", "parquet"]))
    var files: [String] = []

    @Option(
        help: ArgumentHelp(
            "The candles that strategies see: 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d (default: 1m, or those of the rules).",
            valueName: "timeframe"))
    var timeframe: String?

    @Option(
        help: ArgumentHelp(
            "The candles that drive fills, where they are to be shorter, as 1m.", valueName: "timeframe"))
    var fills: String?

    @OptionGroup var detail: DetailOption
    @OptionGroup var span: SpanOptions

    @Option(
        help: ArgumentHelp(
            "What the instruments are: spot, or linear-perpetual or equity, which may be sold short (default: as stored).",
            valueName: "kind"))
    var kind: String?

    @Option(
        name: .customLong("market-seed"),
        help: ArgumentHelp(
            "The seed of the synthetic market, for SYNTHETIC:… symbols (default: 1).", valueName: "number"))
    var marketSeed: String?

    /// Where the candles of one symbol come from.
    struct Source: Equatable {
        /// `VENUE:SYMBOL`; `nil` for what a file says of itself.
        var symbol: String?
        var csv: String?
        var kind: String?
        /// The file of its corporate actions.
        var actions: String?

        /// Whether its candles can be made, from a seed.
        var mayBeMade: Bool { csv == nil && symbol?.hasPrefix("SYNTHETIC:") ?? false }

        /// Whether a name with or without its venue means it.
        func isCalled(_ name: String) -> Bool {
            symbol == name || symbol?.split(separator: ":").last.map(String.init) == name
        }
    }

    /// Gives symbols the corporate actions that `SYMBOL=FILE` say of them; of a single symbol the file alone will do.
    static func add(_ actions: [String], to sources: inout [Source], _ problems: inout [String]) {
        for option in actions {
            let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
            let place =
                parts.count == 2
                ? sources.firstIndex { $0.isCalled(parts[0].uppercased()) } : sources.count == 1 ? 0 : nil
            if let place, sources[place].actions == nil {
                sources[place].actions = parts.last
            } else {
                problems.append(
                    "--corporate-actions: '\(Table.plain(option))' is no file of one symbol; expected SYMBOL=FILE with a "
                        + "symbol of the portfolio, once")
            }
        }
    }

    /// The symbols to trade, what is wrong with them being added to the problems.
    func sources(_ problems: inout [String]) -> [Source] {
        var sources: [Source] = []
        for symbol in symbols {
            if symbol.split(separator: ":").count != 2 {
                problems.append("--symbol: '\(Table.plain(symbol))' has no venue; expected VENUE:SYMBOL")
            }
            sources.append(Source(symbol: symbol.uppercased(), kind: kind))
        }
        for file in files {
            let parts = file.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                sources.append(Source(csv: file, kind: kind))
                continue
            }
            let name = parts[0].uppercased()
            let symbol = name.contains(":") ? name : "FILE:\(name)"
            if let index = sources.firstIndex(where: { $0.symbol == symbol && $0.csv == nil }) {
                sources[index].csv = parts[1]
            } else {
                sources.append(Source(symbol: symbol, csv: parts[1], kind: kind))
            }
        }
        if sources.isEmpty {
            problems.append("nothing to run over; expected a file, or --symbol or --csv for each symbol to trade")
        }
        for (index, source) in sources.enumerated() where sources[..<index].contains(source) {
            problems.append("--symbol: \(source.symbol ?? source.csv ?? "") is there twice")
        }
        return sources
    }

    /// The timeframe of an option `--fills`.
    static func fills(_ text: String?, _ problems: inout [String]) -> Timeframe? {
        guard let text else { return nil }
        if let timeframe = Timeframe(text) { return timeframe }
        let known = Timeframe.all.map(\.description).joined(separator: " ")
        problems.append("--fills: '\(Table.plain(text))' is none of \(known)")
        return nil
    }
}
