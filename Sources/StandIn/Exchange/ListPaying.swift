import Market

/// Lists in which one order pays for the others: what it buys stays locked until they sell it.
extension Exchange {
    /// Keeps what a fill of the first order brings for the later ones.
    ///
    /// Its commission comes out of what is free beside it, so that the whole of it is there to be sold; out of itself
    /// where that is too little, and always out of itself when it buys BNB.
    func reserve(_ received: Int128, _ asset: Currency, _ commission: Int128, _ paidIn: Currency, _ list: OrderList) {
        let account = accounts[list.account]
        let isOwn = paidIn == asset && (asset.code == "BNB" || account[asset].free < commission)
        let kept = isOwn ? received - commission : received
        account.change(asset, locked: kept)
        if !isOwn { account.change(paidIn, free: -commission) }
        list.reserved += kept
    }

    /// Gives back what was kept for the later orders of a list.
    ///
    /// - Returns: how much, in units of 10^−16 of the base currency.
    func release(_ list: OrderList) -> Int128 {
        let amount = list.reserved
        guard amount > 0 else { return 0 }
        accounts[list.account].change(markets[list.market].instrument.base, free: amount, locked: -amount)
        list.reserved = 0
        return amount
    }

    /// Gives the later orders of a list what the first has bought, as far as the rules of lots let it be sold at once.
    /// Those whose other rules break on it end.
    func pay(_ list: OrderList) {
        let filters = markets[list.market].filters
        var quantity = Quantity(mantissa: Int64(clamping: release(list) / 100_000_000))
        quantity = min(quantity, filters.maximumQuantity)
        if list.pending.contains(where: { $0.type == .market }) {
            quantity = min(quantity, filters.maximumMarketQuantity)
        }
        quantity = quantity.rounded(toStep: filters.step, .down)
        for order in list.pending where order.status == .new {
            order.quantity = quantity
            var terms = order.terms
            terms.quantity = quantity
            let isSound =
                (try? checkQuantities(terms, filters)) != nil && (try? checkNotional(terms, list.market)) != nil
            if quantity.mantissa <= 0 || !isSound { end(order, .expired, reason: "REJECTED") }
        }
    }
}
