import Market

/// Orders as answers tell them.
extension Exchange {
    /// The answer to a placed order: `ACK`, `RESULT` or `FULL`.
    func placed(_ order: Order, _ form: String) -> JSONValue {
        .object {
            $0.add("symbol", markets[order.market].symbol)
            $0.add("orderId", order.id)
            $0.add("orderListId", order.listID)
            $0.add("clientOrderId", order.clientID)
            $0.add("transactTime", time: order.updated)
            guard form != "ACK" else { return }
            amounts(order, into: &$0)
            if order.type.isContingent { trigger(order, into: &$0) }
            $0.add("workingTime", time: order.workingTime)
            extras(order, into: &$0)
            if form == "FULL" {
                $0.add(
                    "fills",
                    .array(
                        order.fills.map { fill in
                            .object {
                                if fill.allocationID != nil { $0.add("matchType", Allocations.matchType) }
                                $0.add("price", fill.price.text)
                                $0.add("qty", fill.quantity.text)
                                $0.add("commission", Price(mantissa: fill.commission).text)
                                $0.add("commissionAsset", fill.commissionAsset.code)
                                $0.add("tradeId", fill.tradeID)
                                if let number = fill.allocationID { $0.add("allocId", number) }
                            }
                        }))
                if !order.preventedMatches.isEmpty {
                    $0.add("preventedMatches", .array(order.preventedMatches.map(answered)))
                }
            }
        }
    }

    /// The answer to a cancelled order.
    func cancelled(_ order: Order, cancelID: String) -> JSONValue {
        .object {
            $0.add("symbol", markets[order.market].symbol)
            $0.add("origClientOrderId", order.clientID)
            $0.add("orderId", order.id)
            $0.add("orderListId", order.listID)
            $0.add("clientOrderId", cancelID)
            $0.add("transactTime", time: order.updated)
            amounts(order, into: &$0)
            if order.type.isContingent { trigger(order, into: &$0) }
            extras(order, into: &$0)
        }
    }

    /// An order as queries tell it.
    func queried(_ order: Order) -> JSONValue {
        .object {
            $0.add("symbol", markets[order.market].symbol)
            $0.add("orderId", order.id)
            $0.add("orderListId", order.listID)
            $0.add("clientOrderId", order.clientID)
            $0.add("price", order.price.text)
            $0.add("origQty", order.quantity.text)
            $0.add("executedQty", order.executed.text)
            $0.add("cummulativeQuoteQty", notionalText(order.executedQuote))
            $0.add("status", order.status.rawValue)
            $0.add("timeInForce", order.terms.timeInForce.rawValue)
            $0.add("type", order.type.rawValue)
            $0.add("side", order.side.venueName)
            $0.add("stopPrice", order.terms.stopPrice.text)
            if order.terms.trailingDelta > 0 {
                $0.add("trailingDelta", order.terms.trailingDelta)
                $0.add("trailingTime", time: order.trailingTime ?? -1)
            }
            $0.add("icebergQty", order.terms.icebergQuantity.text)
            $0.add("time", time: order.created)
            $0.add("updateTime", time: order.updated)
            $0.add("isWorking", order.workingTime >= 0)
            $0.add("workingTime", time: order.workingTime)
            $0.add("origQuoteOrderQty", Price(mantissa: order.terms.quoteQuantity).text)
            extras(order, into: &$0, withIceberg: false)
        }
    }

    private func amounts(_ order: Order, into members: inout JSONMembers) {
        members.add("price", order.price.text)
        if !order.isUndecided { members.add("origQty", order.quantity.text) }
        members.add("executedQty", order.executed.text)
        members.add("origQuoteOrderQty", Price(mantissa: order.terms.quoteQuantity).text)
        members.add("cummulativeQuoteQty", notionalText(order.executedQuote))
        members.add("status", order.status.rawValue)
        members.add("timeInForce", order.terms.timeInForce.rawValue)
        members.add("type", order.type.rawValue)
        members.add("side", order.side.venueName)
    }

    private func trigger(_ order: Order, into members: inout JSONMembers) {
        if order.terms.stopPrice.mantissa > 0 { members.add("stopPrice", order.terms.stopPrice.text) }
        if order.terms.trailingDelta > 0 {
            members.add("trailingDelta", order.terms.trailingDelta)
            members.add("trailingTime", time: order.trailingTime ?? -1)
        }
    }

    private func extras(_ order: Order, into members: inout JSONMembers, withIceberg: Bool = true) {
        if withIceberg, !order.terms.icebergQuantity.isZero {
            members.add("icebergQty", order.terms.icebergQuantity.text)
        }
        if let identifier = order.terms.strategyID { members.add("strategyId", identifier) }
        if let type = order.terms.strategyType { members.add("strategyType", type) }
        members.add("selfTradePreventionMode", order.terms.prevention.rawValue)
        if let match = order.lastPrevention {
            members.add("preventedMatchId", match.id)
            members.add("preventedQuantity", order.prevented.text)
        }
        if order.terms.isRouted {
            members.add("usedSor", true)
            members.add("workingFloor", order.floor)
        }
        if let reason = order.expiryReason { members.add("expiryReason", reason) }
    }

    /// A list, with what its orders' answers say where `reports` is there.
    func listed(_ list: OrderList, reports: [JSONValue]? = nil) -> JSONValue {
        .object {
            $0.add("orderListId", list.id)
            $0.add("contingencyType", list.contingency)
            $0.add("listStatusType", list.isDone ? "ALL_DONE" : "EXEC_STARTED")
            $0.add("listOrderStatus", list.isDone ? "ALL_DONE" : "EXECUTING")
            $0.add("listClientOrderId", list.clientID)
            $0.add("transactionTime", time: list.time)
            $0.add("symbol", markets[list.market].symbol)
            $0.add(
                "orders",
                .array(
                    list.orders.map { order in
                        .object {
                            $0.add("symbol", markets[order.market].symbol)
                            $0.add("orderId", order.id)
                            $0.add("clientOrderId", order.clientID)
                        }
                    }))
            if let reports { $0.add("orderReports", .array(reports)) }
        }
    }

    /// A trade of an account.
    func told(_ trade: AccountTrade) -> JSONValue {
        .object {
            $0.add("symbol", markets[trade.market].symbol)
            $0.add("id", trade.id)
            $0.add("orderId", trade.order)
            amounts(trade, into: &$0)
            $0.add("isBestMatch", true)
        }
    }

    /// What the routing passed on to an account.
    func passedOn(_ allocation: AccountTrade) -> JSONValue {
        .object {
            $0.add("symbol", markets[allocation.market].symbol)
            $0.add("allocationId", allocation.id)
            $0.add("allocationType", "SOR")
            $0.add("orderId", allocation.order)
            amounts(allocation, into: &$0)
            $0.add("isAllocator", false)
        }
    }

    private func amounts(_ trade: AccountTrade, into members: inout JSONMembers) {
        members.add("orderListId", trade.list)
        members.add("price", trade.price.text)
        members.add("qty", trade.quantity.text)
        members.add("quoteQty", notionalText(Int128(trade.price.mantissa) * Int128(trade.quantity.mantissa)))
        members.add("commission", Price(mantissa: trade.commission).text)
        members.add("commissionAsset", trade.commissionAsset.code)
        members.add("time", time: trade.time)
        members.add("isBuyer", trade.isBuyer)
        members.add("isMaker", trade.isMaker)
    }
}
