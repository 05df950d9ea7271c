import Bytes
import Market
import Testing

@testable import Trading

/// How much of a position one order can close, and what becomes of the rest.
@Suite("Exits that can't close everything at once") struct ExitTests {
    /// BTC of which one order at the market takes 0.4 at most.
    private static var narrow: Instrument {
        var instrument = Fixture.bitcoin
        instrument.rules.maximumMarketQuantity = Quantity(mantissa: 400)
        return instrument
    }

    private static let strategy = StrategyID(rawValue: 1)

    /// A person who holds 1 BTC, bought in orders of at most 0.4.
    private func holding(_ instrument: Instrument = Fixture.bitcoin) -> Fixture {
        var fixture = Fixture(locksHoldings: true, instrument: instrument)
        fixture.candle(100)
        for quantity in [400, 400, 200] as [Int64] {
            fixture.fill(fixture.place(fixture.request(.buy, quantity)).submitted[0].id, at: 100)
        }
        return fixture
    }

    /// A strategy that went long at the first candle with 1 BTC.
    private func entered(_ protection: Protection = .none, flat: String = "2") -> (Fixture, [Effect]) {
        var fixture = Fixture(locksHoldings: true)
        fixture.register(script: [("long", "1"), ("flat", flat)], protection: protection)
        let order = fixture.candle(100).submitted[0]
        return (fixture, fixture.fill(order.id, at: 100))
    }

    private func bind(_ quantity: Int64, _ fixture: inout Fixture) -> [Effect] {
        fixture.step(.command(.bound(Fixture.btc, Quantity(mantissa: quantity)), at: fixture.kernel.now))
    }

    /// Lets market time pass, second by second, and does something about what is sent; gives the seconds in which it was.
    private func pass(
        _ fixture: inout Fixture, seconds: Int64, _ answer: (inout Fixture, Order) -> Void = { _, _ in }
    ) -> [Int64] {
        var sent: [Int64] = []
        let start = max(fixture.kernel.now, fixture.now)
        for second in 1...seconds {
            for order in fixture.step(.timer(start.adding(seconds: second))).submitted {
                sent.append(second)
                answer(&fixture, order)
            }
        }
        return sent
    }

    private func stuck(_ fixture: Fixture) -> [Alert] { fixture.effects.alerts.filter { $0.kind == Alert.exitStuck } }

    // MARK: - What is free

    @Test("flattening sells what others have not locked, says once what it can't sell, and sells that when it is free")
    func flattenFree() throws {
        var fixture = holding()
        _ = bind(400, &fixture)
        let first = fixture.step(.command(.flatten, at: fixture.now)).submitted
        #expect(first.map(\.request.quantity.mantissa) == [600])
        #expect(fixture.fill(first[0].id, at: 100).submitted.isEmpty)
        #expect(pass(&fixture, seconds: 200).isEmpty)
        let told = stuck(fixture)
        #expect(told.map(\.priority) == [.critical])
        #expect(told.first?.text.contains("0.4") == true && told.first?.text.contains("other clients") == true)
        let rest = bind(0, &fixture).submitted
        #expect(rest.map(\.request.quantity.mantissa) == [400])
        #expect(fixture.fill(rest[0].id, at: 100).alerts.map(\.kind) == ["flat"])
    }

    @Test("a close that its venue refuses for want of balance is for what is free as soon as that is known")
    func learnedLater() {
        var fixture = holding()
        let close = fixture.step(.command(.flatten, at: fixture.now)).submitted[0]
        #expect(fixture.report(close.id, .rejected(.insufficientBalance)).submitted.isEmpty)
        #expect(bind(250, &fixture).submitted.map(\.request.quantity.mantissa) == [750])
        #expect(stuck(fixture).isEmpty)
    }

    @Test("what one owner's order locks is not free for another, and of a pair one order locks")
    func ownLocks() {
        var (fixture, effects) = entered(Protection(stopLoss: .percent(2), takeProfit: .percent(5)), flat: "9")
        for order in effects.submitted { fixture.report(order.id, .accepted) }
        fixture.fill(fixture.place(fixture.request(.buy, 500)).submitted[0].id, at: 100)
        _ = bind(300, &fixture)
        // 1.5 are held: 1 is locked by the pair and 0.3 by others.
        let close = fixture.step(.command(.close(.manual, Fixture.btc), at: fixture.kernel.now)).submitted
        #expect(close.map(\.request.quantity.mantissa) == [200])
    }

