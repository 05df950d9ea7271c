import Market
import Network
import StandIn
import Testing
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
}
