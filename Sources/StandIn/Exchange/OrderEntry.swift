import Market

/// Takes orders in.
extension Exchange {
    /// Checks an order as if it were placed.
    func test(_ terms: OrderTerms, _ index: Int, _ account: Account) throws(APIError) {
        try checkState(index, account)
        try checkFilters(terms, index, account)
    }

    private func checkState(_ index: Int, _ account: Account) throws(APIError) {
        guard markets[index].status == "TRADING" else { throw .rejected("Market is closed.") }
        guard account.canTrade else { throw .rejected("This action is disabled on this account.") }
    }

    /// An order that passed every check but is not at the market yet; nothing is locked for it.
    ///
    /// - Parameters:
    ///   - others: those of its list that were admitted before it.
    ///   - isLater: it waits for another order of its list, so that today's prices say nothing about it.
    func admit(
        _ terms: OrderTerms, _ index: Int, _ account: Account, with others: [OrderTerms] = [], isLater: Bool = false
    ) throws(APIError) -> Order {
        try checkState(index, account)
        try checkFilters(terms, index, account, with: others)
        var terms = terms
        if terms.clientID.isEmpty {
            terms.clientID = names.name(22)
        } else if open(account, index).contains(where: { $0.clientID == terms.clientID }) {
            throw .rejected("Duplicate order sent.")
        }
        if terms.quoteQuantity > 0 { try checkLiquidity(terms.side, index) }
        let order = Order(id: nextOrderID, account: account.id, market: index, terms: terms, time: serverTime)
        guard !isLater else {
            order.status = .pendingNew
            return order
        }
        guard !wouldTrigger(terms, index) else { throw .wouldTrigger }
        guard terms.type != .limitMaker || !wouldTake(order) else { throw .wouldMatch }
        return order
    }

    /// Throws when there is not as much on the other side as an amount to spend could at least buy.
    private func checkLiquidity(_ side: Side, _ index: Int) throws(APIError) {
        let opposite = side == .buy ? Side.sell : .buy
        let levels = markets[index].liquidity.levels(opposite).map(\.quantity)
        let total = (levels + resting(opposite, index).map(\.remaining)).reduce(Quantity.zero, +)
        guard !total.isZero else {
            throw .rejected("Order book liquidity is less than symbol minimum quantity.")
        }
        guard total >= markets[index].filters.minimumQuantity else {
            throw .rejected("Order book liquidity is less than LOT_SIZE filter minimum quantity.")
        }
    }

    /// Throws unless an account can pay for an order.
    func checkBalance(_ order: Order) throws(APIError) {
        let free = accounts[order.account][paying(order)].free
        var need = needed(order)
        if order.type == .market {
            if order.terms.quoteQuantity > 0 {
                let amount = Int128(order.terms.quoteQuantity) * 100_000_000
                // An amount to bring in is paid with as much as that takes at the last price.
                need =
                    order.side == .buy
                    ? amount : amount / Int128(max(1, markets[order.market].lastPrice.mantissa)) * 100_000_000
            } else {
                need =
                    order.side == .buy
                    ? cost(of: order.quantity, .buy, order.market) : Int128(order.quantity.mantissa) * 100_000_000
            }
        }
        guard free >= need else { throw .insufficientBalance }
    }

    /// Numbers and keeps an order.
    func keep(_ order: Order) {
        nextOrderID = max(nextOrderID, order.id) + 1
        accounts[order.account].keep(order, capacity: limits.remembered)
        working[order.market].append(order)
    }

    /// Brings an admitted and paid order to the market, or lets it wait for its price.
    func enter(_ order: Order) {
        keep(order)
        relock(order)
        begin(order)
    }

    /// Tells that an order is there, and lets it work.
    func begin(_ order: Order) {
        let isAtOnce = !order.type.isContingent
        if isAtOnce { order.workingTime = serverTime }
        report(order, "NEW")
        tellBalances(accounts[order.account])
        if isAtOnce {
            work(order)
        } else if order.terms.trailingDelta > 0, order.terms.stopPrice.mantissa == 0 {
            order.trailingExtreme = markets[order.market].lastPrice
            order.trailingTime = serverTime
        }
    }
}
