public import Engine
public import Market
public import Terminal

/// Makes the pictures that the run loop would show, of snapshots and at times of the caller's choosing and without a
/// terminal: what `make bench` times.
public struct PictureMaker: Sendable {
    private let reducer = Reducer(table: BindingTable())
    private let theme: Theme
    private var view = ViewState()

    /// A fresh screen of a size, as it is when the workstation opens.
    ///
    /// - Parameters:
    ///   - size: columns and rows.
    ///   - theme: the look, fitted to the colours there are.
    ///   - snapshot: the state at its opening; what happened before is no news.
    public init(size: Size, theme: Theme, opening snapshot: Snapshot) {
        self.theme = theme
        view.size = size
        view.borders = theme.borders
        view.lastNotice = snapshot.notices.last?.number ?? 0
    }

    /// The picture of a snapshot at a time.
    ///
    /// - Complexity: O(cells), and once a closed candle what the indicators of the chart take.
    public mutating func picture(of snapshot: Snapshot, at now: Timestamp) -> Canvas {
        // Neither asks for anything outside; keys would.
        _ = reducer.reduce(&view, .snapshot, snapshot, now)
        _ = reducer.reduce(&view, .tick, snapshot, now)
        return Screenful(snapshot: snapshot, view: view, theme: theme, now: now, table: reducer.table).draw()
    }
}
