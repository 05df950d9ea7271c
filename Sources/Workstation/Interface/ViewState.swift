import Engine
import Market
import Terminal
import Trading

/// Everything the screen remembers that the engine does not know: a value, changed by the reducer alone.
struct ViewState: Sendable {
    /// The terminal's size.
    var size = Size(width: 80, height: 24)
    /// The symbol that the market panes show.
    var symbol = InstrumentID(0)
    /// The candles that the chart shows.
    var timeframe = Timeframe.oneMinute
    /// The pane with the focus.
    var focus = PaneID.chart
    /// How the panes are arranged.
    var arrangement = Arrangement()
    /// The glyphs that graphs are drawn with when not the theme's own.
    var glyphs: GlyphSet?
    /// Whether order keys are locked.
    var lock = TradeLock()

    /// Filters of lists, by pane; empty texts filter nothing.
    var filters: [PaneID: String] = [:]
    /// Strategy classes and stored series, for forms.
    var catalog = Catalog()

    // What each pane remembers. The types live beside their panes.
    var chart = ChartState()
    var book = BookState()
    var heatmap = HeatmapState()
    var tape = TapeState()
    var backtests = BacktestsState()
    var logPane = LogState()
    var lists = ListsState()
}

/// What forms choose from.
struct Catalog: Sendable {
    /// The strategy classes that can be registered.
    var classes: [StrategyDescriptor] = []
    /// The series in the store.
    var series: [StoredSeries] = []
}

/// The VIEW and TRADE lock.
struct TradeLock: Sendable, Hashable {
    /// When TRADE ends; `nil` in VIEW.
    var tradeUntil: Timestamp?

    /// Whether order keys work at `now`.
    func isTrade(_ now: Timestamp) -> Bool { tradeUntil.map { now < $0 } ?? false }
}
