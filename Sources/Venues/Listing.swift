public import Market

/// What a venue says of a symbol: what it is, and the rules of its orders as the decimals that the venue writes.
public struct Listing: Sendable, Hashable {
    /// The venue's name in capitals.
    public var venue: String
    /// The venue's symbol in capitals.
    public var symbol: String
    /// What is traded.
    public var base: Currency
    /// What it is priced in.
    public var quote: Currency
    /// The venue's clock when it said so.
    public var serverTime: Timestamp
    /// Prices are multiples of this; empty for no such rule.
    var tick = ""
    /// Quantities are multiples of this; empty for no such rule.
    var quantityStep = ""
    /// Market orders' quantities are multiples of this; empty: as `quantityStep`.
    var marketQuantityStep = ""
    /// The smallest quantity of an order.
    var minimumQuantity = ""
    /// The largest quantity of an order.
    var maximumQuantity = ""
    /// The largest quantity of an order at the market; empty: as `maximumQuantity`.
    var maximumMarketQuantity = ""
    /// The smallest notional of an order.
    var minimumNotional = ""

    init(venue: String, symbol: String, base: Currency, quote: Currency, serverTime: Timestamp) {
        self.venue = venue
        self.symbol = symbol
        self.base = base
        self.quote = quote
        self.serverTime = serverTime
    }

    /// The decimals that prices and quantities are kept with where nothing is stored yet: eight and eight, as imports
    /// choose, or more for prices and fewer for quantities where a coin is so cheap that it trades in whole units by the
    /// billion. Sixteen together, so that every notional is exact.
    public var usualScales: (price: Int, quantity: Int) {
        let priceDecimals = Listing.decimals(tick) ?? 8
        guard let decimals = Listing.decimals(quantityStep), decimals <= 2 else { return (8, 8) }
        return decimals == 0 && priceDecimals >= 7 ? (14, 2) : (12, 4)
    }

    /// The instrument, its numbers kept with the given decimals.
    ///
    /// - Throws: `VenueError` of the kind `malformed` when a rule is no number or does not fit the decimals.
    public func instrument(priceScale: Int, quantityScale: Int) throws(VenueError) -> Instrument {
        let tick = try mantissa("tick size", tick, priceScale)
        let step = try mantissa("step size", quantityStep, quantityScale)
        return Instrument(
            venue: venue, symbol: symbol, base: base, quote: quote, priceScale: priceScale,
            quantityScale: quantityScale,
            rules: InstrumentRules(
                // A rule that is off leaves the finest number there is.
                tick: Price(mantissa: max(tick, 1)), quantityStep: Quantity(mantissa: max(step, 1)),
                marketQuantityStep: Quantity(
                    mantissa: try mantissa("market step size", marketQuantityStep, quantityScale)),
                minimumQuantity: Quantity(mantissa: try mantissa("smallest quantity", minimumQuantity, quantityScale)),
                maximumQuantity: Quantity(mantissa: try limit("largest quantity", maximumQuantity, quantityScale)),
                maximumMarketQuantity: Quantity(
                    mantissa: try limit("largest market quantity", maximumMarketQuantity, quantityScale)),
                minimumNotional: try mantissa("smallest notional", minimumNotional, 8)))
    }

    private func mantissa(_ what: String, _ text: String, _ scale: Int) throws(VenueError) -> Int64 {
        if text.isEmpty { return 0 }
        do throws(DecimalTextError) {
            let value = try DecimalText.mantissa(text, scale: scale)
            if value >= 0 { return value }
        } catch {
            throw malformed("\(what) \(error)")
        }
        throw malformed("\(what) '\(text)' is below zero")
    }

    /// A limit too large for the scale is none. One with more decimals is rounded down: venues reckon the largest market order
    /// from what was traded, with more decimals than any order has.
    private func limit(_ what: String, _ text: String, _ scale: Int) throws(VenueError) -> Int64 {
        do throws(DecimalTextError) {
            return try DecimalText.mantissa(text.isEmpty ? "0" : text, scale: scale, rounding: .down)
        } catch {
            if case .outOfRange = error { return 0 }
            throw malformed("\(what) \(error)")
        }
    }

    private func malformed(_ what: String) -> VenueError {
        VenueError(.malformed, "\(venue):\(symbol)", "a rule of the venue can't be taken: \(what)")
    }

    /// How many decimals a step has; `nil` for no step.
    private static func decimals(_ step: String) -> Int? {
        let parts = step.split(separator: ".", omittingEmptySubsequences: false)
        guard step.contains(where: { ("1"..."9").contains($0) }) else { return nil }
        guard parts.count == 2 else { return 0 }
        return parts[1].lastIndex { $0 != "0" }.map { parts[1].distance(from: parts[1].startIndex, to: $0) + 1 } ?? 0
    }
}
