/// Something a person can do, named by a stable word that key files and the palette use: `chart.zoom-in`.
///
/// Actions of a pane begin with the pane's word; those without a dot work everywhere. What an action does is decided by
/// the reducer or by the pane's `handle`; which key does it is decided by the binding table alone.
struct Action: RawRepresentable, Hashable, Sendable {
    /// The stable name.
    let rawValue: String

    /// The action of a stable name.
    init(rawValue: String) { self.rawValue = rawValue }

    /// The action of a stable name.
    init(_ name: String) { rawValue = name }
}

extension Action {
    // Movement: delivered to the focused pane, or to the overlay on top.
    static let up = Action("up")
    static let down = Action("down")
    static let left = Action("left")
    static let right = Action("right")
    static let top = Action("top")
    static let bottom = Action("bottom")
    static let halfPageUp = Action("half-page-up")
    static let halfPageDown = Action("half-page-down")
    static let pageUp = Action("page-up")
    static let pageDown = Action("page-down")

    // Verbs whose meaning the focused pane gives.
    static let open = Action("open")
    static let toggle = Action("toggle")
    static let coarser = Action("coarser")
    static let finer = Action("finer")
    static let freeze = Action("freeze")
    static let copy = Action("copy")
    static let filter = Action("filter")
    static let nextMatch = Action("next-match")
    static let previousMatch = Action("previous-match")
    static let refresh = Action("refresh")

    // The workstation itself.
    static let help = Action("help")
    static let palette = Action("palette")
    static let nextPane = Action("next-pane")
    static let previousPane = Action("previous-pane")
    static let nextTab = Action("next-tab")
    static let previousTab = Action("previous-tab")
    static let back = Action("back")
    static let quit = Action("quit")
    static let detach = Action("detach")
    static let redraw = Action("redraw")
    static let enlarge = Action("enlarge")
    static let shrink = Action("shrink")
    static let nextPreset = Action("next-preset")
    static let previousPreset = Action("previous-preset")
    static let timeframe = Action("timeframe")
    static let symbol = Action("symbol")
    static let theme = Action("theme")
    static let undo = Action("undo")
    static let graphGlyphs = Action("graph-glyphs")
    static let performance = Action("performance")
    static let ticket = Action("ticket")
    static let receipt = Action("receipt")
    static let cancelAllOrders = Action("cancel-all-orders")
    static let resetBreakers = Action("reset-breakers")
    static let acceptCash = Action("accept-cash")
    static let tradeLock = Action("trade-lock")
    static let replayPause = Action("replay-pause")
    static let replayStep = Action("replay-step")
    static let replaySpeed = Action("replay-speed")
    static let emergencyStop = Action("emergency-stop")

    /// Jumps to a pane.
    static func pane(_ id: PaneID) -> Action { Action("pane-\(id.rawValue)") }
}
