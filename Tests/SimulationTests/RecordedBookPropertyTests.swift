import Market
import Simulation
import Testing
import Trading

@Suite("Recorded books, kernel and venue together, at random")
struct RecordedBookPropertyTests {
    /// What a book showed and what own orders took of it, kept the plain way.
    private struct Ledger {
        struct Level {
            var told: Int64
            var left: Int64
        }
        var isKnown = false
        var asks: [Int64: Level] = [:]
        var bids: [Int64: Level] = [:]

        mutating func tell(_ depth: BookDepth) {
            isKnown = !depth.bids.isEmpty
            Ledger.tell(&asks, depth.asks)
            Ledger.tell(&bids, depth.bids)
        }

        private static func tell(_ levels: inout [Int64: Level], _ told: [BookLevel]) {
            let old = levels
            levels = [:]
            for level in told {
                let known = old[level.price.mantissa]
                let quantity = level.quantity.mantissa
                levels[level.price.mantissa] =
                    known?.told == quantity ? known : Level(told: quantity, left: quantity)
            }
        }

        mutating func quote(_ quote: Quote) {
            guard isKnown else { return }
            asks = asks.filter { $0.key >= quote.ask.mantissa }
            bids = bids.filter { $0.key <= quote.bid.mantissa }
            Ledger.top(&asks, quote.ask, quote.askSize)
            Ledger.top(&bids, quote.bid, quote.bidSize)
        }

        private static func top(_ levels: inout [Int64: Level], _ price: Price, _ size: Quantity) {
            if levels[price.mantissa]?.told == size.mantissa { return }
            levels[price.mantissa] = Level(told: size.mantissa, left: size.mantissa)
        }

        mutating func print(_ print: TradePrint) {
            if print.aggressor == .buy {
                asks = asks.filter { $0.key >= print.price.mantissa }
            } else {
                bids = bids.filter { $0.key <= print.price.mantissa }
            }
        }

        /// Counts a taking fill; says whether it was there to be taken.
        mutating func take(_ side: Side, _ fill: Fill) -> Bool {
            let price = fill.price.mantissa
            func took(_ levels: inout [Int64: Level]) -> Bool {
                guard let level = levels[price], level.left >= fill.quantity.mantissa else { return false }
                levels[price]!.left -= fill.quantity.mantissa
                return true
            }
            return side == .buy ? took(&asks) : took(&bids)
        }
    }

    private static func side(
        _ best: Int64, _ step: Int64, _ old: [BookLevel], _ random: inout SplitMix
    ) -> [BookLevel] {
        (0..<5).map { place in
            let price = Price(mantissa: best + step * 100 * Int64(place))
            let known = old.first { $0.price == price }
            if let known, random.next() % 2 == 0 { return known }
            return BookLevel(price: price, quantity: Quantity(mantissa: 10 * random.next(in: 1...3_000)))
        }
    }

    private func request(_ random: inout SplitMix, near mid: Int64) -> OrderRequest {
        let type: OrderType = [.market, .limit, .limit, .limit, .stop, .stopLimit][Int(random.next() % 6)]
        func near() -> Price { Price(mantissa: mid + 100 * random.next(in: -6...6)) }
        let isImmediate = random.next() % 5 == 0
        return OrderRequest(
            instrument: InstrumentID(0), side: random.next() % 2 == 0 ? .buy : .sell, type: type,
            quantity: Quantity(mantissa: 10 * random.next(in: 1...6_000)), limitPrice: type.hasLimit ? near() : nil,
            triggerPrice: type.hasTrigger ? near() : nil,
            timeInForce: isImmediate ? (random.next() % 2 == 0 ? .immediateOrCancel : .fillOrKill) : .goodTilCancelled,
            isPostOnly: type == .limit && !isImmediate && random.next() % 4 == 0,
            isReduceOnly: random.next() % 4 == 0, purpose: .manual)
    }

    private func agree(_ kernel: Kernel, _ venue: SimulatedVenue) {
        #expect(kernel.account.cash == venue.cash)
        for owner in 0...2 as ClosedRange<Int32> {
            let id = StrategyID(rawValue: owner)
            #expect(kernel.position(id, InstrumentID(0)).quantity == venue.holding(id, InstrumentID(0)))
        }
        #expect(kernel.openOrders.map(\.id) == venue.openOrderIDs)
    }