    @Test("a strategy's exit is for what is free, and the rest follows within ten seconds of being free")
    func strategyExit() {
        var (fixture, _) = entered()
        _ = bind(300, &fixture)
        let exit = fixture.candle(101).submitted
        #expect(exit.map(\.request.quantity.mantissa) == [700])
        #expect(fixture.fill(exit[0].id, at: 101).submitted.isEmpty)
        #expect(pass(&fixture, seconds: 30).isEmpty && stuck(fixture).count == 1)
        #expect(bind(0, &fixture).submitted.isEmpty)
        var rest: [Order] = []
        _ = pass(&fixture, seconds: 10) {
            rest.append($1)
            $0.fill($1.id, at: 101)
        }
        #expect(rest.map(\.request.quantity.mantissa) == [300] && rest.map(\.request.purpose) == [.exit])
        #expect(fixture.kernel.position(ExitTests.strategy, Fixture.btc).isFlat)
        #expect(pass(&fixture, seconds: 60).isEmpty)
    }

    @Test("an exit that waits for a stop's end leaves for what is free then")
    func boundMeanwhile() {
        var (fixture, effects) = entered(Protection(stopLoss: .percent(2)))
        fixture.candle(101)
        _ = bind(600, &fixture)
        let sent = fixture.report(effects.submitted[0].id, .canceled(.venue)).submitted
        #expect(sent.map(\.request.quantity.mantissa) == [400])
    }

    @Test("a stop protects what others have not locked")
    func boundStop() {
        var fixture = Fixture(locksHoldings: true)
        fixture.register(protection: Protection(stopLoss: .percent(2)))
        let entry = fixture.candle(100).submitted[0]
        _ = bind(300, &fixture)
        #expect(fixture.fill(entry.id, at: 100).submitted.map(\.request.quantity.mantissa) == [700])
    }

    @Test("a strategy that wants to stay after all is owed no exit")
    func changedMind() {
        var fixture = Fixture(locksHoldings: true)
        fixture.register(script: [("long", "1"), ("flat", "2"), ("short", "0")])
        fixture.fill(fixture.candle(100).submitted[0].id, at: 100)
        let exit = fixture.candle(100).submitted[0]
        fixture.report(exit.id, .rejected(.notSent))
        // The same strategy with another script says long again.
        fixture.register(script: [("long", "1"), ("flat", "900")])
        fixture.candle(100)
        #expect(pass(&fixture, seconds: 60).isEmpty)
    }

    @Test("a person's close of what is locked is refused with the reason")
    func manualClose() {
        var fixture = holding()
        _ = bind(1_000, &fixture)
        let effects = fixture.step(.command(.close(.manual, Fixture.btc), at: fixture.kernel.now))
        #expect(effects.submitted.isEmpty && effects.refusals.count == 1)
        #expect(bind(0, &fixture).submitted.isEmpty && pass(&fixture, seconds: 60).isEmpty)
    }

