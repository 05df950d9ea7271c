import Engine
import Market
import Terminal
import Testing
import Trading

@testable import Workstation

@Suite("At the keyboard")
struct SessionTests {
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

    @Test("an order goes out after ticket, preview and question, and not before")
    func placesAnOrder() {
        var session = Session()
        session.steps("<ctrl-t>o")
        session.steps(
            "<Tab><Tab>0.0500<Tab><Backspace><Backspace><Backspace><Backspace><Backspace><Backspace><Backspace>63000.0")
        #expect(session.screen().text().contains("Notional"))
        session.steps("<Tab><Tab><Space><Tab><Tab><Enter>")
        #expect(session.requests.isEmpty)
        #expect(session.screen().text().contains("y/N"))
        session.steps("y")
        guard session.requests.count == 1, case .placeOrder(let order) = session.requests[0] else {
            Issue.record("\(session.requests)")
            return
        }
        #expect(order.side == .buy && order.type == .limit && order.isPostOnly && order.purpose == .manual)
        #expect(order.quantity == Quantity(mantissa: 50_000))
        #expect(order.limitPrice == Price(mantissa: 6_300_000))
    }

    @Test("a ticket with a price off the tick can't be sent and says why")
    func refusesOffTick() {
        var session = Session()
        session.steps("<ctrl-t>o<Tab><Tab>0.05<Tab>")
        session.steps(String(repeating: "<Backspace>", count: 8) + "63000.05<Tab><Tab><Tab><Tab><Enter>")
        #expect(session.requests.isEmpty && session.view.layers.last is FormLayer)
        #expect(session.hasToast("prices go in steps of 0.1"))
    }

    @Test("a share of the cash becomes a quantity on the step, rounded down")
    func readsShares() {
        let session = Session()
        let market = session.snapshot.markets[0]
        let values = FormValues(pairs: [
            ("side", "buy"), ("type", "limit"), ("quantity", "50%"), ("price", "64000"), ("tif", "GTC"),
        ])
        // 6402.5 × 0.5 ÷ 64000 = 0.05001953…, the step is 0.00001.
        let reading = TicketReading(values, market, session.snapshot)
        #expect(reading.request?.quantity == Quantity(mantissa: 50_010))
    }

    @Test("order keys in VIEW explain how to unlock, and send nothing")
    func locksOrders() {
        var session = Session()
        session.steps("5c")
        #expect(session.view.layers.isEmpty && session.hasToast("Ctrl-T unlocks"))
        session.steps(":close btc<Enter>")
        #expect(session.view.layers.isEmpty && session.requests.isEmpty)
    }

    @Test("TRADE ends ten minutes after the last key")
    func relocks() {
        var session = Session()
        session.steps("<ctrl-t>")
        #expect(session.screen().text().contains("TRADE 10:00"))
        session.press(.character("j"), after: 599_000)
        session.now = session.now.adding(seconds: 599)
        session.send(.tick)
        #expect(session.view.lock.isTrade(session.now))
        session.now = session.now.adding(seconds: 2)
        session.send(.tick)
        #expect(!session.view.lock.isTrade(session.now) && session.hasToast("VIEW again"))
    }

    @Test("orders on stale data are refused with the reason")
    func refusesStaleData() {
        var session = Session()
        session.steps("<ctrl-t>:buy sol<Enter>")
        #expect(session.view.layers.isEmpty)
        #expect(session.hasToast("data of SOL/USDT are 7s old"))
    }

    @Test("a list that reorders keeps the selected order, and the question keeps its target")
    func followsIdentity() {
        var session = Session()
        session.steps("<ctrl-t>5j")
        session.snapshot.orders.insert(session.snapshot.orders.removeLast(), at: 0)
        session.steps("c")
        session.snapshot.orders.reverse()
        session.steps("y")
        guard case .cancelOrder(let id)? = session.requests.last else {
            Issue.record("\(session.requests)")
            return
        }
        #expect(id.rawValue == 13)
    }

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