    /// Plays a market of books, quotes, prints and gaps; gives every record.
    @discardableResult
    private func play(_ seed: UInt64, _ rule: QueueRule) throws -> [String] {
        var random = SplitMix(seed: seed &* 6_361)
        let isSpot = seed % 3 != 0
        let instrument = FillTable.instrument(kind: isSpot ? .spot : .linearPerpetual)
        let cash = Money(whole: 1_000, .usdt)
        let options = SimulatedVenueOptions(
            takerFee: .basisPoints(7), feeAsset: seed % 4 == 0 ? .received : .quote, queue: rule)
        let kernel = Kernel(
            cash: cash, instruments: [instrument], catalog: ScriptedStrategy.catalog,
            options: KernelOptions(feeEstimate: options.takerFee, recording: .everything))
        let exchange = SimulatedExchange(
            kernel: kernel, venue: SimulatedVenue(instruments: [instrument], cash: cash, options: options))
        for id in 1...2 as ClosedRange<Int32> {
            exchange.command(
                .register(
                    try ScriptedStrategy.registration(
                        id: id, seed: Int(seed) * 10 + Int(id), sizing: .equityShare(.percent(30)),
                        protection: id == 1
                            ? Protection(stopLoss: .percent(1), takeProfit: .percent(1)) : .none, shorts: !isSpot),
                    history: []), at: FillTable.start)
        }
        var ledger = Ledger()
        var depth = BookDepth(time: FillTable.start, bids: [], asks: [])
        var mid: Int64 = 10_000 * 10
        var time = FillTable.start
        var (records, takes, makes): ([String], Int, Int) = ([], 0, 0)
        func settle(_ print: TradePrint?) {
            var served: Int64 = 0
            for effect in exchange.takeOutput() {
                records.append("\(effect)")
                guard case .record(.fill(let record)) = effect else { continue }
                switch record.fill.liquidity {
                case .taker where ledger.isKnown:
                    takes += 1
                    let wasThere = ledger.take(record.side, record.fill)
                    #expect(wasThere, "\(record)")
                case .taker: break
                case .maker:
                    makes += 1
                    if let print, record.fill.price == print.price { served += record.fill.quantity.mantissa }
                }
            }
            if let print { #expect(served <= print.quantity.mantissa) }
            agree(kernel, exchange.venue)
        }
        for step in 0..<3_000 {
            time = time.adding(nanoseconds: random.next(in: 1...400_000_000))
            switch random.next() % 20 {
            case 0..<8:
                mid += 100 * random.next(in: -2...2)
                depth = BookDepth(
                    time: time, bids: Self.side(mid - 100, -1, depth.bids, &random),
                    asks: Self.side(mid + 100, 1, depth.asks, &random))
                ledger.tell(depth)
                exchange.book(InstrumentID(0), depth)
                settle(nil)
            case 8..<12:
                let quote = Quote(
                    time: time, bid: Price(mantissa: mid - 100 * random.next(in: 0...3)),
                    ask: Price(mantissa: mid + 100 * random.next(in: 1...3)),
                    bidSize: Quantity(mantissa: 10 * random.next(in: 1...3_000)),
                    askSize: Quantity(mantissa: 10 * random.next(in: 1...3_000)))
                ledger.quote(quote)
                exchange.quote(InstrumentID(0), quote)
                settle(nil)
            case 12..<16:
                let print = TradePrint(
                    time: time, price: Price(mantissa: mid + 100 * random.next(in: -3...3)),
                    quantity: Quantity(mantissa: 10 * random.next(in: 1...4_000)),
                    aggressor: random.next() % 2 == 0 ? .buy : .sell, id: UInt64(step))
                ledger.print(print)
                exchange.print(InstrumentID(0), print)
                settle(print)
            case 16 where random.next() % 8 == 0:
                // The book is gone for a while.
                let none = BookDepth(time: time, bids: [], asks: [])
                ledger = Ledger()
                exchange.book(InstrumentID(0), none)
                settle(nil)
            case 17:
                let price = Price(mantissa: mid)
                let candle = Candle(
                    openTime: time.adding(seconds: -60), open: price, high: price, low: price, close: price,
                    volume: Quantity(mantissa: 10))
                exchange.candle(InstrumentID(0), .oneMinute, candle)
                settle(nil)
            case 18:
                exchange.command(.place(request(&random, near: mid), owner: .manual), at: time)
                settle(nil)
            default:
                if random.next() % 20 == 0 { exchange.command(.cancelAll(nil), at: time) }
                settle(nil)
            }
        }
        #expect(takes > 20 && makes > 20, "\(takes) and \(makes) fills")
        return records
    }

    @Test(
        "nothing is taken twice, no print serves more than it traded, and kernel and venue agree after everything",
        arguments: 1...8, QueueRule.allCases)
    func conserved(_ seed: Int, _ rule: QueueRule) throws { try play(UInt64(seed), rule) }

    @Test("the same market twice gives the same records", arguments: QueueRule.allCases)
    func deterministic(_ rule: QueueRule) throws {
        let first = try play(5, rule)
        #expect(first.count > 100)
        #expect(try play(5, rule) == first)
    }
}
