import Engine
import Market
import Trading

/// What the backtests pane remembers between frames.
struct BacktestsState: Sendable {
    /// What the pane shows.
    enum Page: Sendable, Hashable {
        /// All runs and searches.
        case list
        /// The result of a run.
        case result(Int64)
        /// Several runs side by side.
        case comparison([Int64])
        /// A search.
        case search(Int64)
    }

    /// The tabs of a result.
    enum Section: Int, Sendable, Hashable, CaseIterable {
        case overview, equity, months, trades, figures
    }

    /// The tabs of a search; which of them there are depends on its kind.
    enum SearchSection: Sendable, Hashable, CaseIterable {
        case summary, windows, equity, map, scatter, trials

        var name: String {
            switch self {
            case .summary: "summary"
            case .windows: "windows"
            case .equity: "equity"
            case .map: "map"
            case .scatter: "scatter"
            case .trials: "trials"
            }
        }

        /// The tabs that a search has.
        static func shown(_ search: SearchView) -> [SearchSection] {
            var sections: [SearchSection] = [.summary]
            if search.request.kind == .walkForward { sections += [.windows, .equity] }
            if search.board.axes.count > 1 { sections.append(.map) }
            return sections + [.scatter, .trials]
        }
    }

    /// What is shown.
    var page = Page.list
    /// The tab of a result.
    var section = Section.overview
    /// The tab of a search.
    var searchSection = SearchSection.summary
    /// What the scatter has along its lower edge, and the map along its sides: 0 the number of the trial (the first two
    /// parameters), else the parameter of that place (the pair of that place).
    var axis = 0
    /// The runs marked for a comparison, in the order they were marked.
    var marked: [Int64] = []
    /// The comparison that was made of them.
    var comparison: BacktestComparison?
    /// The selected round trip, trial or window.
    var trip = 0

    /// Runs that can be compared at once: as many as there are lines of different looks.
    static let mostMarked = 6

    /// Opens the form of a backtest with a strategy's parameters, over the stored candles of its instrument where there
    /// are any.
    static func opening(
        _ registration: StrategyRegistration, _ snapshot: Snapshot, _ catalog: Catalog
    ) -> [Consequence] {
        guard !catalog.series.isEmpty else { return [.reloadCatalog, .toast(.warning, BacktestForm.noSeries)] }
        let instrument = snapshot.market(registration.instrument)?.instrument
        let series =
            catalog.series.first { $0.name == instrument?.name }
            ?? catalog.series.first { $0.name.hasSuffix(":\(instrument?.symbol ?? "")") } ?? catalog.series[0]
        var parameters: [String: String] = [:]
        for (name, text) in registration.parameters.texts { parameters[name] = text }
        let request = BacktestRequest(
            className: registration.className, parameters: parameters, series: series.name,
            timeframe: max(registration.timeframe, series.timeframe), sizing: sizing(registration.sizing, instrument))
        return [.form(BacktestForm(catalog, start: request))]
    }

    private static func sizing(_ sizing: Sizing, _ instrument: Instrument?) -> String {
        switch sizing {
        case .allIn: "all-in"
        case .quantity(let quantity): instrument.map { "fixed:\($0.text(quantity))" } ?? "all-in"
        case .equityShare(let share): "percent:\(share.description.dropLast())"
        }
    }
}
