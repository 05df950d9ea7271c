public import Market
public import Venues

/// An order that is placed only to be cancelled: a post-only buy, so far below the market that it does not fill, and as
/// small as the rules let it be.
public struct FarOrder: Sendable, Hashable {
    /// The order.
    public var order: NewSpotOrder
    /// How far below the market its price is, in percent.
    public var percentBelow: Int
    /// What it locks while it is open.
    public var worth: Money

    /// The beginning of the numbers of all such orders: one that a killed process left behind is known by it.
    static let prefix = "wick-doctor-"

    /// It in words.
    public var words: String {
        let instrument = order.instrument
        let price = order.terms.price.map(instrument.text) ?? "the market"
        let quantity = order.quantity.map(instrument.text) ?? ""
        return "a post-only buy of \(quantity) \(instrument.base.code) at \(price), \(percentBelow) % below the market "
            + "(\(BinanceDoctor.words(worth)))"
    }

    /// The order that fits a symbol's rules, as far below the market as they let it be; or why there is none.
    ///
    /// - Parameter number: the client order number.
    static func plan(
        _ symbol: ExaminedSymbol, _ circumstances: OrderCircumstances, number: String
    ) -> Result<FarOrder, NoOrder> {
        guard let reference = symbol.reference else { return .failure(NoOrder(words: "its price is not known")) }
        let instrument = symbol.instrument
        var objections: [RuleViolation] = []
        for percent in [50, 40, 30, 20, 10] {
            let price = reference.moved(by: .percent(-percent), rounding: .floor)
                .rounded(toTick: instrument.rules.tick, .down)
            guard price.mantissa > 0, let quantity = symbol.rules.smallestQuantity(at: price, of: instrument) else {
                continue
            }
            let order = NewSpotOrder(instrument, .buy, .quantity(quantity), .limitMaker(price), clientOrderID: number)
            objections = symbol.rules.violations(of: order, given: circumstances)
            if objections.isEmpty {
                return .success(
                    FarOrder(order: order, percentBelow: percent, worth: instrument.notional(price, quantity)))
            }
        }
        let words = objections.map(\.description).joined(separator: "; ")
        return .failure(NoOrder(words: words.isEmpty ? "no size fits its rules" : words))
    }

    /// Why no order can be placed.
    struct NoOrder: Error, Hashable {
        var words: String
    }
}
