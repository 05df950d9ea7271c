import Engine
import Market
import Terminal
import Testing
import Trading

@testable import Workstation

@Suite("The palette, forms and pickers")
struct PaletteTests {
    @Test("the theme picker shows themes while they are selected; Esc brings the old one back")
    func previewsThemes() {
        var session = Session()
        session.steps("T<Down>")
        #expect(session.view.shownTheme == "mono")
        session.steps("<Esc>")
        #expect(session.view.shownTheme == "default")
        session.steps("T<Down><Enter>")
        #expect(session.view.theme == "mono")
        guard case .save(let preferences)? = session.effects.last else {
            Issue.record("not saved")
            return
        }
        #expect(preferences.theme == "mono")
    }

    @Test("the palette speaks: btc 5m, alert, disable, layout")
    func speaks() {
        var session = Session()
        session.steps(":eth 5m<Enter>")
        #expect(session.view.symbol == InstrumentID(1) && session.view.timeframe == Timeframe("5m"))
        session.steps(":alert btc < 63000<Enter>")
        guard case .addPriceAlert(let instrument, let price)? = session.requests.last else {
            Issue.record("\(session.requests)")
            return
        }
        #expect(instrument == InstrumentID(0) && price == Price(mantissa: 6_300_000))
        session.steps(":dis mom<Enter>")
        guard case .disableStrategy(let id)? = session.requests.last else {
            Issue.record("\(session.requests)")
            return
        }
        #expect(id.rawValue == 1)
        session.steps(":layout ops<Enter>")
        #expect(session.view.arrangement.preset == .ops)
    }

    @Test("the palette shows the tier of a sentence before Enter")
    func showsTiers() {
        let paper = Session()
        let live = Session(snapshot: Fixture.snapshot(mode: .live))
        func tier(_ line: String, _ session: Session) -> String? {
            PaletteCommands.entries(for: line, session.snapshot, session.view, BindingTable()).first?.tierText
        }
        #expect(tier("close btc", paper) == "asks y/N")
        #expect(tier("close btc", live) == "asks for a word")
        #expect(tier("disable momentum-1", live) == "at once")
        #expect(tier("buy 0.1 btc", paper) == "opens")
    }

    @Test("a strategy's parameters are checked while typed, and the change is shown before it is applied")
    func editsParameters() {
        var session = Session()
        session.steps("6e<Backspace>0<Tab>")
        #expect(session.screen().text().contains("9 → 0"))
        let tab = "<Tab>"
        session.steps(String(repeating: tab, count: 6) + "<Enter>")
        #expect(session.requests.isEmpty && session.hasToast("out of range"))
        session.steps("<Backspace>12" + String(repeating: tab, count: 7) + "<Enter>y")
        guard case .changeStrategy(let registration)? = session.requests.last else {
            Issue.record("\(session.requests)")
            return
        }
        #expect(registration.parameters.integer("fast") == 12 && registration.id.rawValue == 1)
    }

    @Test("a timeframe is typed, a bare number meaning minutes; nonsense says which there are")
    func typesTimeframes() {
        var session = Session()
        session.steps(",15<Enter>")
        #expect(session.view.timeframe == Timeframe("15m"))
        session.steps(",7x<Enter>")
        #expect(session.hasToast("1m 3m 5m") && session.view.timeframe == Timeframe("15m"))
        session.steps("<Esc>]")
        #expect(session.view.timeframe == Timeframe("30m"))
    }

    @Test("a new strategy is registered disabled, from a class and checked values")
    func registers() {
        var session = Session()
        session.steps("6i")
        session.steps("sma<Enter>")
        let tab = "<Tab>"
        session.steps("mine" + String(repeating: tab, count: 10) + "<Enter>")
        guard case .addStrategy(let registration)? = session.requests.last else {
            Issue.record("\(session.requests) \(session.view.toasts)")
            return
        }
        #expect(registration.name == "mine" && registration.className == "sma-crossover")
        #expect(registration.status == .disabled && registration.instrument == InstrumentID(0))
    }

    @Test("a verb that means nothing in a pane says so")
    func saysWhatMeansNothing() {
        var session = Session()
        session.steps("5<Space>")
        #expect(session.hasToast("does nothing in Orders"))
    }
}
