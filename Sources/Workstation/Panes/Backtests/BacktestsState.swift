import Engine
import Market
import Trading

/// What the backtests pane remembers between frames.
struct BacktestsState: Sendable {
    /// What the pane shows.
    enum Page: Sendable, Hashable {
        /// All runs.
        case list
        /// The result of one.
        case result(Int64)
        /// Two side by side.
        case comparison(Int64, Int64)
    }

    /// The parts of a result, for panes with room for only one.
    enum Section: Int, Sendable, Hashable, CaseIterable {
        case figures, equity, trades
    }

    /// What is shown.
    var page = Page.list
    /// The part of the result that is shown where not all fit.
    var section = Section.figures
    /// The runs marked for a comparison, at most two, in the order they were marked.
    var marked: [Int64] = []
    /// The selected round trip of the result.
    var trip = 0

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
