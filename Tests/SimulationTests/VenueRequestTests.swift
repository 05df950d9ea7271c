import Market
import Simulation
import Testing
import Trading

@Suite("Requests to the venue")
struct VenueRequestTests {
    private let id = OrderID(rawValue: 1)

    @Test("terms that contradict each other are refused")
    func terms() throws {
        var table = try FillTable(holding: "10")
        let bad = [
            try table.request(.buy, .limit, "1"),
            try table.request(.buy, .market, "1", limit: "100"),
            try table.request(.buy, .stop, "1"),
            try table.request(.buy, .market, "0"),
            try table.request(.sell, .market, "0", spend: "100"),
            try table.request(.buy, .market, "1", spend: "100"),
            try table.request(.buy, .limit, "1", limit: "100", tif: .immediateOrCancel, postOnly: true),
            try table.request(.buy, .limit, "1", limit: "100.005"),
            try table.request(.buy, .limit, "1.0005", limit: "100"),
            try table.request(.buy, .limit, "922337203685477", limit: "922337203685477"),
        ]
        for request in bad { table.place(request) }
        #expect(table.takeLines() == bad.indices.map { "0 #\($0 + 1) rejected invalidTerms" })
    }

    @Test("the instrument's smallest and largest orders hold here as at a real venue")
    func sizes() throws {
        var table = try FillTable(
            instrument: FillTable.instrument(
                minimumNotional: 1_000_000_000, minimumQuantity: "0.05", maximumQuantity: "100", marketStep: "0.1"),
            cash: 1_000_000)
        try table.run([(0, "100", "101", "99", "100", "9")])
        table.place(try table.request(.buy, .limit, "0.049", limit: "300"))
        table.place(try table.request(.buy, .limit, "0.099", limit: "101"))
        table.place(try table.request(.buy, .limit, "100.001", limit: "90"))
        table.place(try table.request(.buy, .market, "0.15"))
        table.place(try table.request(.buy, .market, "0.1"))
        #expect(
            table.takeLines() == (1...4).map { "0 #\($0) rejected invalidTerms" })
        #expect(table.venue.openOrderIDs == [OrderID(rawValue: 5)])
    }

    @Test("a cancel ends an order, a second one is refused")
    func cancel() throws {
        var table = try FillTable()
        table.place(try table.request(.buy, .limit, "1", limit: "90"))
        table.venue.cancel(id, at: FillTable.start)
        table.venue.cancel(id, at: FillTable.start)
        #expect(table.takeLines() == ["0 #1 canceled none", "0 #1 cancel-rejected"])
        try table.run([(1, "80", "81", "79", "80", "9")])
        #expect(table.takeLines() == [])
    }

    @Test("an amended limit meets the next open as if it came in anew")
    func amendLimit() throws {
        var table = try FillTable()
        table.place(try table.request(.buy, .limit, "1", limit: "90"))
        try table.run([(1, "100", "101", "99", "100", "9")])
        table.venue.amend(id, OrderAmendment(limitPrice: try table.price("103")), at: FillTable.start)
        try table.run([(2, "102", "103", "101", "102", "9")])
        #expect(table.takeLines() == ["0 #1 amended limit 103", "2 #1 filled 1 @ 102 taker"])
    }

    @Test("an amended stop works at its new trigger; one moved beyond a quote triggers at once")
    func amendStop() throws {
        var table = try FillTable(holding: "2")
        table.place(try table.request(.sell, .stop, "1", trigger: "90"))
        try table.run([(1, "100", "101", "99", "100", "9")])
        table.venue.amend(id, OrderAmendment(triggerPrice: try table.price("98")), at: FillTable.start)
        try table.run([(2, "99", "100", "97", "99", "9")])
        #expect(
            table.takeLines() == ["0 #1 amended trigger 98", "2 #1 triggered", "2 #1 filled 1 @ 98 taker"])

        table = try FillTable(holding: "2")
        try table.quote(0, "99", "101")
        table.place(try table.request(.sell, .stop, "1", trigger: "90"))
        table.venue.amend(id, OrderAmendment(triggerPrice: try table.price("100")), at: FillTable.start)
        #expect(
            table.takeLines() == ["0 #1 amended trigger 100", "0 #1 triggered", "0 #1 filled 1 @ 99 taker"])
    }

    @Test("an amendment that breaks a rule or leaves nothing to fill is refused, and the order goes on")
    func amendRefused() throws {
        var table = try FillTable()
        table.place(try table.request(.buy, .limit, "1", limit: "90"))
        table.venue.amend(id, OrderAmendment(limitPrice: Price(mantissa: 900_001)), at: FillTable.start)
        table.venue.amend(id, OrderAmendment(quantity: .zero), at: FillTable.start)
        table.venue.amend(OrderID(rawValue: 7), OrderAmendment(quantity: .zero), at: FillTable.start)
        #expect(table.takeLines() == ["0 #1 amend-rejected", "0 #1 amend-rejected", "0 #7 amend-rejected"])
        #expect(table.venue.openOrderIDs == [id])
    }

    @Test("at the end of the data orders are cancelled and positions stay")
    func endOfData() throws {
        var table = try FillTable(holding: "2")
        table.place(try table.request(.buy, .limit, "1", limit: "90"))
        table.place(try table.request(.sell, .stop, "1", trigger: "80"))
        table.venue.endOfData(at: FillTable.start.adding(seconds: 600))
        #expect(table.takeLines() == ["10 #1 canceled endOfData", "10 #2 canceled endOfData"])
        table.place(try table.request(.buy, .market, "1"), at: 11)
        #expect(table.takeLines() == ["11 #3 rejected endOfData"])
        #expect(table.venue.allHoldings.map(\.quantity) == [try table.instrument.quantity("2")])
    }

    @Test("a venue built from what was left goes on as if it had not stopped")
    func restored() throws {
        let instrument = FillTable.instrument()
        var options = FillTable.free
        options.participation = .percent(50)
        var table = try FillTable(options, holding: "4")
        var stop = Order(
            id: id, owner: FillTable.owner,
            request: try table.request(.sell, .stop, "4", trigger: "95", reduceOnly: true), quote: .usdt,
            decisionPrice: .zero, createdAt: FillTable.start)
        // It had triggered and sold one before the restart.
        stop.state = .partiallyFilled
        stop.filled = try instrument.quantity("1")
        var limit = Order(
            id: OrderID(rawValue: 2), owner: FillTable.owner,
            request: try table.request(.buy, .limit, "1", limit: "90"), quote: .usdt, decisionPrice: .zero,
            createdAt: FillTable.start)
        limit.state = .accepted
        table.venue = SimulatedVenue(
            instruments: [instrument], cash: Money(whole: 1_000, .usdt), options: options,
            holdings: [
                VenueHolding(
                    owner: FillTable.owner, instrument: InstrumentID(0), quantity: try instrument.quantity("3"))
            ], openOrders: [limit, stop], nextTradeID: 17)
        // The limit rested already, so the gap fills it at its price and not at the open.
        try table.run([(5, "85", "86", "84", "85", "100")])
        #expect(table.takeLines() == ["5 #1 filled 3 @ 85 taker", "5 #2 filled 1 @ 90 maker"])
        #expect(table.venue.nextTradeID == 19)
    }

    @Test("options out of range are all named")
    func optionProblems() {
        let options = SimulatedVenueOptions(
            makerFee: .percent(-80), takerFee: .percent(90), slippage: .percent(-1), participation: .zero)
        #expect(options.problems.count == 4)
        #expect(SimulatedVenueOptions().problems.isEmpty)
    }
}
