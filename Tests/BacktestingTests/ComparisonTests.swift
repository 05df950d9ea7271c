import Market
import Simulation
import Testing
import Trading

@testable import Backtesting

@Suite("Paper against a backtest")
struct ComparisonTests {
    private let rules = freeInstrument
    private let owner = StrategyID(rawValue: 1)

    private func price(_ text: String) throws -> Price { try rules.price(text) }
    private func money(_ text: String) throws -> Money { try Money(text, .usdt) }

    private func trip(
        _ side: Side = .buy, from: Int64, to: Int64 = 3_600, _ quantity: String, _ entry: String, _ exit: String,
        fees: String
    ) throws -> RoundTrip {
        var trip = RoundTrip(owner: owner, instrument: InstrumentID(0), quote: .usdt)
        trip.side = side
        trip.openedAt = Timestamp(nanoseconds: from * 1_000_000_000)
        trip.closedAt = Timestamp(seconds: to)
        trip.quantity = try rules.quantity(quantity)
        trip.entryNotional = rules.notional(try price(entry), trip.quantity)
        trip.exitNotional = rules.notional(try price(exit), trip.quantity)
        trip.fees = try money(fees)
        return trip
    }

    private func fill(_ side: Side, _ quantity: String, at price: String) throws -> FillRecord {
        FillRecord(
            order: OrderID(rawValue: 1), owner: owner, instrument: InstrumentID(0), side: side, time: .epoch,
            fill: Fill(
                tradeID: 1, price: try self.price(price), quantity: try rules.quantity(quantity),
                quoteFee: .zero(.usdt), liquidity: .taker), purpose: .entry)
    }

    private func quote(_ bid: String, _ ask: String) throws -> Quote {
        Quote(time: .epoch, bid: try price(bid), ask: try price(ask), bidSize: .zero, askSize: .zero)
    }

    @Test("a pair's difference is split by hand: 3.88 = −2 spread + 2 latency − 0.12 fees + 4 quantity")
    func split() throws {
        // Two bought at 101 in a market of 100 to 101, sold at 109 in one of 109 to 110.
        var spread = TripSpread(owner, InstrumentID(0), held: .zero, quote: .usdt)
        spread.take(try fill(.buy, "2", at: "101"), try quote("100", "101"), rules)
        spread.take(try fill(.sell, "2", at: "109"), try quote("109", "110"), rules)
        let paper = PaperTrade(
            trip: try trip(from: 60, "2", "101", "109", fees: "0.42"), spreadCost: spread.end())
        #expect(paper.spreadCost == (try money("2")))
        // The backtest: one and a half, from 100 to 108.
        let backtest = try trip(from: 60, "1.5", "100", "108", fees: "0.3")
        let parts = TradeComparison(paper, backtest, .usdt).parts
        #expect(parts.spread == (try money("-2")))
        // The middles moved from 100.5 to 109.5, the backtest's prices from 100 to 108: one more, twice.
        #expect(parts.latency == (try money("2")))
        #expect(parts.fees == (try money("-0.12")))
        #expect(parts.quantity == (try money("4")))
        #expect(parts.missed.isZero)
        #expect(parts.total == (try money("3.88")))
        #expect(parts.total == paper.trip.profit - backtest.profit)
    }

    @Test("a short's parts have the signs of what they did to the result")
    func short() throws {
        let paper = PaperTrade(
            trip: try trip(.sell, from: 60, "1", "99", "91", fees: "0"), spreadCost: try money("1.5"))
        let parts = TradeComparison(paper, try trip(.sell, from: 60, "1", "100", "90", fees: "0"), .usdt).parts
        #expect(parts.spread == (try money("-1.5")))
        #expect(parts.latency == (try money("-0.5")))
        #expect(parts.total == (try money("-2")))
    }

    @Test("a fill through zero is shared out between the trip that it ends and the one that it begins")
    func throughZero() throws {
        var spread = TripSpread(owner, InstrumentID(0), held: .zero, quote: .usdt)
        spread.take(try fill(.buy, "1", at: "101"), try quote("100", "101"), rules)
        spread.take(try fill(.sell, "3", at: "99"), try quote("99", "101"), rules)
        #expect(spread.end() == (try money("1.5")))
        #expect(spread.soFar == (try money("2")))
    }

    @Test("trades of one candle and one way are a pair; what one side lacks is missed, with its whole result")
    func pairs() throws {
        func paper(_ trip: RoundTrip) -> PaperTrade { PaperTrade(trip: trip, spreadCost: .zero(.usdt)) }
        let comparisons = TradeComparison.pairs(
            [
                paper(try trip(from: 61, "1", "100", "110", fees: "1")),
                paper(try trip(from: 300, "1", "100", "95", fees: "1")),
            ],
            [
                try trip(from: 60, "1", "100", "110", fees: "1"),
                try trip(.sell, from: 300, "1", "100", "95", fees: "1"),
                try trip(from: 540, "1", "100", "107", fees: "1"),
            ], .oneMinute, .usdt)
        #expect(comparisons.map { $0.paper != nil } == [true, true, false, false])
        #expect(comparisons.map { $0.backtest != nil } == [true, false, true, true])
        #expect(comparisons.map(\.parts.missed) == (try ["0", "-6", "-4", "-6"].map(money)))
        #expect(comparisons[0].parts.total.isZero)
    }

    @Test("a history warms a backtest's strategy up, and nothing is traded on it")
    func history() throws {
        var earlier = 0
        for seed in UInt64(0)..<20 {
            let series = walk(600, seed: seed)
            var configuration = try configuration("sma-crossover", [("fast", "3"), ("slow", "40")])
            var rest = series
            rest.candles = Array(series.candles[200...])
            let cold = try Backtest.run(rest, configuration)
            configuration.history = Array(series.candles[..<200])
            let warm = try Backtest.run(rest, configuration)
            let start = try #require(rest.candles.first?.openTime)
            let first = try #require(warm.trips.first?.openedAt)
            let firstCold = try #require(cold.trips.first?.openedAt)
            #expect(first > start && first <= firstCold)
            if first < firstCold { earlier += 1 }
            // Later both have seen the same.
            #expect(warm.trips.suffix(2).map(\.openedAt) == cold.trips.suffix(2).map(\.openedAt))
        }
        #expect(earlier > 5)
    }
}
