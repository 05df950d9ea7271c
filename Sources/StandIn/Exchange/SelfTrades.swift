import Market

/// A match of two orders of one account that did not become a trade.
struct PreventedMatch: Sendable, Hashable {
    var id: Int64
    /// The place of the symbol.
    var market: Int
    /// The numbers of the order that came and of the one that was there.
    var taker: Int64
    var maker: Int64
    var mode: SelfTradePrevention
    var price: Price
    /// What would have traded.
    var quantity: Quantity
    /// What each of the two can't fill any more; `nil` for one that goes on as if nothing had been.
    var takerPrevented: Quantity?
    var makerPrevented: Quantity?
    /// In milliseconds.
    var time: Int64

    /// The order on the other side from one of the two.
    func counterpart(of order: Int64) -> Int64 { order == taker ? maker : taker }

    /// What one of the two can't fill any more.
    func prevented(of order: Int64) -> Quantity { (order == taker ? takerPrevented : makerPrevented) ?? .zero }
}

/// Accounts don't trade with themselves, unless an order says that it may.
extension Exchange {
    /// Whether an order that takes must not trade with one that rests. The taker's mode says so.
    func isPrevented(_ taker: Order, _ maker: Order) -> Bool {
        taker.account == maker.account && taker.terms.prevention != .none
    }

    /// Prevents a match. The modes that expire an order expire all that is left of it; DECREMENT takes from both what they
    /// would have traded, so that the larger one stays.
    ///
    /// - Parameters:
    ///   - quantity: what would have traded.
    ///   - reach: what the taker could still fill at this price.
    func prevent(_ taker: Order, _ maker: Order, _ quantity: Quantity, reach: Quantity) {
        var match = PreventedMatch(
            id: nextPreventedMatchID, market: taker.market, taker: taker.id, maker: maker.id,
            mode: taker.terms.prevention, price: maker.price, quantity: quantity, time: serverTime)
        nextPreventedMatchID += 1
        let takerRest = taker.terms.quoteQuantity > 0 ? reach : taker.remaining
        switch match.mode {
        case .none: return
        case .expireMaker: match.makerPrevented = maker.remaining
        case .expireTaker: match.takerPrevented = takerRest
        case .expireBoth: (match.takerPrevented, match.makerPrevented) = (takerRest, maker.remaining)
        case .decrement: (match.takerPrevented, match.makerPrevented) = (quantity, quantity)
        }
        taker.preventedMatches.append(match)
        accounts[taker.account].keep(match, capacity: limits.remembered)
        if let prevented = match.makerPrevented { reduce(maker, match, prevented) }
        if let prevented = match.takerPrevented { reduce(taker, match, prevented) }
    }

    private func reduce(_ order: Order, _ match: PreventedMatch, _ prevented: Quantity) {
        order.prevented = order.prevented + prevented
        order.lastPrevention = match
        if order.terms.quoteQuantity > 0 {
            order.quantity = order.executed + order.prevented
            order.preventedQuote += Int128(match.price.mantissa) * Int128(prevented.mantissa)
        }
        guard match.mode == .decrement, !isComplete(order, at: match.price) else {
            return end(order, .expiredInMatch, reason: nil, execution: "TRADE_PREVENTION")
        }
        order.updated = serverTime
        relock(order)
        // Where the other of a pair holds the lock, it is that one's that changes.
        if let sibling = lists[order.listID]?.sibling(of: order), sibling.status.isOpen { relock(sibling) }
        report(order, "TRADE_PREVENTION")
        tellBalances(accounts[order.account])
    }

    /// What a report says of matches that were prevented: the last one in full when it is what the report is about.
    func prevention(_ order: Order, isNow: Bool, into members: inout JSONMembers) {
        guard let match = order.lastPrevention else { return }
        guard isNow else { return members.add("A", order.prevented.text) }
        members.add("v", match.id)
        members.add("A", order.prevented.text)
        members.add("B", match.prevented(of: order.id).text)
        members.add("u", PreventedMatch.noGroup)
        members.add("U", match.counterpart(of: order.id))
        members.add("Cs", markets[match.market].symbol)
        members.add("pl", match.quantity.text)
        members.add("pL", match.price.text)
        members.add("pY", notionalText(Int128(match.price.mantissa) * Int128(match.quantity.mantissa)))
    }

    /// A match as the answer to the order that took tells it.
    func answered(_ match: PreventedMatch) -> JSONValue {
        .object {
            $0.add("preventedMatchId", match.id)
            $0.add("makerSymbol", markets[match.market].symbol)
            $0.add("makerOrderId", match.maker)
            $0.add("price", match.price.text)
            quantities(match, into: &$0)
        }
    }

    /// A match as queries tell it.
    func told(_ match: PreventedMatch) -> JSONValue {
        .object {
            $0.add("symbol", markets[match.market].symbol)
            $0.add("preventedMatchId", match.id)
            $0.add("takerOrderId", match.taker)
            $0.add("makerSymbol", markets[match.market].symbol)
            $0.add("makerOrderId", match.maker)
            $0.add("tradeGroupId", PreventedMatch.noGroup)
            $0.add("selfTradePreventionMode", match.mode.rawValue)
            $0.add("price", match.price.text)
            quantities(match, into: &$0)
            $0.add("transactTime", time: match.time)
        }
    }

    private func quantities(_ match: PreventedMatch, into members: inout JSONMembers) {
        if let prevented = match.takerPrevented { members.add("takerPreventedQuantity", prevented.text) }
        if let prevented = match.makerPrevented { members.add("makerPreventedQuantity", prevented.text) }
    }
}

extension PreventedMatch {
    /// What stands where the number of a group of accounts would: there are no groups here.
    static let noGroup: Int64 = -1
}
