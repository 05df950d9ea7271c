import Market
import Simulation
import Testing
import Trading

@Suite("Kernel and venue together, at random")
struct ExchangePropertyTests {
    struct Setting: Sendable, CustomTestStringConvertible {
        var seed: UInt64
        var isSpot: Bool
        var testDescription: String { "seed \(seed), \(isSpot ? "spot" : "perpetual")" }
    }

    static let settings = (1...24).map { Setting(seed: $0, isSpot: $0 % 3 != 0) }

    private func options(_ random: inout SplitMix) -> SimulatedVenueOptions {
        let paths = BarPath.allCases
        return SimulatedVenueOptions(
            makerFee: .basisPoints(Int(random.next(in: -1...10))), takerFee: .basisPoints(Int(random.next(in: 0...20))),
            feeAsset: random.next() % 4 == 0 ? .received : .quote,
            slippage: random.next() % 2 == 0 ? .zero : .basisPoints(Int(random.next(in: 1...30))),
            participation: random.next() % 2 == 0 ? nil : .percent(Int(random.next(in: 1...40))),
            path: paths[Int(random.next() % UInt64(paths.count))])
    }

    private func manualRequest(_ random: inout SplitMix, _ close: Price) -> OrderRequest {
        let types = OrderType.allCases
        let type = types[Int(random.next() % UInt64(types.count))]
        let side: Side = random.next() % 2 == 0 ? .buy : .sell
        func near() -> Price { Price(mantissa: close.mantissa + 100 * random.next(in: -400...400)) }
        let isImmediate = random.next() % 5 == 0
        let isTrailing = type == .trailingStop
        return OrderRequest(
            instrument: InstrumentID(0), side: side, type: type,
            quantity: Quantity(mantissa: 10 * random.next(in: 1...40_000)), limitPrice: type.hasLimit ? near() : nil,
            triggerPrice: type.hasTrigger && (!isTrailing || random.next() % 2 == 0) ? near() : nil,
            trailing: isTrailing ? Int(random.next(in: 5...300)) : nil,
            timeInForce: isImmediate ? (random.next() % 2 == 0 ? .immediateOrCancel : .fillOrKill) : .goodTilCancelled,
            isPostOnly: type == .limit && !isImmediate && random.next() % 4 == 0,
            isReduceOnly: random.next() % 3 == 0, purpose: .manual)
    }

    @Test(
        "positions, cash and working orders agree at every close; fills are never better than the bar",
        arguments: settings)
    func agreement(_ setting: Setting) throws {
        var random = SplitMix(seed: setting.seed &* 7_919)
        let instrument = FillTable.instrument(kind: setting.isSpot ? .spot : .linearPerpetual)
        let cash = Money(whole: 100_000, .usdt)
        let options = options(&random)
        let kernel = Kernel(
            cash: cash, instruments: [instrument], catalog: ScriptedStrategy.catalog,
            options: KernelOptions(feeEstimate: options.takerFee, recording: .everything))
        let exchange = SimulatedExchange(
            kernel: kernel, venue: SimulatedVenue(instruments: [instrument], cash: cash, options: options))
        let protection = Protection(
            stopLoss: .percent(1), takeProfit: .percent(2), trailingStop: random.next() % 2 == 0 ? .percent(2) : nil)
        let candles = randomCandles(1_500, seed: setting.seed)
        for id in 1...3 as ClosedRange<Int32> {
            let registration = try ScriptedStrategy.registration(
                id: id, seed: Int(setting.seed) * 10 + Int(id),
                sizing: id == 1 ? .quantity(Quantity(mantissa: 50_000)) : .equityShare(.percent(20)),
                protection: id == 3 ? .none : protection, shorts: !setting.isSpot)
            exchange.command(.register(registration, history: []), at: FillTable.start)
        }
        var fills = 0
        for candle in candles {
            if random.next() % 6 == 0 {
                let request = manualRequest(&random, kernel.mark(InstrumentID(0)) ?? candle.open)
                exchange.command(.place(request, owner: .manual), at: candle.openTime)
            }
            if random.next() % 30 == 0 { exchange.command(.cancelAll(nil), at: candle.openTime) }
            _ = exchange.takeOutput()
            exchange.bar(InstrumentID(0), .oneMinute, candle)
            let output = exchange.takeOutput()
            for effect in output {
                guard case .record(.fill(let record)) = effect else { continue }
                fills += 1
                check(record, candle, options)
            }
            check(kernel, exchange.venue)
            if setting.isSpot {
                #expect(kernel.account.cash.units >= 0)
                #expect(exchange.venue.allHoldings.allSatisfy { $0.quantity.mantissa >= 0 })
            }
        }
        #expect(fills > 100)
        exchange.endOfData()
        #expect(kernel.openOrderCount == 0)
        #expect(exchange.venue.openOrderIDs.isEmpty)
        check(kernel, exchange.venue)
    }

