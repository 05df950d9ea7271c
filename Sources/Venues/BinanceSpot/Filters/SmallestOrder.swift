public import Market

extension SymbolRules {
    /// The smallest quantity of a limit order at a price that no rule about sizes objects to; `nil` when there is none.
    ///
    /// - Parameters:
    ///   - price: the limit, above zero.
    ///   - instrument: what is traded.
    public func smallestQuantity(at price: Price, of instrument: Instrument) -> Quantity? {
        precondition(price.mantissa > 0, "an order has a price")
        let unit = Int128(DecimalText.powerOfTen(WireDecimal.scale - instrument.quantityScale))
        let step = filters.lot?.step ?? unit
        // A step finer than the instrument keeps can't be met by all its multiples; its own finest number can.
        let grid = step % unit == 0 ? step / unit : 1
        let worth = Int128(price.mantissa) * instrument.notionalFactor
        let ofWorth = (filters.notional?.minimum ?? 0).divided(by: worth, rounding: .ceiling)
        let ofLot = (filters.lot?.minimum ?? unit).divided(by: unit, rounding: .ceiling)
        let needed = max(ofWorth, ofLot).divided(by: grid, rounding: .ceiling) * grid
        guard needed > 0, let mantissa = Int64(exactly: needed) else { return nil }
        let quantity = Quantity(mantissa: mantissa)
        let isAllowed =
            OrderJudge.gridProblem(OrderJudge.units(quantity, instrument), filters.lot, "") == nil
            && (filters.notional?.maximum.map { instrument.notional(price, quantity).units <= $0 } ?? true)
        return isAllowed ? quantity : nil
    }
}

extension SymbolFilters {
    /// The venue's names of the twenty kinds of rules, in the order of its page.
    public static let knownKinds = [
        "PRICE_FILTER", "PERCENT_PRICE", "PERCENT_PRICE_BY_SIDE", "LOT_SIZE", "MIN_NOTIONAL", "NOTIONAL",
        "ICEBERG_PARTS", "MARKET_LOT_SIZE", "MAX_NUM_ORDERS", "MAX_NUM_ALGO_ORDERS", "MAX_NUM_ICEBERG_ORDERS",
        "MAX_POSITION", "TRAILING_DELTA", "MAX_NUM_ORDER_AMENDS", "MAX_NUM_ORDER_LISTS", "EXCHANGE_MAX_NUM_ORDERS",
        "EXCHANGE_MAX_NUM_ALGO_ORDERS", "EXCHANGE_MAX_NUM_ICEBERG_ORDERS", "EXCHANGE_MAX_NUM_ORDER_LISTS", "MAX_ASSET",
    ]

    /// The kinds of rules that hold, by the venue's names and in the order of its page; one whose bounds are all off is
    /// not among them.
    public var kinds: [String] {
        func isOn(_ grid: Grid?) -> Bool { grid.map { $0 != Grid() } ?? false }
        let holding: [String: Bool] = [
            "PRICE_FILTER": isOn(price), "LOT_SIZE": isOn(lot), "MARKET_LOT_SIZE": isOn(marketLot),
            bandKind: buyBand != nil || sellBand != nil,
            notional?.kind ?? "NOTIONAL": notional?.minimum != nil || notional?.maximum != nil,
            "ICEBERG_PARTS": icebergParts != nil, "MAX_NUM_ORDERS": symbolCounts.orders != nil,
            "MAX_NUM_ALGO_ORDERS": symbolCounts.triggered != nil,
            "MAX_NUM_ICEBERG_ORDERS": symbolCounts.icebergs != nil, "MAX_NUM_ORDER_LISTS": symbolCounts.lists != nil,
            "MAX_NUM_ORDER_AMENDS": amendments != nil, "MAX_POSITION": position != nil,
            "TRAILING_DELTA": trailingAbove != nil || trailingBelow != nil, "MAX_ASSET": !assets.isEmpty,
            "EXCHANGE_MAX_NUM_ORDERS": accountCounts.orders != nil,
            "EXCHANGE_MAX_NUM_ALGO_ORDERS": accountCounts.triggered != nil,
            "EXCHANGE_MAX_NUM_ICEBERG_ORDERS": accountCounts.icebergs != nil,
            "EXCHANGE_MAX_NUM_ORDER_LISTS": accountCounts.lists != nil,
        ]
        return SymbolFilters.knownKinds.filter { holding[$0] == true }
    }
}
