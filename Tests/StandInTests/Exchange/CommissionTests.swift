import Market
import Simulation
import Testing

@testable import StandIn

@Suite("commissions in BNB")
struct CommissionTests {
    private let exchange: Exchange
    private let account: Account
    private let bnb = Currency("BNB")!

    init() throws {
        let profiles = [SyntheticInstrument.defaults[0], try #require(SymbolCatalog.profile("BNBUSDT"))]
        let start = Timestamp(seconds: 1_700_000_000)
        exchange = Exchange(
            seed: 1, profiles: profiles, limits: ExchangeLimits(), start: start, before: 10)
        exchange.markets[1].lastPrice = ExchangeRig.price("600")
        account = Account(
            id: 0, keys: [], balances: [(.usdt, Money(whole: 100_000, .usdt).units), (bnb, Money(whole: 1, bnb).units)])
        account.paysInBNB = true
        exchange.accounts = [account]
    }

    private func buy(_ quantity: String) throws -> Order {
        let parameters = ExchangeRig.parameters("side=BUY type=LIMIT timeInForce=IOC price=100000 quantity=\(quantity)")
        let id = exchange.nextOrderID
        _ = try exchange.placeChecked(try OrderReading(parameters: parameters).terms(), 0, account)
        return try #require(account.order(id))
    }

    @Test("a quarter is taken off, and the bought quantity arrives whole")
    func discount() throws {
        let order = try buy("0.01")
        #expect(order.status == .filled)
        var expected: Int64 = 0
        for fill in order.fills {
            #expect(fill.commissionAsset == bnb)
            // price × quantity × 0.001 × 0.75 ÷ 600, cut off at eight decimals at each step of the venue's.
            let value = Int128(fill.price.mantissa) * Int128(fill.quantity.mantissa) / 100_000_000
            let whole = value * 75 / 100 / 1_000 / 600
            #expect(abs(Int64(whole) - fill.commission) <= 1)
            expected += fill.commission
        }
        #expect(account[bnb].free == Money(whole: 1, bnb).units - Int128(expected) * 100_000_000)
        #expect(account[ExchangeRig.btc].free == Int128(ExchangeRig.quantity("0.01").mantissa) * 100_000_000)
    }

    @Test("what is published is the share that is charged")
    func published() throws {
        let rates = AccountEndpoints.commission(exchange, account, "BTCUSDT")
        #expect(rates["discount"]?["discount"]?.string == "0.75000000")
        #expect(rates["discount"]?["enabledForAccount"]?.text == "true")
    }

    @Test("who has too little BNB pays with what is received")
    func fallback() throws {
        account.change(bnb, free: -account[bnb].free)
        let order = try buy("0.01")
        #expect(order.fills.allSatisfy { $0.commissionAsset == ExchangeRig.btc })
        #expect(account[ExchangeRig.btc].free < Int128(ExchangeRig.quantity("0.01").mantissa) * 100_000_000)
    }

    @Test("who buys BNB pays the lower rate out of what comes in")
    func buyingBNB() throws {
        account.change(bnb, free: -account[bnb].free)
        let parameters = ExchangeRig.parameters("side=BUY type=LIMIT timeInForce=IOC price=1000 quantity=0.1")
        let id = exchange.nextOrderID
        _ = try exchange.placeChecked(try OrderReading(parameters: parameters).terms(), 1, account)
        let order = try #require(account.order(id))
        #expect(!order.fills.isEmpty)
        // Of what a fill brings, 0.001 less a quarter: the price is that of the fill itself.
        for fill in order.fills { #expect(abs(fill.quantity.mantissa * 75 / 100_000 - fill.commission) <= 1) }
    }
}
