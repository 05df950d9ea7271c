import Market
import Testing
import Trading

@testable import Venues

@Suite("what a venue says becomes the kernel's reports without loss")
struct VenueExecutionTests {
    private let id = OrderID(rawValue: 7)
    private static let btc = Currency("BTC")!
    private static let bnb = Currency("BNB")!

    private func execution(fee: Money, _ instrument: Instrument = SpotExamples.btc) -> VenueExecution {
        VenueExecution(
            instrument: instrument, venueOrderID: "77", clientOrderID: "my-1", isExternal: false, side: .buy,
            time: Timestamp(milliseconds: 1_700_000_000_999), tradeID: 555, price: SpotExamples.price("35000"),
            quantity: SpotExamples.quantity("0.004"), fee: fee, liquidity: .maker)
    }

    private func order(
        _ state: OrderState, filled: String = "0.004", reason: OrderReason = .none
    ) -> StandingOrder {
        StandingOrder(
            instrument: SpotExamples.btc, venueID: "77", clientOrderID: "my-1", isExternal: false, side: .buy,
            type: .limit,
            status: OrderStatus(
                state: state, reason: reason, quantity: SpotExamples.quantity("0.01"),
                filled: SpotExamples.quantity(filled)), time: Timestamp(milliseconds: 1_700_000_001_000))
    }

    @Test("a fee in the quote currency stays there, to the last digit")
    func quoteFee() throws {
        let fee = Money(units: 1_400_000_000_000_001, .usdt)
        let fill = try #require(execution(fee: fee).fill())
        #expect(fill.quoteFee == fee && fill.baseFee.isZero && fill.liquidity == .maker && fill.tradeID == 555)
    }

    @Test("a rebate is below zero")
    func rebate() throws {
        let fee = try Money("-0.05", .usdt)
        #expect(execution(fee: fee).fill()?.quoteFee == fee)
    }

    @Test("a fee in the base asset takes from the position")
    func baseFee() throws {
        let fill = try #require(execution(fee: Money("0.000004", Self.btc)).fill())
        #expect(fill.baseFee == SpotExamples.quantity("0.000004") && fill.quoteFee.isZero)
    }

    @Test("what is less than the smallest quantity counts as the smallest")
    func roundedFee() throws {
        let coarse = Instrument(
            venue: "BINANCE", symbol: "BTCUSDT", base: Self.btc, quote: .usdt, priceScale: 8, quantityScale: 4,
            rules: SpotExamples.btc.rules)
        let fill = try #require(execution(fee: Money("0.00010001", Self.btc), coarse).fill())
        #expect(fill.baseFee == Quantity(mantissa: 2))
        // 0.0002 less 0.00010001.
        #expect(fill.feeExcess == 999_900_000_000)
        #expect(try #require(execution(fee: Money("0.0002", Self.btc), coarse).fill()).feeExcess == 0)
    }

    @Test("a rebate in the base asset is rounded against ourselves, too")
    func baseRebate() throws {
        let coarse = Instrument(
            venue: "BINANCE", symbol: "BTCUSDT", base: Self.btc, quote: .usdt, priceScale: 8, quantityScale: 4,
            rules: SpotExamples.btc.rules)
        let fill = try #require(execution(fee: Money("-0.00015", Self.btc), coarse).fill())
        #expect(fill.baseFee == Quantity(mantissa: -1) && fill.feeExcess == 500_000_000_000)
    }

    @Test("a fee in a third currency is booked at what it is worth, or not at all")
    func coinFee() throws {
        let fee = try Money("0.002", Self.bnb)
        let execution = execution(fee: fee)
        #expect(execution.isFeeElsewhere && execution.fill() == nil)
        let worth = try Money("1.2", .usdt)
        #expect(execution.fill { $0.fee == fee ? worth : nil }?.quoteFee == worth)
        #expect(execution.fill { _ in fee } == nil)
    }

