import Market

/// Orders that are made smaller and keep their place in the queue.
extension Exchange {
    /// `order/amend/keepPriority`: a smaller quantity in the same place of the queue.
    func amend(_ parameters: Parameters, _ account: Account) throws(APIError) -> JSONValue {
        let index = try self.index(parameters)
        guard let new = try parameters.decimal("newQty"), new > 0 else { throw .mandatory("newQty") }
        guard let order = try named(parameters, account), order.status.isOpen else { throw .unknownOrder }
        let list = lists[order.listID]
        let quantity = Quantity(mantissa: new)
        var terms = order.terms
        terms.quantity = quantity
        try checkQuantities(terms, markets[index].filters)
        try checkNotional(terms, index)
        // Of a pair only one can fill: both have one quantity, and change together.
        let sibling = list?.sibling(of: order).flatMap { $0.status.isOpen ? $0 : nil }
        let both = [order] + (sibling.map { [$0] } ?? [])
        // What another order pays for has no quantity yet.
        let isUnpaid = order.status == .pendingNew && list?.isPaidByFirst == true
        guard !isUnpaid, both.allSatisfy({ quantity < $0.quantity && quantity > $0.executed + $0.prevented }) else {
            throw .notAmended(
                quantity >= order.quantity
                    ? "The requested action would not decrease the order quantity." : "Order cannot be amended.")
        }
        guard order.amendments.count < markets[index].filters.maximumAmends else {
            throw .notAmended("The order has reached the limit of amendments.")
        }
        let name = try OrderReading.clientID(parameters, "newClientOrderId")
        guard !open(account, index).contains(where: { $0 !== order && $0.clientID == name }) else {
            throw .notAmended("Duplicate order sent.")
        }
        let old = order.clientID
        let number = nextExecutionID
        shrink(order, to: quantity, named: name.isEmpty ? names.name(22) : name)
        if let sibling {
            shrink(sibling, to: quantity, named: sibling.clientID)
            // Where the first one holds the lock, it held what the second one still needed.
            relock(order)
        }
        tellBalances(account)
        if let list, order.clientID != old { tell(list, "UPDATED") }
        settle(index)
        return .object {
            $0.add("transactTime", time: order.updated)
            $0.add("executionId", number)
            $0.add("amendedOrder", amended(order, old))
            if let list { $0.add("listStatus", listed(list)) }
        }
    }

    private func shrink(_ order: Order, to quantity: Quantity, named name: String) {
        order.amendments.append(
            OrderAmendment(
                executionID: nextExecutionID, oldClientID: order.clientID, newClientID: name,
                oldQuantity: order.quantity, newQuantity: quantity, time: serverTime))
        order.quantity = quantity
        order.clientID = name
        order.updated = serverTime
        relock(order)
        report(order, "REPLACED")
    }

    private func amended(_ order: Order, _ oldName: String) -> JSONValue {
        .object {
            $0.add("symbol", markets[order.market].symbol)
            $0.add("orderId", order.id)
            $0.add("orderListId", order.listID)
            $0.add("origClientOrderId", oldName)
            $0.add("clientOrderId", order.clientID)
            $0.add("price", order.price.text)
            $0.add("qty", order.quantity.text)
            $0.add("executedQty", order.executed.text)
            $0.add("preventedQty", order.prevented.text)
            $0.add("quoteOrderQty", Price(mantissa: order.terms.quoteQuantity).text)
            $0.add("cumulativeQuoteQty", notionalText(order.executedQuote))
            $0.add("status", order.status.rawValue)
            $0.add("timeInForce", order.terms.timeInForce.rawValue)
            $0.add("type", order.type.rawValue)
            $0.add("side", order.side.venueName)
            $0.add("workingTime", time: order.workingTime)
            $0.add("selfTradePreventionMode", order.terms.prevention.rawValue)
        }
    }
}
