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
    /// The frames of the theme in force, which the layout depends on.
    var borders = BorderSet.rounded
    /// How the screen stands to the engine.
    var link = ScreenLink()
    /// What becomes of the engine when the screen goes.
    var departure = WorkstationSettings.Departure.endsEngine(why: "")
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

    /// Dialogs and prompts, the last one on top.
    var layers: [any Layer] = []
    /// The emergency stop's banner, while it is up.
    var emergency: EmergencyBanner?
    /// Short messages, oldest first.
    var toasts: [Toast] = []
    /// Chords of a sequence that is not complete yet.
    var pending: [Chord] = []
    /// When the sequence was begun.
    var pendingSince = Timestamp.epoch
    /// What `u` would do, and its words.
    var undo: (text: String, consequences: [Consequence])?
    /// Guards keys against typing ahead, repeating and pasting.
    var keyGuard = KeyGuard()
    /// The number of the last notice that was shown.
    var lastNotice: UInt64 = 0
    /// Lines sent from the palette, oldest first.
    var paletteHistory: [String] = []
    /// Until when the last price stands out because it changed.
    var flashUntil = Timestamp.epoch
    /// The last price that was seen, and of what.
    var seenPrice: (symbol: InstrumentID, price: Price)?
    /// Whether the performance figures are shown.
    var isPerformanceShown = false
    /// Whether the terminal window has the focus, as far as it says.
    var isTerminalFocused = true

    /// The themes there are.
    var themes: [String] = ["default", "mono"]
    /// The theme in force.
    var theme = "default"
    /// The theme looked at in the picker.
    var previewedTheme: String?

    /// The theme to draw with.
    var shownTheme: String { previewedTheme ?? theme }

    /// Where everything stands.
    var layout: Layout { Layout.make(size, arrangement, focus: focus, borders: borders) }

    /// What is to be the same at the next start.
    func preferences(_ snapshot: Snapshot) -> Preferences {
        Preferences(
            theme: theme, layout: arrangement.preset.rawValue,
            symbol: snapshot.market(symbol)?.instrument.name ?? "", timeframe: timeframe.description)
    }

    /// Shows a message for as long as its kind is shown. One that is up already stays longer instead.
    mutating func toast(_ kind: Toast.Kind, _ text: String, _ now: Timestamp) {
        let toast = Toast(kind: kind, text: text, until: now.adding(seconds: kind.seconds))
        let head = text.prefix { $0 != ":" }
        // The same said again, or the next value of the same setting, takes its predecessor's place.
        if let index = toasts.firstIndex(where: {
            $0.text == text || (kind == .info && $0.text.prefix { $0 != ":" } == head)
        }) {
            toasts[index] = toast
        } else {
            toasts.append(toast)
        }
        if toasts.count > 3 { toasts.removeFirst(toasts.count - 3) }
    }

    /// Gives a pane the focus and remembers it for the place it stands in.
    mutating func setFocus(_ pane: PaneID) {
        if let slot = layout.slot(holding: pane) { arrangement.shown.subtract(slot.panes) }
        focus = pane
        arrangement.shown.insert(pane)
    }
}

/// What forms choose from.
struct Catalog: Sendable {
    /// The strategy classes that can be registered.
    var classes: [StrategyDescriptor] = []
    /// The series in the store.
    var series: [StoredSeries] = []
}

/// The VIEW and TRADE lock: order keys work for ten minutes after the last key, then it closes by itself.
struct TradeLock: Sendable, Hashable {
    /// When TRADE ends; `nil` in VIEW.
    var tradeUntil: Timestamp?

    /// How long TRADE lasts without a key, in seconds.
    static let idleSeconds: Int64 = 600

    /// Whether order keys work at `now`.
    func isTrade(_ now: Timestamp) -> Bool { tradeUntil.map { now < $0 } ?? false }

    /// Seconds until it locks, rounded up; 0 in VIEW.
    func secondsLeft(_ now: Timestamp) -> Int64 {
        guard let tradeUntil, now < tradeUntil else { return 0 }
        return (tradeUntil.nanoseconds(since: now) + 999_999_999) / 1_000_000_000
    }

    /// Unlocks, or keeps unlocked, from `now` on.
    mutating func unlock(_ now: Timestamp) { tradeUntil = now.adding(seconds: TradeLock.idleSeconds) }

    /// Locks.
    mutating func lock() { tradeUntil = nil }
}
