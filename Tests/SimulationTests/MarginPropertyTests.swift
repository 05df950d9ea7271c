import Market
import Testing
import Trading

@testable import Simulation

@Suite("Margin, at random")
struct MarginPropertyTests {
    struct Setting: Sendable, CustomTestStringConvertible {
        var seed: UInt64
        var mode: MarginMode
        var leverage: Int
        var testDescription: String { "seed \(seed), \(mode.rawValue), \(leverage)×" }
    }

    static let settings: [Setting] = (1...9).map { seed in
        Setting(
            seed: seed, mode: seed % 2 == 0 ? .isolated : .cross, leverage: [1, 3, 10, 40][Int(seed % 4)])
    }

    private func exchange(_ setting: Setting, _ strategies: ClosedRange<Int32>) throws -> SimulatedExchange {
        let instrument = FillTable.instrument(kind: .linearPerpetual)
        let cash = Money(whole: 100_000, .usdt)
        let paths = BarPath.allCases
        let options = SimulatedVenueOptions(
            makerFee: .basisPoints(2), takerFee: .basisPoints(5), slippage: .basisPoints(Int(setting.seed % 3)),
            participation: setting.seed % 5 == 0 ? .percent(30) : nil, path: paths[Int(setting.seed) % paths.count])
        let conditions = MarketConditions(
            margin: MarginTerms(leverage: setting.leverage, mode: setting.mode),
            funding: .constant(
                rate: Ratio(units: Int64(setting.seed) * 1_000 - 8_000), interval: 600_000_000_000))
        let exchange = SimulatedExchange(
            kernel: Kernel(
                cash: cash, instruments: [instrument], catalog: ScriptedStrategy.catalog,
                options: KernelOptions(feeEstimate: options.takerFee, leverage: setting.leverage)),
            venue: SimulatedVenue(
                instruments: [instrument], cash: cash, options: options, conditions: conditions,
                start: FillTable.start))
        for id in strategies {
            exchange.command(
                .register(
                    try ScriptedStrategy.registration(
                        id: id, seed: Int(setting.seed) * 10 + Int(id),
                        sizing: strategies.count == 1 ? .allIn : .equityShare(.percent(30)),
                        protection: id % 2 == 0
                            ? Protection(stopLoss: .percent(3), takeProfit: .percent(2)) : .none, shorts: true),
                    history: []), at: FillTable.start)
        }
        return exchange
    }

    @Test("kernel and venue agree, and equity is what was begun with and won", arguments: settings)
    func conservation(_ setting: Setting) throws {
        let owners = (1...3) as ClosedRange<Int32>
        let exchange = try exchange(setting, owners)
        let kernel = exchange.kernel
        let instrument = kernel.instrument(InstrumentID(0))
        var profit = Money.zero(.usdt)
        for candle in randomCandles(900, seed: setting.seed) {
            exchange.bar(InstrumentID(0), .oneMinute, candle)
            for case .record(.trip(let trip)) in exchange.takeOutput() { profit += trip.profit }
            #expect(kernel.account.cash == exchange.venue.cash)
            var open = Money.zero(.usdt)
            for owner in owners {
                let position = kernel.position(StrategyID(rawValue: owner), InstrumentID(0))
                #expect(position.quantity == exchange.venue.holding(position.owner, InstrumentID(0)))
                let trip = position.markedTrip(at: kernel.mark(InstrumentID(0))!, time: candle.openTime, instrument)
                open += trip?.profit ?? .zero(.usdt)
            }
            #expect(kernel.equity == kernel.account.initialEquity + profit + open)
        }
        #expect(exchange.costs.fees == kernel.account.fees)
        #expect(!exchange.costs.funding.isZero || setting.seed == 8)
    }

    @Test("isolated, nobody loses more than the margin of the trip", arguments: settings)
    func isolated(_ setting: Setting) throws {
        var setting = setting
        setting.mode = .isolated
        setting.leverage = max(setting.leverage, 10)
        let exchange = try exchange(setting, 1...3)
        var liquidated = 0
        for candle in randomCandles(900, seed: setting.seed) {
            exchange.bar(InstrumentID(0), .oneMinute, candle)
            for case .record(.trip(let trip)) in exchange.takeOutput() where trip.exitPurpose == .liquidation {
                liquidated += 1
                let gross =
                    trip.side == .buy
                    ? trip.exitNotional - trip.entryNotional : trip.entryNotional - trip.exitNotional
                let margin = trip.entryNotional.units / Int128(setting.leverage)
                // Rounded up at each entry, and funding that was received is margin too.
                #expect(-gross.units <= margin + max(-trip.funding.units, 0) + 100)
            }
            #expect(exchange.venue.cash == exchange.kernel.account.cash)
        }
        #expect(liquidated == exchange.costs.liquidations)
        #expect(setting.leverage < 40 || liquidated > 0)
    }