    @Test("a receipt is an acceptance, its fills and its end")
    func receipt() throws {
        let fill = execution(fee: try Money("0.14", .usdt))
        let receipt = OrderReceipt(order: order(.expired, reason: .notFilledAtOnce), executions: [fill])
        let kinds = receipt.reports(as: id).map(\.kind)
        #expect(kinds == [.accepted, .filled(try #require(fill.fill())), .expired(.notFilledAtOnce)])
        #expect(receipt.reports(as: id).allSatisfy { $0.order == id })
    }

    @Test("a receipt whose fills are not known tells how much has filled")
    func receiptWithoutFills() {
        let order = order(.filled, filled: "0.01")
        let kinds = OrderReceipt(order: order, executions: nil).reports(as: id).map(\.kind)
        #expect(kinds == [.accepted, .status(order.status)])
    }

    @Test("a fill that can't be valued is not left out: the status tells of it")
    func unvalued() throws {
        let order = order(.partiallyFilled)
        let receipt = OrderReceipt(order: order, executions: [execution(fee: try Money("0.002", Self.bnb))])
        #expect(receipt.reports(as: id).map(\.kind) == [.accepted, .status(order.status)])
        let event = VenueOrderEvent(order: order, kind: .filled(execution(fee: try Money("0.002", Self.bnb))))
        #expect(event.report(as: id).kind == .status(order.status))
    }

    @Test("outcomes of a placement are reports")
    func outcomes() {
        typealias Outcome = RequestOutcome<OrderReceipt>
        func kinds(_ outcome: Outcome) -> [OrderReport.Kind] { outcome.reports(as: id, at: .epoch).map(\.kind) }
        #expect(kinds(.unknown(VenueDoubt("no answer"))) == [.unanswered])
        #expect(kinds(.refused(VenueRefusal(.wouldTake, code: -2010, ""))) == [.rejected(.wouldTake)])
        #expect(kinds(.refused(VenueRefusal(.filter, code: -1013, ""))) == [.rejected(.invalidTerms)])
        #expect(kinds(.denied(VenueDenial(.banned, ""))) == [.rejected(.notSent)])
        #expect(kinds(.refused(VenueRefusal(.wouldTrigger, code: -2010, ""))) == [.rejected(.overtaken)])
    }

    @Test("outcomes of a cancel are reports")
    func cancels() {
        typealias Outcome = RequestOutcome<StandingOrder>
        func kinds(_ outcome: Outcome) -> [OrderReport.Kind] { outcome.cancelReports(as: id, at: .epoch).map(\.kind) }
        let order = order(.canceled)
        #expect(kinds(.confirmed(order)) == [.status(order.status)])
        #expect(kinds(.refused(VenueRefusal(.noSuchOrder, code: -2011, ""))) == [.cancelRejected])
        #expect(kinds(.unknown(VenueDoubt("no answer"))) == [.cancelUnanswered])
    }

    @Test("outcomes of an amendment are reports")
    func amendments() {
        typealias Outcome = RequestOutcome<StandingOrder>
        func kinds(_ outcome: Outcome) -> [OrderReport.Kind] { outcome.amendReports(as: id, at: .epoch).map(\.kind) }
        let amendment = OrderAmendment(quantity: SpotExamples.quantity("0.01"))
        #expect(kinds(.confirmed(order(.accepted))) == [.amended(amendment)])
        #expect(kinds(.denied(VenueDenial(.busy, ""))) == [.amendRejected])
        #expect(kinds(.unknown(VenueDoubt("no answer"))) == [.amendUnanswered])
    }

    @Test("fates are reports")
    func fates() {
        let order = order(.accepted, filled: "0")
        let found = OrderFate.found(OrderReceipt(order: order, executions: []))
        #expect(found.reports(as: id, at: .epoch).map(\.kind) == [.accepted])
        #expect(OrderFate.absent.reports(as: id, at: .epoch).map(\.kind) == [.notFound])
        #expect(OrderFate.undecided("").reports(as: id, at: .epoch) == [])
    }
}
