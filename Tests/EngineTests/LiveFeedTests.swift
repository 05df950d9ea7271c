import Ingestion
import Market
import Storage
import Testing
import Trading
import Venues

@testable import Engine

@Suite("A venue's market as it happens")
struct LiveFeedTests {
    private static func price(_ whole: Int64) -> Price { Price(mantissa: whole * 100_000_000) }

    private static func quote(_ bid: Int64, at time: Timestamp) -> Quote {
        Quote(
            time: time, bid: price(bid), ask: price(bid + 1), bidSize: Quantity(mantissa: 100_000_000),
            askSize: Quantity(mantissa: 100_000_000))
    }

    private static func minute(_ index: Int64, close: Int64 = 30_000) -> Candle {
        Candle(
            openTime: monday.adding(seconds: index * 60), open: price(30_000), high: price(31_000), low: price(29_000),
            close: price(close), volume: Quantity(mantissa: 500_000_000))
    }

    private func rig(_ source: ScriptedSource) throws -> EngineRig {
        try EngineRig(in: try TemporaryDirectory()) { $0.feed = .live(LiveFeedOptions(source: source)) }
    }

    @Test("the account of a venue's market is in a directory of its own")
    func account() throws {
        let source = ScriptedSource()
        let rig = try rig(source)
        #expect(rig.core.configuration.accountDirectory.path == rig.folder.path + "/binance-spot")
        #expect(rig.snapshot.markets.map(\.instrument.name) == ["BINANCE:BTCUSDT", "BINANCE:ETHUSDT"])
    }

    @Test("quotes and prints reach the screen and the kernel with the time at which they were heard")
    func heard() throws {
        let source = ScriptedSource()
        let rig = try rig(source)
        let heard = monday.adding(nanoseconds: 500_000_000)
        source.say(.link(.live), .quote(1, LiveFeedTests.quote(2_000, at: heard)))
        rig.pass(seconds: 1)
        #expect(rig.snapshot.markets[1].quote?.bid == LiveFeedTests.price(2_000))
        #expect(rig.snapshot.markets[1].lastHeard == heard)
        #expect(rig.core.kernel.mark(InstrumentID(1)) != nil)
        #expect(rig.core.kernel.mark(InstrumentID(0)) == nil)
    }

    @Test("time never goes back, and nothing is heard before it is looked for")
    func order() throws {
        let source = ScriptedSource()
        let rig = try rig(source)
        source.say(.quote(0, LiveFeedTests.quote(30_000, at: monday.adding(seconds: 900))))
        rig.pass(seconds: 2)
        source.say(.quote(1, LiveFeedTests.quote(2_000, at: monday.adding(seconds: -5))))
        rig.pass(seconds: 1)
        #expect(rig.snapshot.markets[0].lastHeard == monday.adding(seconds: 2))
        #expect(rig.snapshot.markets[1].lastHeard == monday.adding(seconds: 2))
    }

    @Test("on paper, too, it is shown how near the server's limits are, and told once that it wants to be left alone")
    func dataPause() throws {
        let source = ScriptedSource()
        let rig = try rig(source)
        func look(_ limits: VenueLimits) {
            source.limits = limits
            // It is looked at once in a second of this machine, however fast the market's time passes.
            rig.core.lastHealth = 0
            rig.pass(seconds: 1)
        }
        let free = VenueLimits(weight: 40, limit: 6_000)
        look(free)
        #expect(rig.snapshot.dataLimits == free && rig.snapshot.venueLimits == nil)
        let pause = "the server answered 429"
        let held = VenueLimits(weight: 40, limit: 6_000, pause: pause, until: monday.adding(seconds: 65))
        look(held)
        look(held)
        #expect(rig.snapshot.dataLimits == held)
        #expect(StatusMessage(rig.snapshot).dataPause == "until 00:01:05: \(pause)")
        let alerts = rig.snapshot.alerts.filter { $0.alert.kind == "data-paused" }
        #expect(alerts.map(\.count) == [1])
        #expect(alerts.first?.alert.text.contains("until 00:01:05: \(pause)") == true)
        look(free)
        #expect(rig.snapshot.dataLimits == free && StatusMessage(rig.snapshot).dataPause == nil)
    }

    @Test("the source says so while no data come, and alerts tell of the loss and of the return once each")
    func link() throws {
        let source = ScriptedSource()
        let rig = try rig(source)
        #expect(rig.snapshot.source == .live(venue: "BINANCE", problem: "connecting"))
        source.say(.link(.live))
        rig.pass(seconds: 1)
        #expect(rig.snapshot.source == .live(venue: "BINANCE", problem: nil))
        source.say(.link(.lost(reason: "the server closed it")), .link(.lost(reason: "no way to the host")))
        rig.pass(seconds: 1)
        #expect(rig.snapshot.source == .live(venue: "BINANCE", problem: "no way to the host"))
        source.say(.link(.live))
        rig.pass(seconds: 1)
        #expect(rig.snapshot.alerts.filter { $0.alert.kind == "feed-lost" }.count == 1)
        #expect(rig.snapshot.alerts.filter { $0.alert.kind == "feed-back" }.count == 1)
    }