    @Test("crossed, the account never owes anything", arguments: settings)
    func crossed(_ setting: Setting) throws {
        var setting = setting
        setting.mode = .cross
        let exchange = try exchange(setting, 1...1)
        for candle in randomCandles(900, seed: setting.seed) {
            exchange.bar(InstrumentID(0), .oneMinute, candle)
            #expect(exchange.kernel.equity.units >= 0)
        }
    }

    @Test("passing over the bars that reach nothing changes nothing", arguments: settings)
    func shortcut(_ setting: Setting) throws {
        func records(isWalkingAll: Bool) throws -> [String] {
            let exchange = try exchange(setting, 1...2)
            var records: [String] = []
            for candle in randomCandles(600, seed: setting.seed) {
                if isWalkingAll {
                    // An order far below that comes in anew each minute keeps every bar from being quiet.
                    for order in exchange.kernel.openOrders where order.owner == .manual {
                        exchange.command(.cancel(order.id), at: candle.openTime)
                    }
                    exchange.command(
                        .place(
                            OrderRequest(
                                instrument: InstrumentID(0), side: .buy, type: .limit,
                                quantity: Quantity(mantissa: 10), limitPrice: Price(mantissa: 100), purpose: .manual),
                            owner: .manual), at: candle.openTime)
                }
                exchange.bar(InstrumentID(0), .oneMinute, candle)
                for case .record(.fill(let record)) in exchange.takeOutput() {
                    records.append(
                        "\(record.owner.rawValue) \(record.time) \(record.side) \(record.fill.price.mantissa) "
                            + "\(record.fill.quantity.mantissa)")
                }
            }
            return records
        }
        let quick = try records(isWalkingAll: false)
        #expect(quick.count > 10)
        let walked = try records(isWalkingAll: true)
        // What an order reserves changes the last digits of sizes: kinds, times and prices must agree.
        #expect(quick.map { $0.split(separator: " ").prefix(4) } == walked.map { $0.split(separator: " ").prefix(4) })
    }
}

@Suite("Prices of liquidation")
struct MarginRulesTests {
    @Test("the price is the first that is liquidated, for lines at random")
    func boundary() {
        var random = SplitMix(seed: 11)
        for _ in 0..<3_000 {
            let leverage = Int(random.next(in: 1...100))
            let rules = MarginRules(MarginTerms(leverage: leverage))
            let quantity = random.next(in: 1...4_000_000_000) * (random.next() % 2 == 0 ? 1 : -1)
            let entry = random.next(in: 1_000...900_000_000)
            let factor: Int128 = 100_000_000
            let cost = Int128(entry) * Int128(quantity) * factor
            let line = MarginLine(
                constant: rules.initial(of: cost < 0 ? -cost : cost) - cost, quantity: quantity, factor: factor)
            guard let price = rules.liquidationPrice(line) else {
                #expect(quantity > 0 && line.constant >= 0 || line.constant / (Int128(quantity) * factor) == 0)
                continue
            }
            #expect(rules.isLiquidated(line, at: price))
            let beside = Price(mantissa: price.mantissa + (quantity > 0 ? 1 : -1))
            if beside.mantissa > 0 { #expect(!rules.isLiquidated(line, at: beside)) }
            #expect(line.equity(at: rules.bankruptcyPrice(line)) >= 0 || quantity < 0 && line.constant < 0)
        }
    }

    @Test("the maintenance margin is continuous at every border of the usual tiers")
    func continuous() {
        let rules = MarginRules(MarginTerms(leverage: 10))
        for tier in MarginTerms.usualTiers.dropFirst() {
            let border = Int128(tier.from) * Money.unitsPerWhole
            #expect(abs(rules.maintenance(of: border) - rules.maintenance(of: border - 1)) <= 1)
        }
        // 2,000,000 × 2.5 % − 16,300.
        #expect(rules.maintenance(of: 2_000_000 * Money.unitsPerWhole) == 33_700 * Money.unitsPerWhole)
    }
}
