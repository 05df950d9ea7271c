import Terminal

/// What the lists remember between frames: the selected row by identity, never by number.
struct ListsState: Sendable {
    /// The selected row of each list; the first row when none or when it is gone.
    var selected: [PaneID: RowID] = [:]
    /// Where the selected row stood last, so that its neighbour takes over when it goes.
    var position: [PaneID: Int] = [:]
    /// Whether the orders list shows working ones only.
    var showsWorkingOrdersOnly = false
    /// Whether the alerts list shows shelved ones too.
    var showsShelvedAlerts = false
}

/// A row's identity that survives every refresh and reordering.
struct RowID: Hashable, Sendable {
    /// The identity in words: `order 12`.
    var text: String

    init(_ text: String) { self.text = text }
}