    private func state(_ reply: EngineReply) -> OrderState? {
        if case .order(let order, _) = reply { order.state } else { nil }
    }

    @Test("nothing opens on an instrument that has not been heard of for long, and what reduces still goes out")
    func stale() throws {
        let source = ScriptedSource()
        let rig = try rig(source)
        source.say(.link(.live), .quote(0, LiveFeedTests.quote(30_000, at: monday)))
        rig.pass(seconds: 1)
        func order(_ side: Side, reduces: Bool) -> OrderRequest {
            OrderRequest(
                instrument: InstrumentID(0), side: side, type: .market, quantity: Quantity(mantissa: 1_000_000),
                isReduceOnly: reduces, purpose: .manual)
        }
        #expect(state(rig.ask(.placeOrder(order(.buy, reduces: false)))) == .filled)
        source.say(.link(.lost(reason: "gone")))
        rig.pass(seconds: 60)
        #expect(state(rig.ask(.placeOrder(order(.buy, reduces: false)))) == .denied)
        // It leaves, and waits on paper: nobody knows a price.
        _ = rig.ask(.placeOrder(order(.sell, reduces: true)))
        #expect(!rig.snapshot.positions.isEmpty)
        let back = rig.time
        source.say(.link(.live), .quote(0, LiveFeedTests.quote(29_000, at: back)))
        rig.pass(seconds: 1)
        #expect(rig.snapshot.positions.isEmpty)
        let proceeds = Money(whole: 290, .usdt)
        #expect(rig.snapshot.orders.contains { $0.order.state == .filled && $0.order.filledNotional == proceeds })
    }

    @Test("an old candle of the history is no fresh price, and a known one gives way to a later one only")
    func oldHistory() throws {
        let source = ScriptedSource(history: [(-600 ..< -480).map { LiveFeedTests.minute(Int64($0)) }])
        let rig = try rig(source)
        #expect(rig.core.kernel.mark(InstrumentID(0)) == LiveFeedTests.price(30_000))
        let order = OrderRequest(
            instrument: InstrumentID(0), side: .buy, type: .market, quantity: Quantity(mantissa: 1_000_000),
            purpose: .manual)
        guard case .order(let denied, let verdict) = rig.ask(.placeOrder(order)) else {
            Issue.record("it was not judged")
            return
        }
        #expect(denied.state == .denied && verdict.outcomes.contains { $0.check == .staleData && !$0.isPassed })
    }

    @Test("minutes that were missed are the past to strategies: seen, and not traded on")
    func missed() throws {
        let source = ScriptedSource(history: [(-60..<0).map { LiveFeedTests.minute(Int64($0)) }])
        let rig = try rig(source)
        source.say(.link(.live), .quote(0, LiveFeedTests.quote(30_000, at: monday)))
        rig.pass(seconds: 1)
        let before = rig.core.kernel.nextOrderID
        // A jump that any crossover would trade on.
        source.say(.missed(0, (0..<10).map { LiveFeedTests.minute(Int64($0), close: $0 < 5 ? 29_500 : 30_900) }))
        rig.pass(seconds: 1)
        #expect(rig.snapshot.markets[0].minutes.count == 70)
        #expect(rig.core.kernel.nextOrderID == before)
        #expect(rig.core.kernel.registrations.contains { $0.instrument == InstrumentID(0) })
    }

    @Test("minutes that come behind later ones are in the past that strategies see from then on, and not traded on")
    func filled() throws {
        let source = ScriptedSource(history: [(-60..<0).map { LiveFeedTests.minute(Int64($0)) }])
        let rig = try JournalRig(in: try TemporaryDirectory()) { $0.feed = .live(LiveFeedOptions(source: source)) }
        defer { rig.abandon() }
        func commands() throws -> Int {
            _ = rig.journal.waitUntilDurable(
                decisions: rig.journal.last(.decisions), market: rig.journal.last(.market), milliseconds: 10_000)
            return try rig.decisions([.command]).count
        }
        source.say(.minute(0, LiveFeedTests.minute(0)), .minute(0, LiveFeedTests.minute(3)))
        rig.pass(seconds: 241)
        let (order, before) = (rig.core.kernel.nextOrderID, try commands())
        source.say(.filled(0, [LiveFeedTests.minute(1), LiveFeedTests.minute(2)]))
        rig.pass(seconds: 1)
        rig.core.publishNow()
        let minutes = rig.core.snapshot.markets[0].minutes
        #expect(minutes == (-60..<4).map { LiveFeedTests.minute(Int64($0)) })
        // Each strategy of it is registered anew, with a history that has them.
        let registrations = rig.core.kernel.registrations.filter { $0.instrument == InstrumentID(0) }
        #expect(!registrations.isEmpty)
        #expect(try commands() == before + registrations.count)
        for registration in registrations {
            let whole = CandleSubscriptions.history(minutes, base: .oneMinute, timeframe: registration.timeframe)
            #expect(rig.core.history(registration) == whole)
        }
        #expect(rig.core.kernel.nextOrderID == order)
    }

