import Market
import Testing
import Trading

@Suite("Instrument rules")
struct InstrumentValidationTests {
    /// Tick 0.01, step 0.001 (0.1 at market), 0.05…100, notional 10 and more, 5 % band; scales 4 and 4.
    private let instrument = Instrument(
        venue: "T", symbol: "T", base: Currency("T")!, quote: .usdt, priceScale: 4, quantityScale: 4,
        rules: InstrumentRules(
            tick: Price(mantissa: 100), quantityStep: Quantity(mantissa: 10),
            marketQuantityStep: Quantity(mantissa: 1_000), minimumQuantity: Quantity(mantissa: 500),
            maximumQuantity: Quantity(mantissa: 1_000_000), minimumNotional: 1_000_000_000, priceBand: .percent(5)))

    private func request(
        _ type: OrderType, _ quantity: Int64, limit: Int64? = nil, trigger: Int64? = nil
    ) -> OrderRequest {
        OrderRequest(
            instrument: InstrumentID(0), side: .buy, type: type, quantity: Quantity(mantissa: quantity),
            limitPrice: limit.map { Price(mantissa: $0) }, triggerPrice: trigger.map { Price(mantissa: $0) },
            purpose: .manual)
    }

    private func failures(_ request: OrderRequest, reference: Int64? = 1_000_000) -> [RiskCheck] {
        InstrumentValidation.check(request, instrument, reference: reference.map { Price(mantissa: $0) })
            .filter { !$0.isPassed }.map(\.check)
    }

    @Test("each rule is a check with what was measured and what is allowed, and all failures are named")
    func everyRule() {
        #expect(failures(request(.limit, 1_000, limit: 1_000_000)) == [])
        #expect(failures(request(.limit, 1_000, limit: 1_000_050)) == [.tick])
        #expect(failures(request(.stopLimit, 1_000, limit: 1_000_000, trigger: 1_000_001)) == [.tick])
        #expect(failures(request(.limit, 1_005, limit: 1_000_000)) == [.quantityStep])
        #expect(failures(request(.limit, 1_000_010, limit: 1_000_000)) == [.maximumQuantity])
        #expect(failures(request(.limit, 990, limit: 1_000_000)) == [.minimumNotional])
        #expect(failures(request(.limit, 490, limit: 1_000_000)) == [.minimumQuantity, .minimumNotional])
        #expect(failures(request(.limit, 1_000, limit: 1_050_000)) == [])
        #expect(failures(request(.limit, 1_000, limit: 1_050_100)) == [.priceBand])
        #expect(failures(request(.limit, 1_000, limit: 949_900)) == [.minimumNotional, .priceBand])
    }

    @Test("the numbers of an outcome are those that were compared")
    func numbers() {
        let outcomes = InstrumentValidation.check(
            request(.limit, 990, limit: 1_000_000), instrument, reference: Price(mantissa: 1_000_000))
        let notional = outcomes.first { $0.check == .minimumNotional }
        // 0.099 × 100 against 10, in units of 10^−16
        #expect(notional?.value == 99_000_000_000_000_000)
        #expect(notional?.limit == 100_000_000_000_000_000)
        let band = outcomes.first { $0.check == .priceBand }
        #expect(band?.value == 0 && band?.limit == Int128(Ratio.percent(5).units))
    }

    @Test("orders that fill at market keep to the market step, stops too")
    func marketStep() {
        #expect(failures(request(.market, 1_010)) == [.quantityStep])
        #expect(failures(request(.stop, 1_010, trigger: 1_000_000)) == [.quantityStep])
        #expect(failures(request(.takeProfit, 2_000, trigger: 1_000_000)) == [])
        #expect(failures(request(.stopLimit, 1_010, limit: 1_000_000, trigger: 1_000_000)) == [])
    }

    @Test("a market order's notional is reckoned at the last price, and not at all without one")
    func reference() {
        #expect(failures(request(.market, 1_000), reference: 999_900) == [.minimumNotional])
        #expect(failures(request(.market, 1_000), reference: nil) == [])
    }

    @Test("an amount to spend is held against the smallest notional")
    func spend() {
        var request = request(.market, 0)
        request.spend = Money(units: 99_999_999_999_999_999, .usdt)
        #expect(failures(request) == [.minimumNotional])
        request.spend = Money(whole: 10, .usdt)
        #expect(failures(request) == [])
    }

    @Test("a band measures the distance as a share of the reference, rounded up")
    func band() {
        func share(_ price: Int64, _ reference: Int64) -> Int128 {
            InstrumentValidation.band(
                .priceBand, Price(mantissa: price), Price(mantissa: reference), allowed: .one
            ).value
        }
        #expect(share(103, 100) == 3_000_000)
        #expect(share(97, 100) == 3_000_000)
        #expect(share(4, 3) == 33_333_334)
    }

    @Test("numbers whose product leaves 128 bits are refused as terms, not multiplied")
    func overflow() {
        let wide = Instrument(
            venue: "T", symbol: "T", base: Currency("T")!, quote: .usdt, priceScale: 0, quantityScale: 0,
            rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
        let huge = request(.limit, .max, limit: .max)
        #expect(!InstrumentValidation.terms(huge, wide, reference: nil).isPassed)
        #expect(!InstrumentValidation.terms(request(.market, .max), wide, reference: Price(mantissa: .max)).isPassed)
        #expect(InstrumentValidation.terms(request(.market, 1), wide, reference: Price(mantissa: 1)).isPassed)
    }
}
