import Terminal

/// What the lists remember between frames: the selected row by identity, never by number.
struct ListsState: Sendable {
    /// The selected row of each list.
    var selected: [PaneID: RowID] = [:]
    /// The first visible row of each list.
    var offset: [PaneID: Int] = [:]
}

/// A row's identity that survives every refresh and reordering.
struct RowID: Hashable, Sendable {
    /// The identity in words: `order 12`.
    var text: String

    init(_ text: String) { self.text = text }
}