    @Test("the minute that forms is the one that the source tells with a trade, whenever it was heard")
    func formingMinute() throws {
        let source = ScriptedSource(history: [(-60..<0).map { LiveFeedTests.minute(Int64($0)) }])
        let rig = try rig(source)
        func print(_ id: UInt64, at time: Timestamp) -> TradePrint {
            TradePrint(
                time: time, price: LiveFeedTests.price(30_000), quantity: Quantity(mantissa: 100), aggressor: .buy,
                id: id)
        }
        source.say(.minute(0, LiveFeedTests.minute(0)))
        rig.pass(seconds: 62)
        // Heard in the next minute, and of the one that has closed.
        source.say(.print(0, print(1, at: rig.time), minute: LiveFeedTests.minute(0)))
        rig.pass(seconds: 1)
        #expect(rig.snapshot.markets[0].forming == nil)
        // By the venue's clock the one after it runs already.
        source.say(.print(0, print(2, at: rig.time), minute: LiveFeedTests.minute(2, close: 30_500)))
        rig.pass(seconds: 1)
        #expect(rig.snapshot.markets[0].forming == LiveFeedTests.minute(2, close: 30_500))
    }

    @Test("a minute that is revised changes the chart and nothing else")
    func revised() throws {
        let source = ScriptedSource(history: [(-60..<0).map { LiveFeedTests.minute(Int64($0)) }])
        let rig = try rig(source)
        source.say(.minute(0, LiveFeedTests.minute(0)))
        rig.pass(seconds: 61)
        let mark = try #require(rig.core.kernel.mark(InstrumentID(0)))
        source.say(.revised(0, LiveFeedTests.minute(0, close: 30_500)))
        rig.pass(seconds: 1)
        #expect(rig.snapshot.markets[0].minutes.last?.close == LiveFeedTests.price(30_500))
        // What a strategy or an order on paper goes by stays as it was.
        #expect(rig.core.kernel.mark(InstrumentID(0)) == mark && mark != LiveFeedTests.price(30_500))
    }

    @Test("trades that come late are on the tape, and no order on paper meets them")
    func late() throws {
        let source = ScriptedSource()
        let rig = try rig(source)
        func print(_ id: UInt64, _ price: Int64) -> TradePrint {
            TradePrint(
                time: rig.time, price: LiveFeedTests.price(price), quantity: Quantity(mantissa: 100_000_000_000),
                aggressor: .sell, id: id)
        }
        source.say(.link(.live), .quote(0, LiveFeedTests.quote(30_000, at: monday)), .print(0, print(1, 30_000)))
        rig.pass(seconds: 1)
        let request = OrderRequest(
            instrument: InstrumentID(0), side: .buy, type: .limit, quantity: Quantity(mantissa: 1_000_000),
            limitPrice: LiveFeedTests.price(29_900), purpose: .manual)
        guard case .order(let order, _) = rig.ask(.placeOrder(request)) else {
            Issue.record("there is no order")
            return
        }
        source.say(.print(0, print(3, 30_000)))
        rig.pass(seconds: 1)
        // Traded through its limit, and long ago.
        source.say(.late(0, [print(2, 29_000)], forming: nil))
        rig.pass(seconds: 2)
        #expect(rig.core.kernel.order(order.id)?.state == .accepted)
        #expect(rig.snapshot.markets[0].tape.map(\.id) == [1, 2, 3])
        source.say(.print(0, print(4, 29_000)))
        rig.pass(seconds: 2)
        #expect(rig.core.kernel.order(order.id)?.state == .filled)
    }

    @Test("trades that were fetched are told for information, those that are missing as a warning")
    func tradeGaps() throws {
        let source = ScriptedSource()
        let rig = try rig(source)
        source.say(
            .link(.live), .remark(kind: "trades-fetched", text: "BTC/USDT: 3 trades", isWarning: false),
            .remark(kind: "trade-gap", text: "BTC/USDT: 4 trades"))
        rig.pass(seconds: 1)
        let priorities = ["trades-fetched", "trade-gap"].map { kind in
            rig.snapshot.alerts.first { $0.alert.kind == kind }?.alert.priority
        }
        #expect(priorities == [.info, .warning])
    }

    @Test("instruments keep the numbers that a journal gave them, and new ones come behind")
    func numbers() throws {
        let old = ScriptedSource(["SOLUSDT", "BTCUSDT"]).instruments
        let source = ScriptedSource(["BTCUSDT", "ETHUSDT"])
        let feed = LiveFeed(LiveFeedOptions(source: source), known: old, start: monday) {}
        #expect(feed.instruments.map(\.symbol) == ["SOLUSDT", "BTCUSDT", "ETHUSDT"])
        source.say(
            .quote(0, LiveFeedTests.quote(30_000, at: monday)), .quote(1, LiveFeedTests.quote(2_000, at: monday)))
        var updates: [MarketUpdate] = []
        feed.stretch(until: monday, into: &updates)
        let numbers = updates.map { update -> Int in
            if case .quote(let id, _) = update { return id.index }
            return -1
        }
        #expect(numbers == [1, 2])
    }
}
