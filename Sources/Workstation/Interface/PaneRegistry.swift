/// All panes, for look-ups by their identity.
enum PaneRegistry {
    /// The panes that exist, in the order of their keys.
    static let all: [any Pane.Type] = [
        ChartPane.self, BookPane.self, TapePane.self, PositionsPane.self, OrdersPane.self, StrategiesPane.self,
        AlertsPane.self, BacktestsPane.self, LogPane.self, HeatmapPane.self, WatchlistPane.self,
    ]

    /// The pane of an identity.
    static func pane(_ id: PaneID) -> (any Pane.Type)? { all.first { $0.id == id } }
}
