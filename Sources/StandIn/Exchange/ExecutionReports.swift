import Market

extension Exchange {
    /// Tells an account what happened to an order.
    ///
    /// - Parameters:
    ///   - execution: `NEW`, `TRADE`, `CANCELED` …
    ///   - cancelID: the id of the request that cancelled it, which then stands where the order's own stood.
    ///   - refusal: why it was refused.
    func report(
        _ order: Order, _ execution: String, trade: PublicTrade? = nil, isMaker: Bool = false, fill: OrderFill? = nil,
        cancelID: String? = nil, refusal: String = "NONE"
    ) {
        let number = nextExecutionID
        nextExecutionID += 1
        let terms = order.terms
        let isOnBook = order.isResting || order.status == .new && order.workingTime >= 0
        emit(
            .user(
                order.account,
                .object {
                    $0.add("e", "executionReport")
                    $0.add("E", time: serverTime)
                    $0.add("s", markets[order.market].symbol)
                    $0.add("c", cancelID ?? order.clientID)
                    $0.add("S", terms.side.venueName)
                    $0.add("o", terms.type.rawValue)
                    $0.add("f", terms.timeInForce.rawValue)
                    $0.add("q", order.quantity.text)
                    $0.add("p", terms.price.text)
                    $0.add("P", terms.stopPrice.text)
                    if terms.trailingDelta > 0 { $0.add("d", terms.trailingDelta) }
                    $0.add("F", terms.icebergQuantity.text)
                    $0.add("g", order.listID)
                    $0.add("C", cancelID == nil ? "" : order.clientID)
                    $0.add("x", execution)
                    $0.add("X", order.status.rawValue)
                    $0.add("r", refusal)
                    $0.add("i", order.id)
                    $0.add("l", (trade?.quantity ?? .zero).text)
                    $0.add("z", order.executed.text)
                    $0.add("L", (trade?.price ?? .zero).text)
                    if let fill {
                        $0.add("n", Price(mantissa: fill.commission).text)
                        $0.add("N", fill.commissionAsset.code)
                    } else {
                        $0.add("n", "0")
                        $0.add("N", .null)
                    }
                    // A fill has the time of its trade, everywhere that is told.
                    if let trade { $0.add("T", time: trade.time) } else { $0.add("T", time: serverTime) }
                    $0.add("t", fill?.tradeID ?? -1)
                    prevention(order, isNow: execution == "TRADE_PREVENTION", into: &$0)
                    $0.add("I", number)
                    $0.add("w", isOnBook)
                    $0.add("m", isMaker)
                    $0.add("M", trade != nil)
                    $0.add("O", time: order.created)
                    $0.add("Z", notionalText(order.executedQuote))
                    $0.add(
                        "Y", notionalText(trade.map { Int128($0.price.mantissa) * Int128($0.quantity.mantissa) } ?? 0))
                    $0.add("Q", Price(mantissa: terms.quoteQuantity).text)
                    if let time = order.trailingTime { $0.add("D", time: time) }
                    if let identifier = terms.strategyID { $0.add("j", identifier) }
                    if let type = terms.strategyType { $0.add("J", type) }
                    if order.workingTime >= 0 { $0.add("W", time: order.workingTime) }
                    $0.add("V", terms.prevention.rawValue)
                    if let number = fill?.allocationID {
                        $0.add("b", Allocations.matchType)
                        $0.add("a", number)
                    }
                    if terms.isRouted {
                        $0.add("k", order.floor)
                        $0.add("uS", true)
                    }
                    if let reason = order.expiryReason { $0.add("eR", reason) }
                }))
    }
}

extension Side {
    /// `BUY` or `SELL`.
    var venueName: String { self == .buy ? "BUY" : "SELL" }
}