    @Test("alerts are acknowledged, all that are shown too, and shelved")
    func minds() {
        var session = Session()
        session.steps("7a")
        session.steps("/profit<Enter>A<Esc>")
        session.steps("z2")
        #expect(session.requests.count == 3)
        if case .acknowledge(let ids) = session.requests[0] { #expect(ids == [1]) } else { Issue.record("0") }
        if case .acknowledge(let ids) = session.requests[1] { #expect(ids == [2]) } else { Issue.record("1") }
        if case .shelve(_, let seconds) = session.requests[2] { #expect(seconds == 3_600) } else { Issue.record("2") }
    }

    @Test("Enter on an alert goes to what it is about")
    func jumpsToCause() {
        var session = Session()
        session.steps("7<Enter>")
        #expect(session.view.focus == .strategies)
        session.steps("<Space>")
        #expect(session.requests.isEmpty, "a halted strategy is enabled after a question only")
        session.steps("<Esc>7jj<Enter>")
        #expect(session.screen().text().contains("Order 12"))
    }

    @Test("new notices become messages once, fills stay longest")
    func showsNotices() {
        var session = Session()
        session.snapshot.notices = [
            Notice(number: 1, kind: .fill, text: "SELL 0.05"), Notice(number: 2, kind: .info, text: "saved"),
        ]
        session.send(.snapshot)
        session.send(.snapshot)
        #expect(session.view.toasts.count == 2)
        session.now = session.now.adding(seconds: 3)
        session.send(.tick)
        #expect(session.view.toasts.map(\.text) == ["SELL 0.05"])
    }

    @Test("a new size is drawn at that size")
    func resizes() {
        var session = Session()
        session.send(.input(.resize(Size(width: 61, height: 17))))
        #expect(session.screen().size == Size(width: 61, height: 17))
        #expect(session.screen().text().contains("E-STOP"))
    }

    @Test("names with escape sequences or direction marks never get onto the screen")
    func neutralisesNames() {
        var snapshot = Fixture.snapshot()
        let evil = "\u{1B}[31mx\u{202E}y\u{7}\u{9B}2J"
        snapshot.strategies[0].registration.name = evil
        snapshot.strategies[0].statusReason = evil
        snapshot.alerts[0].alert.text = evil
        snapshot.orders[0].ownerName = evil
        snapshot.notices = [Notice(number: 1, kind: .error, text: evil)]
        for keys in ["6", "6<enter>", "6e", "7", "5", "5<enter>", ":dis", "6<Space>", "`"] {
            var session = Session(snapshot: snapshot)
            session.send(.snapshot)
            session.steps(keys)
            let canvas = session.screen()
            for y in 0..<canvas.size.height {
                for x in 0..<canvas.size.width {
                    let value = canvas[x, y].scalar
                    let isControl = (value > 0 && value < 0x20) || (value >= 0x7F && value < 0xA0)
                    #expect(!isControl && value != 0x202E, "\(keys): \(value) at \(x),\(y)")
                }
            }
        }
    }

    @Test("a replay is paused, stepped and sped up from the keyboard; a market that is none can't be")
    func controlsReplays() {
        var session = Session()
        session.steps("<ctrl-p>")
        #expect(session.requests.isEmpty && session.hasToast("no replay"))
        var replay = ReplayView(
            series: "BINANCE:BTCUSDT", speed: 120, isPaused: false, from: .epoch, to: Fixture.now)
        session.snapshot.source = .replay(replay)
        session.steps("<ctrl-n>")
        #expect(session.requests.isEmpty && session.hasToast("Pause the replay first"))
        session.steps("<ctrl-p>")
        replay.isPaused = true
        session.snapshot.source = .replay(replay)
        session.steps("<ctrl-n><ctrl-p><ctrl-r>max<Enter>:speed 60<Enter>")
        #expect(session.requests.count == 5)
        if case .pauseReplay(let isPaused) = session.requests[0] { #expect(isPaused) } else { Issue.record("0") }
        if case .stepReplay = session.requests[1] {} else { Issue.record("1") }
        if case .pauseReplay(let isPaused) = session.requests[2] { #expect(!isPaused) } else { Issue.record("2") }
        if case .setReplaySpeed(let speed) = session.requests[3] { #expect(speed == nil) } else { Issue.record("3") }
        if case .setReplaySpeed(let speed) = session.requests[4] { #expect(speed == 60) } else { Issue.record("4") }
        #expect(session.screen().text().contains("replay BINANCE:BTCUSDT 120×"))
    }

    @Test("the last row stands still while a replay waits, and shows seconds again when it goes on")
    func restsWithTheReplay() throws {
        var session = Session()
        var replay = ReplayView(series: "BINANCE:BTCUSDT", speed: 60, isPaused: true, from: .epoch, to: Fixture.now)
        session.snapshot.source = .replay(replay)
        func lastRow() throws -> Substring {
            try #require(session.screen().text().split(separator: "\n", omittingEmptySubsequences: true).last)
        }
        let before = try lastRow()
        session.now = session.now.adding(seconds: 5)
        #expect(try lastRow() == before)
        #expect(before.contains("14:04 ") && !before.contains("fps"))
        replay.isPaused = false
        session.snapshot.source = .replay(replay)
        #expect(try lastRow().contains("14:04:07"))
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

    @Test("an instrument that does not agree with its venue is red, with the reason, and a key accepts its word")
    func acceptsTheVenuesWord() throws {
        var session = Session(160, 40)
        session.steps("4<ctrl-t>A")
        #expect(session.requests.isEmpty && session.hasToast("nothing to accept"))
        session.snapshot.blocks = [
            InstrumentBlock(
                instrument: InstrumentID(0), reason: "ours 0.02500, the venue's 0.03000", since: Fixture.now)
        ]
        #expect(session.screen().text().contains("ours 0.02500, the venue's 0.03000"))
        session.steps("gg")
        let rows = PositionsPane.rows(session.snapshot, session.view)
        #expect(rows[0].isLoud && rows[0].cells[1].key == .statusBad && !rows[1].isLoud)
        session.steps("A")
        #expect(session.screen().text().contains("Accept the venue's word for BTC/USDT"))
        session.steps("y")
        guard case .acceptPosition(InstrumentID(0))? = session.requests.last else {
            Issue.record("\(session.requests)")
            return
        }
    }

    @Test("a blocked instrument of which nothing is held has a row of its own")
    func showsBlockedWithoutPosition() {
        var session = Session(160, 40)
        session.snapshot.positions = []
        session.snapshot.blocks = [
            InstrumentBlock(instrument: InstrumentID(1), reason: "ours 0, the venue's 1.5", since: Fixture.now)
        ]
        session.steps("4<ctrl-t>A")
        #expect(session.screen().text().contains("ours 0, the venue's 1.5"))
        session.steps("y")
        guard case .acceptPosition(InstrumentID(1))? = session.requests.last else {
            Issue.record("\(session.requests)")
            return
        }
        let row = WatchlistPane.rows(session.snapshot, session.view)[1]
        #expect(row.cells[0].key == .statusBad && row.cells.last?.text == "BLOCKED")
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
}
