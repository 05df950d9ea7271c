public import Market

/// The checks of an order against its own terms and its instrument's rules: the one place they are written, called by
/// the risk gate before an order leaves and by the simulated venue when it arrives.
///
/// Nothing here rounds: an order that is off the grid is refused, never moved. No check makes an exception for orders
/// that close a position: a remainder below the venue's smallest order can't be sold on the venue either.
public enum InstrumentValidation {
    /// The largest notional that anything is computed with: 10^20 of the quote currency, in `Money.units`. It leaves
    /// fees and sums of positions far from the end of 128 bits.
    private static var largestNotional: Int128 { Money.unitsPerWhole * Money.unitsPerWhole * 10_000 }

    /// Whether the terms fit together: positive prices where the type needs them and none where it doesn't, a positive
    /// quantity or an amount to spend (market orders that are not reduce-only, in the quote currency; sales only of what
    /// may be sold short), and no contradiction between post-only
    /// and a time in force that takes. A notional beyond 10^20 is refused here too, so that no later product overflows:
    /// run this before anything that multiplies.
    ///
    /// - Parameter reference: the last price known, for the notional of orders without a price of their own.
    public static func terms(_ request: OrderRequest, _ instrument: Instrument, reference: Price?) -> CheckOutcome {
        var fits = request.type.hasLimit == (request.limitPrice != nil)
        // A trailing stop may begin to follow at once.
        let isTrailing = request.type == .trailingStop
        fits = fits && (isTrailing || request.type.hasTrigger == (request.triggerPrice != nil))
        fits = fits && isTrailing == (request.trailing != nil)
        fits = fits && request.trailing.map(OrderRequest.trailingRange.contains) ?? true
        fits = fits && (request.limitPrice?.mantissa ?? 1) > 0 && (request.triggerPrice?.mantissa ?? 1) > 0
        if let spend = request.spend {
            fits = fits && request.type == .market && !request.isReduceOnly
            fits = fits && (request.side == .buy || instrument.kind.allowsShort)
            fits = fits && spend.currency == instrument.quote && spend.units > 0 && request.quantity.isZero
        } else {
            fits = fits && request.quantity.mantissa > 0
        }
        if request.isPostOnly {
            fits = fits && request.type.hasLimit && request.timeInForce == .goodTilCancelled
        }
        fits = fits && isComputable(request.limitPrice, request.quantity, instrument)
        fits = fits && isComputable(request.triggerPrice, request.quantity, instrument)
        fits = fits && isComputable(reference, request.quantity, instrument)
        if let spend = request.spend { fits = fits && spend.units <= largestNotional }
        return CheckOutcome(.terms, isPassed: fits)
    }

    /// Appends the outcome of each instrument rule that applies to the order: tick, quantity step, smallest and largest
    /// quantity, smallest notional, price band. A rule that the instrument does not have is not listed.
    ///
    /// An amount to spend is held against the smallest notional; its quantity is checked when the venue knows it, by
    /// `check(quantity:price:type:_:into:)`.
    ///
    /// - Parameter reference: the last price known; `nil` leaves out the checks that need one (the notional of a market
    ///   order, the price band).
    public static func check(
        _ request: OrderRequest, _ instrument: Instrument, reference: Price?, into outcomes: inout [CheckOutcome]
    ) {
        if request.limitPrice != nil || request.triggerPrice != nil {
            outcomes.append(tick(request, instrument))
        }
        if let spend = request.spend {
            if instrument.rules.minimumNotional > 0 {
                outcomes.append(notional(spend.units, instrument))
            }
        } else {
            check(
                quantity: request.quantity, price: request.smallestPrice(at: reference),
                type: request.type, instrument, into: &outcomes)
        }
        if instrument.rules.priceBand.units > 0, let limit = request.limitPrice, let reference {
            outcomes.append(band(.priceBand, limit, reference, allowed: instrument.rules.priceBand))
        }
    }

    /// The outcomes of `check(_:_:reference:into:)` as a list.
    public static func check(_ request: OrderRequest, _ instrument: Instrument, reference: Price?) -> [CheckOutcome] {
        var outcomes: [CheckOutcome] = []
        check(request, instrument, reference: reference, into: &outcomes)
        return outcomes
    }

