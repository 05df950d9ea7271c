import Market

/// The rules of a symbol's orders, as `exchangeInfo` lists them.
///
/// Prices, quantities and notionals are in units of 10^−8.
struct SymbolFilters: Sendable, Hashable {
    var tick: Price
    var minimumPrice: Price
    var maximumPrice: Price
    var step: Quantity
    var minimumQuantity: Quantity
    var maximumQuantity: Quantity
    /// The most of one market order.
    var maximumMarketQuantity: Quantity
    var minimumNotional: Int64
    var maximumNotional: Int64 = 900_000_000_000_000
    /// How far prices may stand from the average of the last minutes, in hundredths: bids 0.2 to 5 times, asks 0.2 to 5.
    var multiplierUp: Int64 = 500
    var multiplierDown: Int64 = 20
    var averageMinutes = 5
    var icebergParts = 50
    var maximumOrders = 200
    var maximumAlgoOrders = 5
    var maximumIcebergOrders = 10
    var maximumOrderLists = 20
    var maximumAmends = 10
    /// Trailing deltas in basis points.
    var trailingDelta: ClosedRange<Int64> = 10...2_000
    /// The most of the base asset that an account may hold or be about to buy; zero: any amount.
    var maximumPosition = Quantity.zero

    /// The rules that go with an instrument's.
    init(_ rules: InstrumentRules) {
        tick = rules.tick
        minimumPrice = rules.tick
        maximumPrice = Price(mantissa: rules.tick.mantissa * 100_000_000)
        step = rules.quantityStep
        minimumQuantity = rules.minimumQuantity
        maximumQuantity = rules.maximumQuantity
        let tenth = Quantity(mantissa: rules.maximumQuantity.mantissa / 10).rounded(toStep: rules.quantityStep, .down)
        maximumMarketQuantity = rules.maximumMarketQuantity.isZero ? tenth : rules.maximumMarketQuantity
        minimumNotional = rules.minimumNotional
    }

    /// The list as `exchangeInfo` writes it.
    var json: JSONValue {
        func filter(_ type: String, _ build: (inout JSONMembers) -> Void) -> JSONValue {
            .object {
                $0.add("filterType", type)
                build(&$0)
            }
        }
        var filters: [JSONValue] = []
        filters.append(
            filter("PRICE_FILTER") {
                $0.add("minPrice", minimumPrice.text)
                $0.add("maxPrice", maximumPrice.text)
                $0.add("tickSize", tick.text)
            })
        filters.append(
            filter("LOT_SIZE") {
                $0.add("minQty", minimumQuantity.text)
                $0.add("maxQty", maximumQuantity.text)
                $0.add("stepSize", step.text)
            })
        filters.append(filter("ICEBERG_PARTS") { $0.add("limit", icebergParts) })
        filters.append(
            filter("MARKET_LOT_SIZE") {
                $0.add("minQty", Quantity.zero.text)
                $0.add("maxQty", maximumMarketQuantity.text)
                $0.add("stepSize", Quantity.zero.text)
            })
        filters.append(
            filter("TRAILING_DELTA") {
                $0.add("minTrailingAboveDelta", trailingDelta.lowerBound)
                $0.add("maxTrailingAboveDelta", trailingDelta.upperBound)
                $0.add("minTrailingBelowDelta", trailingDelta.lowerBound)
                $0.add("maxTrailingBelowDelta", trailingDelta.upperBound)
            })
        filters.append(
            filter("PERCENT_PRICE_BY_SIDE") {
                let up = DecimalText.text(Int128(multiplierUp), scale: 2)
                let down = DecimalText.text(Int128(multiplierDown), scale: 2)
                $0.add("bidMultiplierUp", up)
                $0.add("bidMultiplierDown", down)
                $0.add("askMultiplierUp", up)
                $0.add("askMultiplierDown", down)
                $0.add("avgPriceMins", averageMinutes)
            })
        filters.append(
            filter("NOTIONAL") {
                $0.add("minNotional", Price(mantissa: minimumNotional).text)
                $0.add("applyMinToMarket", true)
                $0.add("maxNotional", Price(mantissa: maximumNotional).text)
                $0.add("applyMaxToMarket", false)
                $0.add("avgPriceMins", averageMinutes)
            })
        filters.append(filter("MAX_NUM_ORDERS") { $0.add("maxNumOrders", maximumOrders) })
        filters.append(filter("MAX_NUM_ORDER_LISTS") { $0.add("maxNumOrderLists", maximumOrderLists) })
        filters.append(filter("MAX_NUM_ALGO_ORDERS") { $0.add("maxNumAlgoOrders", maximumAlgoOrders) })
        filters.append(filter("MAX_NUM_ICEBERG_ORDERS") { $0.add("maxNumIcebergOrders", maximumIcebergOrders) })
        filters.append(filter("MAX_NUM_ORDER_AMENDS") { $0.add("maxNumOrderAmends", maximumAmends) })
        if !maximumPosition.isZero {
            filters.append(filter("MAX_POSITION") { $0.add("maxPosition", maximumPosition.text) })
        }
        return .array(filters)
    }
}

extension Price {
    /// The price with the eight decimals that the venue writes.
    var text: String { DecimalText.text(Int128(mantissa), scale: 8, minimumDecimals: 8) }
}

extension Quantity {
    /// The quantity with the eight decimals that the venue writes.
    var text: String { DecimalText.text(Int128(mantissa), scale: 8, minimumDecimals: 8) }
}

/// Writes a notional in units of 10^−16 with the eight decimals of the venue, the rest cut off.
func notionalText(_ units: Int128) -> String {
    DecimalText.text(units.divided(by: 100_000_000, rounding: .down), scale: 8, minimumDecimals: 8)
}
