import Engine
import Market
import Terminal
import Testing
import Trading
import Venues

@testable import Workstation

@Suite("Leaving a screen, losing it, and coming back")
struct LeavingTests {
    @Test("Esc goes back one level and never quits; q asks, and only the second choice quits")
    func leavesByQuestionOnly() {
        var session = Session()
        session.steps("++<Esc>")
        #expect(session.view.arrangement.zoom == .normal)
        session.steps("<Esc><Esc><Esc>q<Enter>")
        #expect(!session.effects.contains { if case .exit = $0 { true } else { false } })
        session.steps("<ctrl-c>Q")
        guard case .exit(let reason)? = session.effects.last else {
            Issue.record("no exit")
            return
        }
        #expect(reason == .quit)
    }

    private func exit(_ departure: WorkstationSettings.Departure, _ keys: String) -> ExitReason? {
        var session = Session()
        session.view.departure = departure
        session.steps(keys)
        for effect in session.effects { if case .exit(let reason) = effect { return reason } }
        return nil
    }

    @Test(
        "q and Ctrl-Z offer to detach first, to stop the engine, and to stay", arguments: ["q", "<ctrl-z>", "<ctrl-c>"])
    func offersToDetach(key: String) {
        #expect(exit(.detaches, key + "<Enter>") == .detach)
        #expect(exit(.detaches, key + "d") == .detach)
        #expect(exit(.detaches, key + "Q") == .quit)
        #expect(exit(.detaches, key + "c") == nil)
        #expect(exit(.detaches, key + "<Esc>") == nil)
        #expect(exit(.leaves(engine: 7), key + "<Enter>") == .detach)
        #expect(exit(.endsEngine(why: "A replay can't detach."), key + "<Enter>") == nil)
        #expect(exit(.endsEngine(why: "A replay can't detach."), key + "d") == nil)
    }

    @Test("a replay says that it can't detach")
    func replayStays() {
        var session = Session()
        session.view.departure = .endsEngine(why: "A replay can't detach: its account ends with it.")
        session.steps("<ctrl-z>")
        #expect(session.screen().text().contains("A replay can't detach"))
    }

    @Test("a venue that is made to misbehave, and an engine that has stopped, are in the first row")
    func conditions() {
        var session = Session()
        session.snapshot.rehearsal = "silent"
        #expect(session.screen().text().split(separator: "\n").first?.contains("VENUE SILENT") == true)
        session.snapshot.health.engineProblem = "a strategy is stuck"
        let text = session.screen().text()
        #expect(text.split(separator: "\n").first?.contains("ENGINE STOPPED") == true)
        #expect(text.contains("STOPPED: a strategy is stuck"))
    }

    @Test("a pause that a server asks for is in the first row with its end: of orders before that of data alone")
    func pauses() {
        var session = Session()
        func first() -> String { session.screen().text().split(separator: "\n").first.map(String.init) ?? "" }
        let until = Timestamp(nanoseconds: 3_723 * 1_000_000_000)
        session.snapshot.dataLimits = VenueLimits(weight: 5, limit: 6_000, pause: "HTTP 418", until: until)
        #expect(first().contains("DATA PAUSED UNTIL 01:02:03"))
        session.snapshot.venueLimits = VenueLimits(weight: 5, limit: 6_000, pause: "HTTP 429")
        #expect(first().contains("VENUE PAUSED") && !first().contains("DATA PAUSED"))
        session.snapshot.dataLimits?.pause = nil
        session.snapshot.venueLimits?.pause = nil
        #expect(!first().contains("PAUSED"))
    }

    @Test("a screen that only watches is told who has control, can't unlock, and can't stop the engine")
    func watches() {
        var session = Session()
        session.view.departure = .leaves(engine: 7)
        session.send(.link(ScreenLink(role: .watch(holder: "process 4 on pts/1"))))
        #expect(session.hasToast("process 4 on pts/1"))
        #expect(session.screen().text().contains("WATCHING"))
        session.steps("<ctrl-t>")
        #expect(!session.view.lock.isTrade(session.now) && session.hasToast("--take"))
        session.steps("qQ")
        #expect(!session.effects.contains { if case .exit(.quit) = $0 { true } else { false } })
    }

    @Test("losing control locks the order keys at once; getting it back is said")
    func losesControl() {
        var session = Session()
        session.steps("<ctrl-t>")
        #expect(session.view.lock.isTrade(session.now))
        session.send(.link(ScreenLink(role: .watch(holder: "x"))))
        #expect(!session.view.lock.isTrade(session.now))
        session.send(.link(ScreenLink()))
        #expect(session.hasToast("has control now"))
    }

    @Test(
        "an engine that is not heard is said first of all, and no price looks live",
        arguments: [(120, 40), (80, 24), (30, 8)])
    func lost(width: Int, height: Int) {
        var session = Session(width, height)
        session.snapshot = session.snapshot.aged(12)
        session.send(.link(ScreenLink(state: .lost(seconds: 12, reason: "it closed the connection"))))
        #expect(session.screen().text().contains("NO ENGINE 12"))
        #expect(session.hasToast("it closed the connection"))
        for market in session.snapshot.markets {
            if case .live = market.status { Issue.record("\(market.instrument.pair) looks live") }
        }
        session.steps("<ctrl-t>")
        #expect(!session.view.lock.isTrade(session.now))
    }

    @Test("the next screen looks as the last one did")
    func keepsView() {
        var last = Session()
        last.steps("pp6j+#/tr<Enter>")
        last.view.timeframe = .oneHour
        let kept = KeptView(last.view, last.snapshot)
        var next = Session()
        let read = KeptView(kept.bytes)
        #expect(read == kept)
        read?.apply(to: &next.view, next.snapshot, keepsTheme: false)
        #expect(next.view.focus == last.view.focus)
        #expect(next.view.arrangement == last.view.arrangement)
        #expect(next.view.filters == last.view.filters)
        #expect(next.view.timeframe == .oneHour)
        #expect(next.view.lists.selected == last.view.lists.selected)
        #expect(next.view.glyphs == last.view.glyphs)
        #expect(!next.view.lock.isTrade(next.now))
    }

    @Test("bytes that no screen wrote leave a fresh view as it is", arguments: [[], [9], [1, 200], [1, 1, 255, 0]])
    func keptNonsense(bytes: [UInt8]) {
        #expect(KeptView(bytes) == nil)
    }
}
