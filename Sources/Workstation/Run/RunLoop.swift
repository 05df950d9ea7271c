import Engine
import Glibc
import Market
import Synchronization
import Terminal

/// Waits for keys, snapshots and time, lets the reducer decide, and draws when something changed and a frame is due.
///
/// It lives on one thread, which owns the screen. The engine is only ever read through its port and asked through it;
/// neither side waits for the other.
final class RunLoop {
    private let port: any EnginePort
    private let settings: WorkstationSettings
    private let screen: any Display
    private let mailbox: Mailbox
    private let reducer: Reducer
    private var themes: ThemeCache
    private var view = ViewState()
    private var statistics = FrameMeter()
    private var generation: UInt64?
    /// Whether the picture may differ from the one on the screen.
    private var isDirty = true
    /// Whether a key waits to be answered, which no frame rate delays.
    private var isUrgent = true
    private var lastFrame: ContinuousClock.Instant = .now - .seconds(1)
    private var lastSecond: Int64 = 0
    /// Whether the picture shows a price that has just changed.
    private var isFlashing = false
    private var exit: ExitReason?
    /// What was handed in last for the next screen.
    private var keptView: [UInt8] = []

    init(_ port: any EnginePort, _ settings: WorkstationSettings, _ screen: any Display, _ mailbox: Mailbox) {
        self.port = port
        self.settings = settings
        self.screen = screen
        self.mailbox = mailbox
        reducer = Reducer(table: BindingTable(remapping: settings.keys))
        themes = ThemeCache(
            library: ThemeLibrary(directories: settings.themeDirectories), depth: screen.colorDepth,
            isASCII: settings.isASCII || !screen.supportsUnicode)
        begin()
    }

    private func begin() {
        let now = WallClock.now
        let preferences = settings.preferences
        view.size = screen.size
        view.themes = themes.library.names()
        view.theme = preferences.theme
        view.glyphs = settings.graph
        view.arrangement.preset = Arrangement.Preset(rawValue: preferences.layout) ?? .trade
        view.timeframe = Timeframe(preferences.timeframe) ?? .oneMinute
        let snapshot = port.snapshot
        if let market = snapshot.markets.first(where: { $0.instrument.name == preferences.symbol }) {
            view.symbol = market.id
        }
        if let kept = port.keptView.flatMap(KeptView.init) {
            kept.apply(to: &view, snapshot, keepsTheme: settings.keepsTheme)
        }
        view.departure = settings.departure
        apply(.link(port.link), snapshot, now)
        // What happened before the screen opened is in alerts and log, not in messages.
        view.lastNotice = snapshot.notices.last?.number ?? 0
        view.catalog = Catalog(classes: port.strategyClasses, series: port.storedSeries())
        for text in settings.notices + reducer.table.problems.map({ "keys: \($0)" }) { view.toast(.warning, text, now) }
        if snapshot.tradingState == .halted {
            let key = reducer.table.label(.emergencyStop)
            view.toast(.error, "The emergency stop is in force since before: \(key) shows it, r there ends it", now)
        }
        useTheme(now)
    }

    /// Runs until the screen is to end.
    func run() -> ExitReason {
        while true {
            let events = screen.poll(timeout: timeout, waker: mailbox.waker, watching: port.wakeDescriptor)
            port.drainWake()
            let now = WallClock.now
            let link = port.link
            let snapshot = link.lostSeconds.map { port.snapshot.aged($0) } ?? port.snapshot
            if link != view.link {
                apply(.link(link), snapshot, now)
                isDirty = true
            }
            if case .ending = link.state { exit = .quit }
            if snapshot.generation != generation {
                generation = snapshot.generation
                apply(.snapshot, snapshot, now)
                isDirty = true
            }
            for event in mailbox.take() {
                apply(event, snapshot, now)
                isDirty = true
                if case .outsideStop = event { isUrgent = true }
            }
            for event in events {
                isDirty = true
                if case .key = event { isUrgent = true }
                if case .resize = event { isUrgent = true }
                apply(.input(event), snapshot, now)
            }
            takeTime(snapshot, now)
            if let exit {
                keepView(snapshot)
                return exit
            }
            drawIfDue(snapshot, now)
        }
    }

