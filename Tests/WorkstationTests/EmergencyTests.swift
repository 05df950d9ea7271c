import Engine
import Terminal
import Testing

@testable import Workstation

@Suite("The emergency stop")
struct EmergencyTests {
    private func isHalt(_ request: EngineRequest) -> Bool {
        if case .halt = request { return true }
        return false
    }

    @Test(
        "blocks at once from everywhere: panes, dialogs, questions, text fields, a half-typed sequence",
        arguments: [
            "", "6", "?", "?/ab", ":clo", "s", "T", ",4", "q", "<ctrl-t>o", "<ctrl-t>o<Tab><Tab>0.1", "6e",
            "6jj<Space>", "5/x",
            "5<Enter>", "7z", "g", "++", "<ctrl-x>", "<ctrl-x>f",
        ])
    func fromEverywhere(keys: String) {
        for (width, height) in [(1, 1), (20, 5), (60, 20), (80, 24), (120, 40)] {
            var session = Session(width, height)
            session.steps(keys)
            let before = session.requests.count
            session.press(.control("x"), after: 0)
            #expect(session.requests.count == before + 1 && isHalt(session.requests[before]), "\(keys)")
            #expect(session.view.emergency != nil)
        }
    }

    @Test("works while order keys are locked, and locks them")
    func worksInView() {
        var session = Session()
        session.steps("<ctrl-t><ctrl-x>")
        #expect(!session.view.lock.isTrade(session.now) && session.requests.count == 1)
    }

    @Test("names account, orders and positions, and what each key does")
    func namesWhatItTouches() {
        var session = Session()
        session.steps("<ctrl-x>")
        let text = session.screen().text()
        for words in [
            "EMERGENCY STOP", "account paper", "2 open orders", "1 protective", "3 positions", "y cancel all",
        ] {
            #expect(text.contains(words), "\(words)")
        }
    }

    @Test("cancels on y, keeps protective stops on k, flattens on f only")
    func stages() {
        func last(_ keys: String) -> EngineRequest? {
            var session = Session()
            session.steps("<ctrl-x>" + keys)
            return session.requests.last
        }
        if case .emergencyStop(let keeps, _)? = last("y") { #expect(!keeps) } else { Issue.record("y") }
        if case .emergencyStop(let keeps, _)? = last("k") { #expect(keeps) } else { Issue.record("k") }
        if case .emergencyFlatten? = last("f") {} else { Issue.record("f") }
        if case .halt? = last("<Enter>") {} else { Issue.record("Enter did something") }
        if case .halt? = last("q") {} else { Issue.record("q did something") }
    }

    @Test("ignores the keys of a word that was being typed")
    func ignoresTyping() {
        var session = Session()
        session.steps(":")
        session.press(.control("x"), after: 10)
        for character in "yfkr" { session.press(.character(character.unicodeScalars.first!), after: 20) }
        #expect(session.requests.count == 1)
    }

    @Test("keeps the block when the banner is put away, and comes back")
    func keepsBlocked() {
        var session = Session()
        session.steps("<ctrl-x><Esc>")
        #expect(session.view.emergency == nil && session.requests.count == 1 && session.hasToast("stay blocked"))
        session.snapshot.tradingState = .halted
        #expect(session.screen().text().contains("HALTED"))
        session.steps("<ctrl-x>")
        #expect(session.view.emergency != nil)
    }

    @Test(
        "ends only when the word is typed out, and the word is on the screen",
        arguments: [
            ("rre-arm<Enter>", true), ("rre-armx<Backspace><Enter>", true), ("rr<Enter>", false), ("rre-arm", false),
            ("rrearm<Enter>", false), ("rRE-ARM<Enter>", false), ("rre-arm<Esc><Enter>", false),
            ("re-arm<Enter>", false),
        ])
    func rearms(keys: String, isRearmed: Bool) {
        var session = Session()
        session.steps("<ctrl-x>r")
        #expect(session.screen().text().contains("Type re-arm"))
        session = Session()
        session.steps("<ctrl-x>" + keys)
        let wasAsked = session.requests.contains { if case .rearm = $0 { true } else { false } }
        #expect(wasAsked == isRearmed)
        #expect((session.view.emergency == nil) == isRearmed)
    }

    @Test("the stop's key takes the word away again and blocks anew")
    func stopsWhileTyping() {
        var session = Session()
        session.steps("<ctrl-x>rre-<ctrl-x>")
        #expect(session.view.emergency?.typed == nil)
        #expect(isHalt(session.requests[session.requests.count - 1]))
        // Letters of the word that was begun are answers again, not text.
        session.steps("<Enter>")
        #expect(session.requests.count == 2)
    }

    @Test("takes down a question that waits under it")
    func removesQuestions() {
        var session = Session()
        session.steps("<ctrl-t>5c<ctrl-x><Esc>")
        #expect(session.view.layers.isEmpty)
    }

    @Test("shows the receipt as it grows")
    func showsReceipt() {
        var session = Session()
        session.steps("<ctrl-x>y")
        session.snapshot.receipt = EmergencyReceipt(
            time: session.now, origin: "keyboard",
            venues: [.init(venue: "SIM", sent: 2, confirmed: 1, remaining: 1, milliseconds: 1.5)], isFlattening: false,
            openPositions: 3)
        #expect(session.screen().text().contains("SIM: 2 sent, 1 confirmed, 1 remaining, 1.5 ms"))
        session.steps("<Esc>:receipt<Enter>")
        #expect(session.screen().text().contains("positions left"))
    }

    @Test("from outside shows the banner and asks nothing again")
    func fromOutside() {
        var session = Session()
        session.steps("6jj<Space>")
        session.send(.outsideStop)
        #expect(session.view.emergency?.stage == .cancelling && session.requests.isEmpty)
        #expect(session.view.layers.isEmpty)
    }
}
