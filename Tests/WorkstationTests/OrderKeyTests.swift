import Engine
import Market
import Terminal
import Testing
import Trading

@testable import Workstation

@Suite("Orders from the keyboard")
struct OrderKeyTests {
    @Test("an order goes out after ticket, preview and question, and not before")
    func placesAnOrder() {
        var session = Session()
        session.steps("<ctrl-t>o")
        session.steps(
            "<Tab><Tab>0.0500<Tab><Backspace><Backspace><Backspace><Backspace><Backspace><Backspace><Backspace>63000.0")
        #expect(session.screen().text().contains("Notional"))
        session.steps("<Tab><Tab><Tab><Tab><Space><Tab><Tab><Enter>")
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
        session.steps(String(repeating: "<Backspace>", count: 8) + "63000.05<Tab><Tab><Tab><Tab><Tab><Tab><Enter>")
        #expect(session.requests.isEmpty && session.view.layers.last is FormLayer)
        #expect(session.hasToast("prices go in steps of 0.1"))
    }

    @Test("a ticket carries a stop and a target, and says what the stop would cost")
    func protects() {
        var session = Session()
        session.steps("<ctrl-t>o<Tab><Tab>0.0500<Tab>")
        session.steps(String(repeating: "<Backspace>", count: 8) + "63000.0<Tab>62000.0<Tab>66000.0")
        // 1000 × 0.05.
        #expect(session.screen().text().contains("Loss at the stop"))
        #expect(session.screen().text().contains("50.00 USDT"))
        session.steps("<Tab><Tab><Tab><Tab><Enter>")
        #expect(session.screen().text().contains("stop 62000.0, target 66000.0"))
        session.steps("y")
        guard session.requests.count == 1, case .placeOrder(let order) = session.requests[0] else {
            Issue.record("\(session.requests)")
            return
        }
        #expect(
            order.protection
                == EntryProtection(stop: Price(mantissa: 6_200_000), target: Price(mantissa: 6_600_000)))
    }

    @Test(
        "a ticket whose protection stands on the wrong side can't be sent and says why",
        arguments: [("63500.0", "", "below"), ("", "62000.0", "above"), ("62000.05", "", "steps of 0.1")])
    func refusesProtection(_ stop: String, _ target: String, _ words: String) {
        let session = Session()
        let values = FormValues(pairs: [
            ("side", "buy"), ("type", "limit"), ("quantity", "0.05"), ("price", "63000"), ("tif", "GTC"),
            ("stop", stop), ("target", target),
        ])
        let problems = TicketReading(values, session.snapshot.markets[0], session.snapshot).problems
        #expect(problems.count == 1 && problems[0].text.contains(words))
    }

    @Test("a ticket that only reduces, or that waits for a price, carries no protection")
    func noProtection() {
        let session = Session()
        for (type, reduce) in [("limit", "on"), ("stop", "off")] {
            let values = FormValues(pairs: [
                ("side", "sell"), ("type", type), ("quantity", "0.05"), ("price", "63000"), ("trigger", "63000"),
                ("tif", "GTC"), ("reduce", reduce), ("stop", "1"), ("target", "2"),
            ])
            let reading = TicketReading(values, session.snapshot.markets[0], session.snapshot)
            #expect(reading.request != nil && reading.request?.protection == nil, "\(type)")
        }
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
}
