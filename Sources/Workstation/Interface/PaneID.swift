/// The panes of the workstation; each has its place in the layout and, where it has a number, a key that jumps to it.
enum PaneID: String, Hashable, Sendable, CaseIterable {
    case chart, book, tape, positions, orders, strategies, alerts, backtests, log, heatmap, watchlist

    /// The digit that jumps to it and stands in its title; `nil` for panes reached otherwise.
    var number: Int? {
        switch self {
        case .chart: 1
        case .book: 2
        case .tape: 3
        case .positions: 4
        case .orders: 5
        case .strategies: 6
        case .alerts: 7
        case .backtests: 9
        case .log, .heatmap, .watchlist: nil
        }
    }

    /// The name in titles, tabs and the palette.
    var name: String {
        switch self {
        case .chart: "Chart"
        case .book: "Book"
        case .tape: "Tape"
        case .positions: "Positions"
        case .orders: "Orders"
        case .strategies: "Strategies"
        case .alerts: "Alerts"
        case .backtests: "Backtests"
        case .log: "Log"
        case .heatmap: "Heatmap"
        case .watchlist: "Watchlist"
        }
    }

    /// Whether it shows the current symbol's market: `[` and `]` change the timeframe there, elsewhere the tab.
    var isMarket: Bool {
        switch self {
        case .chart, .book, .tape, .heatmap: true
        default: false
        }
    }
}
