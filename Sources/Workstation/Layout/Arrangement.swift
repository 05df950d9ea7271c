import Terminal

/// How the panes are arranged: the preset, the zoom, and which pane each stack shows.
struct Arrangement: Sendable, Hashable {
    /// Which panes are there.
    var preset = Preset.trade
    /// How much room the focused pane takes.
    var zoom = Zoom.normal
    /// Panes that were focused last in stacks that show one of several.
    var shown: Set<PaneID> = []

    /// A choice of panes for a kind of work.
    enum Preset: String, Sendable, Hashable, CaseIterable {
        case trade, watch, research, ops
    }

    /// How much room the focused pane takes.
    enum Zoom: Int, Sendable, Hashable {
        case normal, half, full
    }
}
