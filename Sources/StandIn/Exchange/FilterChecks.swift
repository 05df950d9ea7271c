import Market

/// Holds orders against the rules of their symbol.
extension Exchange {
    /// Throws the first rule that an order breaks, in the order in which the venue names them.
    ///
    /// - Parameter others: what comes with it in the same list and is open with it, though not yet kept.
    func checkFilters(
        _ terms: OrderTerms, _ index: Int, _ account: Account, with others: [OrderTerms] = []
    ) throws(APIError) {
        let filters = markets[index].filters
        for price in [terms.price, terms.stopPrice] where price.mantissa > 0 {
            guard price >= filters.minimumPrice, price <= filters.maximumPrice,
                price.mantissa % filters.tick.mantissa == 0
            else { throw .filter("PRICE_FILTER") }
        }
        try checkBand(terms, index)
        try checkQuantities(terms, filters)
        try checkNotional(terms, index)
        if terms.trailingDelta > 0, !filters.trailingDelta.contains(terms.trailingDelta) {
            throw .filter("TRAILING_DELTA")
        }
        let open = open(account, index)
        let counted = open.map(\.terms) + others
        guard counted.count < filters.maximumOrders else { throw .filter("MAX_NUM_ORDERS") }
        if terms.type.isContingent, counted.count(where: \.type.isContingent) >= filters.maximumAlgoOrders {
            throw .filter("MAX_NUM_ALGO_ORDERS")
        }
        if !terms.icebergQuantity.isZero,
            counted.count(where: { !$0.icebergQuantity.isZero }) >= filters.maximumIcebergOrders
        {
            throw .filter("MAX_NUM_ICEBERG_ORDERS")
        }
        if terms.side == .buy, !filters.maximumPosition.isZero {
            let balance = account[markets[index].instrument.base]
            let held = Int64(clamping: (balance.free + balance.locked) / 100_000_000)
            let buying = open.filter { $0.side == .buy }.reduce(Int64(0)) { $0 + $1.remaining.mantissa }
            guard held + buying + terms.quantity.mantissa <= filters.maximumPosition.mantissa else {
                throw .filter("MAX_POSITION")
            }
        }
    }

    private func checkBand(_ terms: OrderTerms, _ index: Int) throws(APIError) {
        guard terms.type.hasLimit else { return }
        let market = markets[index]
        let average = Int128(market.averagePrice.mantissa)
        let price = Int128(terms.price.mantissa) * 100
        guard price <= average * Int128(market.filters.multiplierUp),
            price >= average * Int128(market.filters.multiplierDown)
        else { throw .filter("PERCENT_PRICE_BY_SIDE") }
    }

    func checkQuantities(_ terms: OrderTerms, _ filters: SymbolFilters) throws(APIError) {
        for quantity in [terms.quantity, terms.icebergQuantity] where quantity.mantissa > 0 {
            guard quantity >= filters.minimumQuantity, quantity <= filters.maximumQuantity,
                quantity.mantissa % filters.step.mantissa == 0
            else { throw .filter("LOT_SIZE") }
        }
        if terms.type == .market, terms.quantity > filters.maximumMarketQuantity { throw .filter("MARKET_LOT_SIZE") }
        if !terms.icebergQuantity.isZero {
            let part = terms.icebergQuantity.mantissa
            guard (terms.quantity.mantissa + part - 1) / part <= filters.icebergParts else {
                throw .filter("ICEBERG_PARTS")
            }
        }
    }

    func checkNotional(_ terms: OrderTerms, _ index: Int) throws(APIError) {
        // How much it will be is not known of what another order pays for.
        guard terms.quantity.mantissa > 0 || terms.quoteQuantity > 0 else { return }
        let filters = markets[index].filters
        let isAtMarket = !terms.type.hasLimit
        let notional: Int128
        if terms.quoteQuantity > 0 {
            notional = Int128(terms.quoteQuantity) * 100_000_000
        } else {
            let price = isAtMarket ? markets[index].averagePrice : terms.price
            notional = Int128(price.mantissa) * Int128(terms.quantity.mantissa)
        }
        guard notional >= Int128(filters.minimumNotional) * 100_000_000 else { throw .filter("NOTIONAL") }
        guard isAtMarket || notional <= Int128(filters.maximumNotional) * 100_000_000 else { throw .filter("NOTIONAL") }
    }
}
