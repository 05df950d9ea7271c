import Engine
import Market
import Terminal
import Testing
import Trading

@testable import Workstation

@Suite("Questions and what guards them")
struct QuestionTests {
    private func isEnable(_ request: EngineRequest, _ id: Int32) -> Bool {
        if case .enableStrategy(let strategy) = request { return strategy.rawValue == id }
        return false
    }

    @Test("Space disables a strategy at once and says what stays; u takes it back")
    func disablesAtOnce() {
        var session = Session()
        session.steps("6<Space>")
        guard case .disableStrategy(let id)? = session.requests.first else {
            Issue.record("\(session.requests)")
            return
        }
        #expect(id.rawValue == 1)
        #expect(session.hasToast("closes nothing; 1 open order stay"))
        session.steps("u")
        #expect(session.requests.count == 2 && isEnable(session.requests[1], 1))
    }

    @Test("Space on a disabled strategy asks; only y enables it")
    func asksBeforeEnabling() {
        var session = Session()
        session.steps("6jj<Space>")
        #expect(session.requests.isEmpty)
        session.steps("<Enter>")
        #expect(session.requests.isEmpty && session.view.layers.isEmpty)
        session.steps("<Space>y")
        #expect(session.requests.count == 1 && isEnable(session.requests[0], 3))
    }

    @Test("live, enabling asks for the word LIVE in a dialog, and undoing a disable asks too")
    func typesTheWordWhenLive() {
        var session = Session(snapshot: Fixture.snapshot(mode: .live))
        session.steps("6jj<Space>y<Enter>")
        #expect(session.requests.isEmpty)
        session.steps("<Backspace>LIVE<Enter>")
        #expect(session.requests.count == 1 && isEnable(session.requests[0], 3))
        session.steps("kk<Space>u")
        #expect(session.requests.count == 2)
        #expect(session.view.layers.last is TypedQuestion)
    }

    @Test(
        "what the engine refused for want of evidence is asked again with what is missing, and takes WAIVE and a reason"
    )
    func waives() {
        var snapshot = Fixture.snapshot(mode: .live)
        let name = snapshot.strategies[2].registration.name
        let text = "\(name) lacks evidence for trading with real money: truncation: there is none; overfitting: 0.7. "
        let told = text + "Make it with: wick backtest audit"
        snapshot.notices.append(Notice(number: 900, kind: .refused, text: told))
        var session = Session(snapshot: snapshot)
        session.steps("6jj<Space>LIVE<Enter>")
        #expect(session.requests.isEmpty && session.view.layers.last is TypedQuestion)
        session.steps("<Backspace><Backspace><Backspace><Backspace>WAIVE<Enter>")
        #expect(session.requests.isEmpty && session.view.layers.last is TypedQuestion)
        session.steps("<Space>a<Space>tenth<Space><Enter>")
        guard session.requests.count == 1, case .enableWaived(let id, let reason) = session.requests[0] else {
            Issue.record("\(session.requests)")
            return
        }
        #expect(id == snapshot.strategies[2].registration.id && reason == "a tenth")
    }

    @Test("a question ignores keys typed before it could be read")
    func guardsQuestions() {
        var session = Session()
        session.steps("6jj<Space>")
        session.press(.character("y"), after: 0)
        session.press(.character("y"), after: 249)
        #expect(session.requests.isEmpty && !session.view.layers.isEmpty)
        session.press(.character("y"), after: 251)
        #expect(session.requests.count == 1)
    }

    @Test("a key held down does not answer the question it opened")
    func guardsRepetition() {
        var session = Session()
        session.steps("<ctrl-t>5c")
        #expect(session.view.layers.last is LineQuestion)
        for _ in 0..<20 { session.press(.character("c"), after: 30) }
        #expect(session.requests.isEmpty && session.view.layers.last is LineQuestion)
    }

    @Test("a question is answered once")
    func answersOnce() {
        var session = Session()
        session.steps("<ctrl-t>5cyy")
        #expect(session.requests.count == 1)
    }

    @Test("keys in the instant after the window gets the focus answer nothing")
    func guardsFocus() {
        var session = Session()
        session.steps("6jj<Space>")
        session.now = session.now.adding(seconds: 1)
        session.send(.input(.focus(true)))
        session.press(.character("y"), after: 100)
        #expect(session.requests.isEmpty)
        session.press(.character("y"), after: 100)
        #expect(session.requests.count == 1)
    }

    @Test("characters faster than anybody types are a paste and do nothing")
    func dropsBursts() {
        var session = Session()
        session.steps("<ctrl-t>5")
        for character in "jjjjjjcy" { session.press(.character(character.unicodeScalars.first!), after: 1) }
        #expect(session.requests.isEmpty && session.view.layers.isEmpty)
        #expect(session.hasToast("like a paste"))
    }

    @Test("pasted text outside of a field is dropped, inside it is text without control characters")
    func guardsPastes() {
        var session = Session()
        session.send(.input(.paste("q\u{1B}[2J")))
        #expect(session.hasToast("Pasted text dropped"))
        session.steps(":")
        session.send(.input(.paste("theme\u{1B} mono\n")))
        session.steps("<Enter>")
        #expect(session.view.theme == "mono")
    }

    @Test("live money shows in the first word, and every question needs a word")
    func showsLive() {
        var session = Session(snapshot: Fixture.snapshot(mode: .live))
        #expect(session.screen().text().hasPrefix("[LIVE ]"))
        session.steps("<ctrl-t>4x")
        #expect(session.view.layers.last is TypedQuestion)
        let text = session.screen().text()
        for words in ["account", "SIM", "SELL 0.02500 BTC/USDT", "notional", "Type 0.02500 to confirm"] {
            #expect(text.contains(words), "\(words)")
        }
        session.steps("0.02500<Enter>")
        guard case .closePosition? = session.requests.last else {
            Issue.record("\(session.requests)")
            return
        }
    }

    @Test("an order of another client stands in the list, and c asks before it is claimed and cancelled")
    func claims() {
        var snapshot = Fixture.snapshot(mode: .testnet)
        snapshot.externalOrders = [
            ExternalOrderView(
                instrument: InstrumentID(0), venueID: "28457", clientOrderID: "web_1", side: .sell, type: .limit,
                timeInForce: .goodTilCancelled, quantity: Quantity(mantissa: 5), limitPrice: Price(mantissa: 7_000_000),
                time: snapshot.time, listID: "77"),
            ExternalOrderView(
                instrument: InstrumentID(0), venueID: "28458", clientOrderID: "web_2", side: .sell, type: .stop,
                timeInForce: .goodTilCancelled, quantity: Quantity(mantissa: 5),
                triggerPrice: Price(mantissa: 5_000_000), time: snapshot.time, listID: "77"),
        ]
        var session = Session(snapshot: snapshot)
        session.steps("<ctrl-t>5")
        let first = OrdersPane.allRows(snapshot, session.view)[0].cells.map(\.text)
        #expect(first.contains("external") && first.contains("another client"))
        session.steps("c")
        #expect(session.requests.isEmpty && session.view.layers.last is LineQuestion)
        // The stop of the same list ends with it.
        let question = TradingQuestions.claim(snapshot.externalOrders[0], snapshot)
        guard case .confirm(let confirmation)? = question.first else {
            Issue.record("\(question)")
            return
        }
        #expect(confirmation.facts.contains { $0.label == "with it" && $0.value.contains("stop") })
        session.steps("y")
        let symbol = snapshot.markets[0].instrument.symbol
        guard case .claimOrder("\(symbol):28457", cancels: true)? = session.requests.first else {
            Issue.record("\(session.requests)")
            return
        }
    }
}