    @Test("what a correction or a claimed sale takes from the books is bound no more")
    func goneFromTheBooks() {
        var fixture = holding()
        _ = bind(600, &fixture)
        let correction = PositionCorrection(
            owner: .manual, instrument: Fixture.btc, quantity: Quantity(mantissa: -200),
            price: Price(mantissa: 10_000), tradeID: 7)
        fixture.step(
            .command(.accept(VenueTruth(corrections: [correction], instruments: [Fixture.btc])), at: fixture.now))
        let fill = Fill(
            tradeID: 99, price: Price(mantissa: 10_000), quantity: Quantity(mantissa: 400), quoteFee: .zero(.usdt),
            liquidity: .maker)
        fixture.step(
            .command(.bookClaimed(ClaimedTrade(instrument: Fixture.btc, side: .sell, fill: fill)), at: fixture.now))
        #expect(fixture.kernel.bound(Fixture.btc).isZero)
        #expect(
            fixture.step(.command(.flatten, at: fixture.now)).submitted.map(\.request.quantity.mantissa) == [400])
    }

    // MARK: - The largest order

    @Test("what is more than the largest order at the market is sold in parts until nothing is left")
    func parts() {
        var fixture = holding(ExitTests.narrow)
        var quantities: [Int64] = []
        var effects = fixture.step(.command(.flatten, at: fixture.now))
        while let close = effects.submitted.first {
            #expect(effects.submitted.count == 1 && close.request.isReduceOnly)
            quantities.append(close.request.quantity.mantissa)
            effects = fixture.fill(close.id, at: 100)
        }
        #expect(quantities == [400, 400, 200])
        #expect(effects.alerts.map(\.kind) == ["flat"] && stuck(fixture).isEmpty)
    }

    @Test("a person's close goes in parts, too, and ends with the part that is refused")
    func manualParts() {
        var fixture = holding(ExitTests.narrow)
        let first = fixture.step(.command(.close(.manual, Fixture.btc), at: fixture.now)).submitted[0]
        let second = fixture.fill(first.id, at: 100).submitted
        #expect(second.map(\.request.quantity.mantissa) == [400])
        #expect(fixture.report(second[0].id, .rejected(.venue)).submitted.isEmpty)
        #expect(pass(&fixture, seconds: 60).isEmpty)
    }

    @Test("an entry is for no more than the largest order at the market, by whatever it is sized")
    func entries() {
        let sizings: [Sizing] = [.quantity(Quantity(mantissa: 1_000)), .allIn, .equityShare(.percent(50))]
        for sizing in sizings {
            var fixture = Fixture(locksHoldings: true, instrument: ExitTests.narrow)
            fixture.register(sizing: sizing)
            let request = fixture.candle(100).submitted.first?.request
            #expect(request?.quantity.mantissa == 400 && request?.spend == nil, "\(sizing)")
        }
        var small = Fixture(cash: 30, instrument: ExitTests.narrow)
        small.register(sizing: .allIn)
        #expect(small.candle(100).submitted.first?.request.spend == Money(whole: 30, .usdt))
    }

    @Test("an order by hand that is larger is denied, and a limit of that size is not")
    func largest() {
        var fixture = Fixture(locksHoldings: true, instrument: ExitTests.narrow)
        fixture.candle(100)
        let denied = fixture.place(fixture.request(.buy, 500))
        #expect(denied.submitted.isEmpty)
        #expect(denied.verdicts[0].outcomes.contains { $0.check == .maximumQuantity && $0.limit == 400 })
        #expect(fixture.place(fixture.request(.buy, 500, type: .limit, limit: 90)).submitted.count == 1)
        #expect(ExitTests.narrow.largestQuantity(of: .stop) == .zero)
    }

    // MARK: - Refusals

    @Test("a close that its venue goes on refusing is tried after ever longer pauses, and a person is told once")
    func backOff() {
        var fixture = holding()
        let first = fixture.step(.command(.flatten, at: fixture.now)).submitted[0]
        fixture.report(first.id, .rejected(.venue))
        #expect(stuck(fixture).isEmpty)
        let sent = pass(&fixture, seconds: 100) { $0.report($1.id, .rejected(.venue)) }
        #expect(sent == [1, 3, 7, 15, 31, 61, 91])
        #expect(stuck(fixture).count == 1)
        #expect(stuck(fixture).first?.text.contains("refused by the venue") == true)
        // The next market's candle is no reason to hurry.
        #expect(fixture.candle(100).submitted.isEmpty)
    }

    @Test("a close that a thin book fills in part goes on a second later, and is no failure")
    func thinBook() {
        var fixture = holding()
        var close = fixture.step(.command(.flatten, at: fixture.now)).submitted[0]
        for left in [800, 600, 400] as [Int64] {
            fixture.fill(close.id, at: 100, 200)
            #expect(fixture.report(close.id, .expired(.notFilledAtOnce)).submitted.isEmpty)
            let next = fixture.step(.timer(fixture.kernel.now.adding(seconds: 1))).submitted
            #expect(next.map(\.request.quantity.mantissa) == [left])
            close = next[0]
        }
        #expect(stuck(fixture).isEmpty)
    }

    @Test(
        "an exit that is refused while the market is closed leaves when it is open again, and pauses longer each time")
    func marketClosed() {
        var (fixture, _) = entered()
        let exit = fixture.candle(101).submitted[0]
        fixture.report(exit.id, .rejected(.venue))
        let sent = pass(&fixture, seconds: 300) { $0.report($1.id, .rejected(.venue)) }
        #expect(sent == [10, 20, 40, 80, 140, 200, 260])
        #expect(stuck(fixture).map(\.priority) == [.critical])
        // It opens.
        var last: [Order] = []
        _ = pass(&fixture, seconds: 60) {
            last.append($1)
            $0.fill($1.id, at: 101)
        }
        #expect(last.map(\.request.purpose) == [.exit])
        #expect(fixture.kernel.position(ExitTests.strategy, Fixture.btc).isFlat)
    }

    @Test("an exit of which a thin book leaves a rest is followed by one for the rest, and nobody is alarmed")
    func thinExit() {
        var (fixture, _) = entered()
        var exit = fixture.candle(101).submitted[0]
        for left in [600, 200] as [Int64] {
            fixture.fill(exit.id, at: 101, 400)
            #expect(fixture.report(exit.id, .expired(.notFilledAtOnce)).submitted.isEmpty)
            var next: [Order] = []
            _ = pass(&fixture, seconds: 10) { next.append($1) }
            #expect(next.map(\.request.quantity.mantissa) == [left])
            exit = next[0]
        }
        fixture.fill(exit.id, at: 101)
        #expect(fixture.kernel.position(ExitTests.strategy, Fixture.btc).isFlat && stuck(fixture).isEmpty)
        #expect(pass(&fixture, seconds: 60).isEmpty)
    }

    @Test("between two attempts of an exit its position is protected, and is not while one is under way")
    func protectedBetween() {
        var (fixture, effects) = entered(Protection(stopLoss: .percent(2)))
        var stop = effects.submitted[0]
        fixture.report(stop.id, .accepted)
        fixture.candle(101)
        for _ in 0..<4 {
            let exits = fixture.report(stop.id, .canceled(.venue)).submitted
            #expect(exits.map(\.request.purpose) == [.exit])
            let again = fixture.report(exits[0].id, .rejected(.venue)).submitted
            #expect(again.map(\.request.purpose) == [.stopLoss])
            stop = again[0]
            fixture.report(stop.id, .accepted)
            let before = fixture.effects.count
            #expect(pass(&fixture, seconds: 60).isEmpty)
            #expect(fixture.effects[before...].contains { if case .cancel(stop.id) = $0 { true } else { false } })
        }
    }

    @Test("an exit that a person cancels is not owed")
    func cancelledExit() {
        var (fixture, _) = entered()
        let exit = fixture.candle(101).submitted[0]
        fixture.step(.command(.cancel(exit.id), at: fixture.kernel.now))
        fixture.report(exit.id, .canceled(.venue))
        #expect(pass(&fixture, seconds: 60).isEmpty)
    }

    // MARK: - Later

    @Test("what is bound and what is owed survive an image, and it goes on from there")
    func image() throws {
        var (fixture, _) = entered()
        _ = bind(300, &fixture)
        fixture.fill(fixture.candle(101).submitted[0].id, at: 101)
        var writer = ByteWriter()
        fixture.kernel.image.write(to: &writer)
        var reader = ByteReader(writer.bytes)
        let other = try Kernel(KernelImage(from: &reader), catalog: StrategyCatalog([ScriptedStrategy.self]))
        #expect(other.image.owedExits == fixture.kernel.image.owedExits && !other.owedExits.isEmpty)
        #expect(other.bound(Fixture.btc).mantissa == 300)
        var effects: [Effect] = []
        other.step(.command(.bound(Fixture.btc, .zero), at: other.now), into: &effects)
        other.step(.timer(other.now.adding(seconds: 60)), into: &effects)
        #expect(effects.submitted.map(\.request.quantity.mantissa) == [300])
    }

    @Test("an image from before is read, and an exit that was not sent is owed by its orders")
    func olderImage() throws {
        var (fixture, _) = entered()
        fixture.report(fixture.candle(101).submitted[0].id, .rejected(.notSent))
        var image = fixture.kernel.image
        image.owedExits = []
        var writer = ByteWriter()
        image.write(to: &writer)
        // The count of what is owed, and what is bound and was taken too much of two instruments, stand at its end since.
        var older = Array(writer.bytes.dropLast(5))
        older[0] = 2
        var reader = ByteReader(older)
        let other = try Kernel(KernelImage(from: &reader), catalog: StrategyCatalog([ScriptedStrategy.self]))
        try reader.expectEnd()
        var effects: [Effect] = []
        other.step(.timer(other.now.adding(seconds: 60)), into: &effects)
        #expect(effects.submitted.map(\.request.purpose) == [.exit])
    }
}
