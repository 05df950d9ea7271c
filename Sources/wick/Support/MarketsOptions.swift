import ArgumentParser

/// Several markets of one venue.
struct MarketsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The venue: binance.", valueName: "venue"), completion: .list(["binance"]))
    var venue: String?

    @Option(help: ArgumentHelp("A symbol, as BTCUSDT; may be given several times.", valueName: "symbol"))
    var symbol: [String] = []

    /// The symbols in capitals, each once; what is wrong with them or with the venue is added to the problems.
    ///
    /// - Parameter what: what is wanted of the venue, for the words of a problem.
    func symbols(for what: String, _ problems: inout [String]) -> [String] {
        var venues = venue.map { [$0.uppercased()] } ?? []
        var symbols: [String] = []
        for name in symbol {
            // BINANCE:BTCUSDT in one, as everywhere.
            let parts = name.uppercased().split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { venues.append(String(parts[0])) }
            let symbol = String(parts[parts.count - 1])
            if let problem = SeriesOptions.symbolProblem(symbol) { problems.append(problem) }
            if !symbols.contains(symbol) { symbols.append(symbol) }
        }
        if symbols.isEmpty { problems += [SeriesOptions.symbolProblem(nil)].compactMap { $0 } }
        if venues.isEmpty { problems += [SeriesOptions.venueProblem(nil)].compactMap { $0 } }
        for venue in venues where venue != "BINANCE" {
            problems.append("--venue: '\(Table.plain(venue))' has no \(what); there is binance")
        }
        return symbols
    }
}