    private func check(_ record: FillRecord, _ candle: Candle, _ options: SimulatedVenueOptions) {
        #expect(record.time == candle.openTime)
        #expect(!(candle.volume.isZero && candle.high == candle.low))
        switch record.side {
        case .buy: #expect(record.fill.price >= candle.low)
        case .sell: #expect(record.fill.price <= candle.high)
        }
        if options.participation != nil, let share = options.participation {
            #expect(record.fill.quantity <= candle.volume.share(share))
        }
    }

    private func check(_ kernel: Kernel, _ venue: SimulatedVenue) {
        #expect(kernel.account.cash == venue.cash)
        for owner in 0...3 as ClosedRange<Int32> {
            let id = StrategyID(rawValue: owner)
            #expect(
                kernel.position(id, InstrumentID(0)).quantity == venue.holding(id, InstrumentID(0)))
        }
        #expect(kernel.openOrders.map(\.id) == venue.openOrderIDs)
    }

    @Test("the same run twice gives the same records", arguments: [UInt64(3), 4])
    func deterministic(seed: UInt64) throws {
        func run() throws -> [String] {
            let instrument = FillTable.instrument()
            let kernel = Kernel(
                cash: Money(whole: 10_000, .usdt), instruments: [instrument], catalog: ScriptedStrategy.catalog)
            let exchange = SimulatedExchange(
                kernel: kernel, venue: SimulatedVenue(instruments: [instrument], cash: Money(whole: 10_000, .usdt)))
            let registration = try ScriptedStrategy.registration(
                id: 1, seed: Int(seed), sizing: .allIn, protection: Protection(stopLoss: .percent(1)))
            exchange.command(.register(registration, history: []), at: FillTable.start)
            for candle in randomCandles(800, seed: seed) { exchange.bar(InstrumentID(0), .oneMinute, candle) }
            exchange.endOfData()
            return exchange.takeOutput().map { "\($0)" }
        }
        let first = try run()
        #expect(first.count > 100)
        #expect(try run() == first)
    }

    @Test("all-in at next opens agrees to the last digit with a loop written by hand", arguments: 1...6)
    func handLoop(seed: Int) throws {
        let instrument = FillTable.instrument()
        let candles = randomCandles(2_000, seed: UInt64(seed))
        let fee = Ratio.basisPoints(10)
        let kernel = Kernel(
            cash: Money(whole: 10_000, .usdt), instruments: [instrument], catalog: ScriptedStrategy.catalog,
            options: KernelOptions(feeEstimate: fee, recording: .results))
        let exchange = SimulatedExchange(
            kernel: kernel,
            venue: SimulatedVenue(
                instruments: [instrument], cash: Money(whole: 10_000, .usdt),
                options: SimulatedVenueOptions(takerFee: fee)))
        exchange.command(
            .register(try ScriptedStrategy.registration(id: 1, seed: seed, sizing: .allIn), history: []),
            at: FillTable.start)

        // Cash in units of 10^−16, prices and quantities in units of 10^−4: a product is in units of 10^−8.
        var cash: Int128 = 10_000 * 10_000_000_000_000_000
        var held: Int128 = 0
        var wanted: Direction?
        for (index, candle) in candles.enumerated() {
            exchange.bar(InstrumentID(0), .oneMinute, candle)

            let isEmpty = candle.volume.isZero && candle.high == candle.low
            let open = Int128(candle.open.mantissa)
            if wanted == .long, held == 0, !isEmpty {
                let units = cash * 1_000 / (open * 100_000_000 * 1_001) / 10 * 10
                let notional = open * units * 100_000_000
                held = units
                cash -= notional + (notional + 999) / 1_000
            } else if wanted == .flat, held > 0, !isEmpty {
                let notional = open * held * 100_000_000
                cash += notional - (notional + 999) / 1_000
                held = 0
            }
            if !isEmpty { wanted = nil }
            let signal = ScriptedStrategy.direction(seed: UInt64(seed), candle: index + 1, goesShort: false)
            switch signal {
            // An entry that still waits behind empty bars is withdrawn.
            case .flat: wanted = held > 0 ? .flat : nil
            // An exit that still waits is not.
            case .long where held == 0: wanted = .long
            default: break
            }

            #expect(kernel.account.cash.units == cash)
            let equity = cash + held * Int128(candle.close.mantissa) * 100_000_000
            #expect(kernel.account.equity.units == equity)
        }
        #expect(kernel.account.fees.units > 0)
    }
}
