import Market
import Testing

@testable import Doctor
@testable import Venues

@Suite("What the doctor makes of what the venue says")
struct FindingTests {
    @Test(
        "a symbol that takes no orders fails, one that lacks a type is told",
        arguments: [
            ("HALT", RuleTexts.types, true, Finding.Status.failed, "it is HALT"),
            ("CANCEL_ONLY", RuleTexts.types, true, .failed, "it is CANCEL_ONLY"),
            ("TRADING", RuleTexts.types, false, .failed, "not traded on Spot"),
            ("TRADING", ["LIMIT", "LIMIT_MAKER"], true, .failed, "takes no MARKET"),
            ("TRADING", ["LIMIT", "MARKET", "LIMIT_MAKER"], true, .warning, "takes no STOP_LOSS, STOP_LOSS_LIMIT"),
            ("TRADING", RuleTexts.types + ["NEW_TYPE"], true, .ok, "TRADING"),
        ])
    func symbols(
        status: String, types: [String], isSpotAllowed: Bool, expected: Finding.Status, words: String
    ) throws {
        let symbol = try RuleTexts.symbol(status: status, types: types, isSpotAllowed: isSpotAllowed)
        let finding = BinanceDoctor.finding(symbol.rules)
        #expect(finding.status == expected && finding.found.contains(words), "\(finding)")
        #expect(finding.advice.isEmpty == (expected == .ok))
    }

    private func filters(_ symbol: ExaminedSymbol, _ purse: String?) throws -> Finding {
        BinanceDoctor.finding(
            symbol, try purse.map { try Money($0, .usdt) },
            OrderCircumstances(referencePrice: symbol.reference))
    }

    @Test("rules that are in the way of usual sizes are named, for each size")
    func binding() throws {
        let symbol = try RuleTexts.symbol()
        // A bitcoin costs 35,000 USDT, and a market order may be one at most; a limit order 90,000 USDT.
        let small = try filters(symbol, "10000")
        #expect(small.status == .ok && small.found.contains("nothing is in the way of 1 %, 10 %, 100 %"), "\(small)")
        #expect(
            small.found.hasPrefix("5 of the 20 kinds hold; the smallest order is 0.00015 BTC, 5.25 USDT"), "\(small)")
        let large = try filters(symbol, "100000")
        #expect(large.status == .ok && large.found.contains("are free: MARKET_LOT_SIZE, NOTIONAL"), "\(large)")
        let huge = try filters(symbol, "500000")
        #expect(
            huge.status == .warning
                && huge.found.contains("10 % of the 500000.00 USDT that are free: MARKET_LOT_SIZE; 100 %"), "\(huge)")
        let tiny = try filters(symbol, "100")
        #expect(
            tiny.status == .warning && tiny.found.contains("1 % of the 100.00 USDT that are free: NOTIONAL"), "\(tiny)")
        let none = try filters(symbol, "4.99")
        #expect(none.advice.contains("there is not enough for one order; 5.25 USDT at least"), "\(none)")
    }

    @Test("a kind of rule that nobody here knows is named")
    func unknownKind() throws {
        let symbol = try RuleTexts.symbol(filters: RuleTexts.filters + #",{"filterType":"MOON_PHASE","full":true}"#)
        let finding = try filters(symbol, "10000")
        #expect(finding.status == .warning && finding.found.contains("not known here: MOON_PHASE"), "\(finding)")
    }

    @Test("without a price, or without money, no more is said than is known")
    func notKnown() throws {
        #expect(try filters(RuleTexts.symbol(reference: nil), "10000").status == .warning)
        #expect(try filters(RuleTexts.symbol(), nil).found.hasSuffix("what sizes are usual is not known"))
        #expect(try filters(RuleTexts.symbol(), "0").found.hasSuffix("no USDT is free"))
    }

    @Test(
        "the far order goes as far as the band lets it, and to no order nearer than a tenth",
        arguments: [
            ("0.2", 50, "17500"), ("0.55", 40, "21000"), ("0.85", 10, "31500"), ("0.95", nil, ""),
        ] as [(String, Int?, String)])
    func distance(down: String, percent: Int?, price: String) throws {
        let symbol = try RuleTexts.symbol(down: down)
        let circumstances = OrderCircumstances(referencePrice: symbol.reference)
        switch FarOrder.plan(symbol, circumstances, number: "wick-doctor-1") {
        case .success(let far):
            let instrument = symbol.instrument
            let limit = try instrument.price(price)
            #expect(far.percentBelow == percent && far.order.terms == .limitMaker(limit) && far.order.side == .buy)
            #expect(symbol.rules.violations(of: far.order, given: circumstances).isEmpty)
            // One step less would be worth too little.
            let quantity = try #require(far.order.quantity)
            let less = instrument.notional(limit, quantity - instrument.rules.quantityStep)
            #expect(less < Money(whole: 5, .usdt) && far.worth.units >= 5 * Money.unitsPerWhole)
        case .failure(let problem): #expect(percent == nil && problem.words.contains("PERCENT_PRICE_BY_SIDE"))
        }
    }

    private func rates(_ text: String) throws -> SpotRates {
        let rate = try Ratio(fraction: text)
        return SpotRates(maker: rate, taker: rate, buyer: .zero, seller: .zero)
    }

    @Test("a discount without the coin it is paid in is told")
    func fees() throws {
        var commission = SpotCommission(
            standard: try rates("0.001"), special: try rates("0.0002"), tax: try rates("0"), discount: nil,
            discountAsset: "BNB")
        let plain = BinanceDoctor.finding(commission, "fees", [])
        #expect(plain.status == .ok && plain.found.hasPrefix("maker 0.12 %, taker 0.12 %; taken in what is traded"))
        commission.discount = try Ratio(fraction: "0.75")
        let without = BinanceDoctor.finding(commission, "fees", [])
        #expect(without.status == .warning && without.found.contains("times 0.75 while they are paid in BNB; no BNB"))
        let bnb = try #require(Currency("BNB"))
        let held = [SpotBalance(free: Money(whole: 1, bnb), locked: .zero(bnb))]
        #expect(BinanceDoctor.finding(commission, "fees", held).status == .ok)
        #expect(BinanceDoctor.finding(commission, "fees", nil).status == .ok)
    }

    @Test(
        "requests and prices of two worlds fail",
        arguments: [
            ("https://api.binance.com", "wss://stream.binance.com:9443", Finding.Status.ok),
            ("https://data-api.binance.vision", "wss://data-stream.binance.vision", .ok),
            ("https://testnet.binance.vision", "wss://stream.testnet.binance.vision", .ok),
            ("https://127.0.0.1:9443", "wss://localhost:9443", .ok), ("http://[::1]:9443", "ws://[::1]:9443", .ok),
            ("https://localhost:9443", "wss://stream.binance.com:9443", .failed),
            ("https://testnet.binance.vision", "wss://stream.binance.com:9443", .failed),
            ("https://demo-api.binance.com", "wss://stream.binance.com", .failed),
            ("https://api.binance.com.evil.example", "wss://stream.binance.com", .warning),
            ("https://apibinance.com", "wss://stream.binance.com", .warning),
        ])
    func addresses(rest: String, streams: String, status: Finding.Status) {
        let finding = Addresses.finding(rest: rest, streams: streams)
        #expect(finding.status == status, "\(finding)")
    }
}
