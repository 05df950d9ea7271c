import Market
import Network
import StandIn
import Testing
import Trading
import Venues

@testable import Engine

/// What fees in the venue's own coin are worth.
@Suite("Fees in the venue's coin") struct FeeWorthTests {
    private let bnb = Currency("BNB")!

    @Test("they are worth the coin's price, rounded against us; of nothing else anything is said")
    func worth() async throws {
        let folder = try TemporaryDirectory()
        var options = StandInOptions(directory: folder.path + "/stand-in")
        options.isPlain = true
        options.seed = 7
        options.symbols = ["BTCUSDT", "BNBUSDT"]
        let server = try StandInServer(options) { EngineClock.wall.now() }
        defer { server.stop() }
        let worth = FeeWorth(bnb, in: .usdt, try BinanceSpot(at: server.addresses.rest, HTTPOptions()))
        var one: Money?
        for _ in 0..<4_000 where one == nil {
            one = worth.worth(Money(whole: 1, bnb))
            try await Task.sleep(for: .milliseconds(5))
        }
        let price = try #require(one)
        #expect(price.currency == .usdt && price.units > 0)
        #expect(worth.worth(Money(whole: 3, bnb)) == Money(units: price.units * 3, .usdt))
        // Less than the smallest quantity counts as one.
        let least = try #require(worth.worth(Money(units: 1, bnb)))
        #expect(least.units > 0 && least.units < price.units)
        #expect(worth.worth(Money(whole: 1, Currency("BTC")!)) == nil)
    }

    @Test("without a coin, or with one that is the quote itself, nothing is asked and nothing known")
    func none() throws {
        let venue = try BinanceSpot(at: "http://127.0.0.1:9", HTTPOptions())
        #expect(FeeWorth(nil, in: .usdt, venue).worth(Money(whole: 1, bnb)) == nil)
        #expect(FeeWorth(.usdt, in: .usdt, venue).worth(Money(whole: 1, .usdt)) == nil)
    }

    private func execution(_ liquidity: Liquidity, _ fee: Money) -> VenueExecution {
        let instrument = Instrument(
            venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
            rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
        return VenueExecution(
            instrument: instrument, venueOrderID: "1", clientOrderID: "a", isExternal: false, side: .buy, time: .epoch,
            tradeID: 7, price: Price(mantissa: 50_000 * 100_000_000), quantity: Quantity(mantissa: 1_000_000), fee: fee,
            liquidity: liquidity)
    }

    @Test("without the coin's price a fee is worth what the rates make of the trade, so that no fill waits for a price")
    func rates() throws {
        let worth = FeeWorth(nil, in: .usdt, try BinanceSpot(at: "http://127.0.0.1:9", HTTPOptions()))
        // 0.01 BTC at 50,000 is 500: a thousandth of it is 0.5, four fifths of a thousandth 0.4, three quarters of each.
        let rates = VenueRates(
            maker: .basisPoints(8), taker: .basisPoints(10), discount: .init(bnb, share: .percent(75)))
        let fee = try Money("0.0006", bnb)
        #expect(worth.worth(execution(.taker, fee), rates) == (try Money("0.375", .usdt)))
        #expect(worth.worth(execution(.maker, fee), rates) == (try Money("0.3", .usdt)))
        #expect(worth.worth(execution(.taker, try Money("0.0006", Currency("ETH")!)), rates) == nil)
        #expect(worth.worth(execution(.taker, fee), VenueRates(maker: .zero, taker: .zero)) == nil)
    }

    @Test("of an answer whose fees can't be told nothing is told: it is asked for again, and nothing is inferred")
    func half() throws {
        let order = StandingOrder(
            instrument: execution(.taker, .zero(.usdt)).instrument, venueID: "1", clientOrderID: "a", isExternal: false,
            side: .buy, type: .market,
            status: OrderStatus(
                state: .filled, quantity: Quantity(mantissa: 2_000_000), filled: Quantity(mantissa: 2_000_000)),
            time: .epoch)
        let executions = [execution(.taker, .zero(.usdt)), execution(.taker, try Money("0.0006", bnb))]
        let receipt = OrderReceipt(order: order, executions: executions)
        #expect(receipt.answers(as: OrderID(rawValue: 1)) { _ in nil }.isEmpty)
        #expect(receipt.answers(as: OrderID(rawValue: 1)) { _ in Money(whole: 1, .usdt) }.count == 3)
    }
}