    /// Appends the outcomes of the rules about an order's quantity: step, smallest, largest, and the notional at
    /// `price` where one is known.
    public static func check(
        quantity: Quantity, price: Price?, type: OrderType, _ instrument: Instrument,
        into outcomes: inout [CheckOutcome]
    ) {
        let rules = instrument.rules
        let unit = CheckOutcome.Unit.quantity(scale: instrument.quantityScale)
        let amount = Int128(quantity.mantissa)
        let step = instrument.quantityStep(of: type)
        outcomes.append(
            CheckOutcome(
                .quantityStep, isPassed: quantity.mantissa % step.mantissa == 0, value: amount,
                limit: Int128(step.mantissa), unit: unit))
        if rules.minimumQuantity.mantissa > 0 {
            outcomes.append(
                CheckOutcome(
                    .minimumQuantity, isPassed: quantity >= rules.minimumQuantity, value: amount,
                    limit: Int128(rules.minimumQuantity.mantissa), unit: unit))
        }
        let largest = instrument.largestQuantity(of: type)
        if largest.mantissa > 0 {
            outcomes.append(
                CheckOutcome(
                    .maximumQuantity, isPassed: quantity <= largest, value: amount, limit: Int128(largest.mantissa),
                    unit: unit))
        }
        if rules.minimumNotional > 0, let price {
            outcomes.append(notional(instrument.notional(price, quantity).units, instrument))
        }
    }

    /// How far `price` stands from `reference`, as a share of it rounded up, against the share that is allowed.
    ///
    /// - Precondition: the reference is positive.
    public static func band(
        _ check: RiskCheck, _ price: Price, _ reference: Price, allowed: Ratio
    ) -> CheckOutcome {
        let distance = Int128((price - reference).mantissa.magnitude) * Int128(Ratio.one.units)
        let share = distance.divided(by: Int128(reference.mantissa), rounding: .up)
        return CheckOutcome(
            check, isPassed: share <= Int128(allowed.units), value: share, limit: Int128(allowed.units), unit: .ratio)
    }

    /// Whether limit and trigger price are on the tick; the value shown is the first that is not.
    private static func tick(_ request: OrderRequest, _ instrument: Instrument) -> CheckOutcome {
        let tick = instrument.rules.tick.mantissa
        func isOff(_ price: Price?) -> Bool { price.map { $0.mantissa % tick != 0 } ?? false }
        let shown =
            isOff(request.limitPrice) ? request.limitPrice : request.triggerPrice ?? request.limitPrice
        return CheckOutcome(
            .tick, isPassed: !isOff(shown), value: Int128(shown?.mantissa ?? 0), limit: Int128(tick),
            unit: .price(scale: instrument.priceScale))
    }

    private static func isComputable(_ price: Price?, _ quantity: Quantity, _ instrument: Instrument) -> Bool {
        // Nothing overflows without a price, nor without a quantity.
        guard let price, !quantity.isZero else { return true }
        let product = Int128(price.mantissa) * Int128(quantity.mantissa)
        return product <= largestNotional / instrument.notionalFactor
    }

    private static func notional(_ units: Int128, _ instrument: Instrument) -> CheckOutcome {
        // The rule is in units of 10^−8, money in units of 10^−16.
        let smallest = Int128(instrument.rules.minimumNotional) * 100_000_000
        return CheckOutcome(.minimumNotional, isPassed: units >= smallest, value: units, limit: smallest, unit: .money)
    }
}

extension Instrument {
    /// The step that an order's quantity keeps to: the market step, where there is one, for orders that fill at market
    /// prices (market, stop, take-profit, trailing stop), otherwise the quantity step.
    @inlinable @inline(__always)
    public func quantityStep(of type: OrderType) -> Quantity {
        rules.marketQuantityStep.mantissa > 0 && !type.hasLimit ? rules.marketQuantityStep : rules.quantityStep
    }

    /// The largest quantity of an order; zero: any. What is sent to trade at the market is bound more closely by some venues;
    /// a stop, which comes to that later, is not.
    @inlinable @inline(__always)
    public func largestQuantity(of type: OrderType) -> Quantity {
        guard type == .market, rules.maximumMarketQuantity.mantissa > 0 else { return rules.maximumQuantity }
        guard rules.maximumQuantity.mantissa > 0 else { return rules.maximumMarketQuantity }
        return min(rules.maximumMarketQuantity, rules.maximumQuantity)
    }

    /// A quantity, or the largest of an order where it is beyond that.
    @inlinable @inline(__always)
    public func bounded(_ quantity: Quantity, for type: OrderType) -> Quantity {
        let largest = largestQuantity(of: type)
        return largest.mantissa > 0 ? min(quantity, largest) : quantity
    }
}
