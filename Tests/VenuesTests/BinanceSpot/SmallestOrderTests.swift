import Market
import Testing

@testable import Venues

@Suite("The smallest order that a symbol's rules allow")
struct SmallestOrderTests {
    private let examples: RuleExamples

    init() throws { examples = try RuleExamples() }

    @Test(
        "it is the first step whose worth is enough",
        arguments: [
            ("35000", "0.00015"), ("50000", "0.0001"), ("49999.99", "0.00011"), ("600000", "0.00001"), ("5", "1"),
        ])
    func smallest(price: String, quantity: String) throws {
        let limit = SpotExamples.price(price)
        let found = try #require(examples.rules.smallestQuantity(at: limit, of: examples.btc))
        #expect(found == SpotExamples.quantity(quantity))
        // Nothing about sizes is wrong with it, and one step less is too little.
        let step = examples.btc.rules.quantityStep
        let reference = OrderCircumstances(referencePrice: limit)
        #expect(examples.broken(examples.order(.buy, quantity, .limit(limit)), reference).isEmpty)
        let less = examples.btc.text(found - step)
        #expect(!examples.broken(examples.order(.buy, less, .limit(limit)), reference).isEmpty)
    }

    @Test("without rules it is the finest number; where bounds exclude each other there is none")
    func bounds() throws {
        var rules = examples.rules
        rules.filters = SymbolFilters()
        #expect(
            rules.smallestQuantity(at: SpotExamples.price("35000"), of: examples.btc) == Quantity(mantissa: 1))
        rules = examples.rules
        rules.filters.lot?.maximum = OrderJudge.units(SpotExamples.quantity("0.0001"), examples.btc)
        #expect(rules.smallestQuantity(at: SpotExamples.price("35000"), of: examples.btc) == nil)
    }

    @Test("kinds of rules are named as the venue names them, those that are off left out")
    func kinds() throws {
        #expect(SymbolFilters.knownKinds.count == 20 && Set(SymbolFilters.knownKinds).count == 20)
        let kinds = examples.rules.filters.kinds
        #expect(
            kinds == SymbolFilters.knownKinds.filter { !["PERCENT_PRICE", "MIN_NOTIONAL", "MAX_ASSET"].contains($0) })
        #expect(SymbolFilters().kinds.isEmpty)
        var off = examples.rules.filters
        off.marketLot = SymbolFilters.Grid()
        off.notional = nil
        #expect(!off.kinds.contains("MARKET_LOT_SIZE") && !off.kinds.contains("NOTIONAL"))
        #expect(off.kinds.count == kinds.count - 2)
    }
}
