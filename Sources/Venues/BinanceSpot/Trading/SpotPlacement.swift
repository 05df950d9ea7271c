import Market
import Trading

extension NewSpotOrder {
    /// An order in the venue's words.
    ///
    /// - Precondition: it does not contradict itself; see `VenueCapabilities.objection`.
    init(_ order: OrderPlacement) {
        self.init(
            order.instrument, order.side,
            order.spend.map { .spending(SpotTerms.taken($0)) } ?? .quantity(order.quantity),
            SpotTerms(order), clientOrderID: order.clientOrderID, selfTradePrevention: order.selfTradePrevention)
    }
}

extension SpotTerms {
    /// An amount to spend as the venue takes it: with eight decimals, rounded down, since it is the most to spend.
    static func taken(_ amount: Money) -> Money {
        let unit = Int128(DecimalText.powerOfTen(Money.scale - 8))
        return Money(units: amount.units / unit * unit, amount.currency)
    }

    init(_ order: OrderPlacement) {
        let trigger = SpotTrigger(price: order.triggerPrice, trailingDelta: order.trailing)
        let time = SpotTimeInForce(order.timeInForce)
        switch (order.type, order.limitPrice) {
        case (.limit, let price?): self = order.isPostOnly ? .limitMaker(price) : .limit(price, time)
        case (.stop, _), (.trailingStop, _): self = .stopLoss(trigger)
        case (.stopLimit, let price?): self = .stopLossLimit(price, trigger, time)
        case (.takeProfit, let price?), (.takeProfitLimit, let price?): self = .takeProfitLimit(price, trigger, time)
        case (.takeProfit, nil): self = .takeProfit(trigger)
        case (.market, _): self = .market
        case (.limit, nil), (.stopLimit, nil), (.takeProfitLimit, nil):
            preconditionFailure("an order with a limit has a price")
        }
    }
}

extension SpotTimeInForce {
    init(_ time: TimeInForce) {
        switch time {
        case .goodTilCancelled: self = .goodTilCancelled
        case .immediateOrCancel: self = .immediateOrCancel
        case .fillOrKill: self = .fillOrKill
        }
    }
}

extension NewSpotOrderList {
    /// A list in the venue's words: a pair is the order above the market and the one below it.
    ///
    /// - Precondition: it does not contradict itself; see `VenueCapabilities.objection`.
    init(_ list: OrderListPlacement) {
        func leg(_ order: OrderPlacement) -> SpotLeg {
            SpotLeg(SpotTerms(order), clientOrderID: order.clientOrderID)
        }
        func single(_ order: OrderPlacement) -> SpotOrderOfList {
            SpotOrderOfList(order.side, order.quantity, leg(order))
        }
        func pair(_ orders: ArraySlice<OrderPlacement>) -> SpotPair {
            // A stop that sells is below the market, one that buys above it; the target is on the other side.
            let isFirstStop = orders.first.map { $0.type.isStop } ?? false
            guard let first = orders.first, let last = orders.last else { preconditionFailure("a pair is two") }
            let stop = isFirstStop ? first : last
            var target = isFirstStop ? last : first
            // In a pair the venue takes a limit order only as one that takes no liquidity.
            if target.type == .limit { target.isPostOnly = true }
            let isSell = stop.side == .sell
            return SpotPair(
                stop.side, stop.quantity, above: leg(isSell ? target : stop), below: leg(isSell ? stop : target))
        }
        let content: Content
        switch list.kind {
        case .pair: content = .pair(pair(list.orders[...]))
        case .sequence: content = .entry(single(list.orders[0]), then: single(list.orders[1]))
        case .bracket: content = .entryWithPair(single(list.orders[0]), pair(list.orders[1...]))
        }
        self.init(
            list.orders[0].instrument, content, clientListID: list.clientListID,
            selfTradePrevention: list.orders[0].selfTradePrevention)
    }
}
