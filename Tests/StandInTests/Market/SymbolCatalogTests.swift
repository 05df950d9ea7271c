import Market
import Simulation
import Testing

@testable import StandIn

@Suite("the catalogue of symbols")
struct SymbolCatalogTests {
    @Test("every symbol has a market whose prices and sizes keep to its own rules", arguments: SymbolCatalog.names)
    func rules(_ symbol: String) throws {
        let profile = try #require(SymbolCatalog.profile(symbol))
        let exchange = Exchange(
            seed: 3, profiles: [profile], limits: ExchangeLimits(), start: Timestamp(seconds: 1_700_000_000), before: 10
        )
        exchange.advance(to: exchange.now.adding(seconds: 5))
        let market = exchange.markets[0]
        #expect(market.book.bids.count > 50)
        #expect(market.book.asks.count == Exchange.bookLevels)
        for level in market.book.bids + market.book.asks {
            #expect(level.price.mantissa % market.filters.tick.mantissa == 0)
            #expect(level.quantity.mantissa % market.filters.step.mantissa == 0)
            #expect(level.price >= market.filters.minimumPrice && level.price <= market.filters.maximumPrice)
        }
        #expect(!market.tape.trades.isEmpty)
        for trade in market.tape.trades {
            #expect(trade.price.mantissa % market.filters.tick.mantissa == 0)
            #expect(trade.quantity.mantissa % market.filters.step.mantissa == 0)
        }
        let notional = market.instrument.notional(market.lastPrice, market.filters.maximumQuantity)
        #expect(notional.units > Int128(market.filters.minimumNotional) * 100_000_000)
    }

    @Test("no symbol stands twice")
    func unique() { #expect(Set(SymbolCatalog.names).count == SymbolCatalog.names.count) }
}