    /// How long nothing has to be done: until the frame that waits is due, or until the clock shows another second.
    private var timeout: Duration {
        if isDirty {
            if isUrgent { return .milliseconds(5) }
            return max(.zero, lastFrame + frameInterval - .now)
        }
        let nanoseconds = WallClock.now.nanoseconds % 1_000_000_000
        var wait = Duration.nanoseconds(1_000_000_000 - nanoseconds)
        // The box with the rest of a key sequence comes in the middle of a second.
        if !view.pending.isEmpty { wait = min(wait, .milliseconds(100)) }
        if let flash = flashRest { wait = min(wait, flash) }
        return wait
    }

    /// How long the last price still stands out.
    private var flashRest: Duration? {
        let rest = view.flashUntil.nanoseconds(since: WallClock.now)
        return rest > 0 ? .nanoseconds(rest) : nil
    }

    private var frameInterval: Duration {
        let rate = max(1, min(60, settings.framesPerSecond))
        return .seconds(1) / (view.isTerminalFocused ? rate : max(1, rate / 2))
    }

    private func takeTime(_ snapshot: Snapshot, _ now: Timestamp) {
        apply(.tick, snapshot, now)
        if now.seconds != lastSecond {
            lastSecond = now.seconds
            isDirty = true
            keepView(snapshot)
            if themes.hasChanged(view.shownTheme, now) { useTheme(now) }
        }
        if !view.pending.isEmpty { isDirty = true }
        if isFlashing, flashRest == nil {
            isFlashing = false
            isDirty = true
        } else if flashRest != nil {
            isFlashing = true
        }
    }

    /// Hands in what the next screen is to look like, when that changed.
    private func keepView(_ snapshot: Snapshot) {
        let bytes = KeptView(view, snapshot).bytes
        guard bytes != keptView else { return }
        keptView = bytes
        port.keepView(bytes)
    }

    private func apply(_ event: ScreenEvent, _ snapshot: Snapshot, _ now: Timestamp) {
        let theme = view.shownTheme
        let toasts = view.toasts.count
        for effect in reducer.reduce(&view, event, snapshot, now) { carryOut(effect, snapshot, now) }
        if view.shownTheme != theme { useTheme(now) }
        if view.toasts.count != toasts { isDirty = true }
    }

    private func carryOut(_ effect: ScreenEffect, _ snapshot: Snapshot, _ now: Timestamp) {
        switch effect {
        case .send(let request):
            let mailbox = mailbox
            port.send(request) { mailbox.put(.reply($0)) }
        case .copy(let text):
            if !screen.copyToClipboard(text) { view.toast(.warning, "Too long for a clipboard", now) }
        case .redraw: screen.repaint()
        case .reloadCatalog:
            view.catalog = Catalog(classes: port.strategyClasses, series: port.storedSeries())
        case .save(let preferences): settings.save(preferences)
        case .flushInput: break  // the guard of the dialog ignores what was typed before it could be seen
        case .exit(let reason): exit = reason
        }
    }

    private func useTheme(_ now: Timestamp) {
        let (theme, problems) = themes.theme(view.shownTheme)
        view.borders = theme.borders
        for problem in problems.prefix(2) { view.toast(.warning, problem, now) }
        isDirty = true
    }

    private func drawIfDue(_ snapshot: Snapshot, _ now: Timestamp) {
        guard isDirty, isUrgent || ContinuousClock.now - lastFrame >= frameInterval else { return }
        let start = ContinuousClock.now
        let canvas = Screenful(
            snapshot: snapshot, view: view, theme: themes.theme(view.shownTheme).theme, now: now,
            table: reducer.table, statistics: statistics.figures
        ).draw()
        let drawn = ContinuousClock.now
        let report = screen.present(canvas)
        statistics.count(report, drawing: drawn - start, now)
        lastFrame = start
        // A frame that was left out is made up for by a newer one, not queued.
        isDirty = report.outcome == .skipped
        isUrgent = false
    }
}

/// What other threads tell the screen: answers of the engine, a stop from outside.
final class Mailbox: Sendable {
    /// Wakes the screen.
    let waker = Waker()
    private let events = Mutex<[ScreenEvent]>([])

    /// Leaves an event. Any thread.
    func put(_ event: ScreenEvent) {
        events.withLock { $0.append(event) }
        waker.wake()
    }

    /// Takes what was left.
    func take() -> [ScreenEvent] {
        events.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}

/// The time that people's clocks show.
enum WallClock {
    /// Now.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
