import Market
import Trading

/// The venue's words into the kernel's and back.
struct SpotTranslation: Sendable {
    /// Whether an order of this number was placed here, and not by another client of the account.
    let isOwn: @Sendable (String) -> Bool

    // MARK: - From the venue

    /// An order.
    func standing(_ order: SpotOrder, of instrument: Instrument) -> StandingOrder {
        let (named, isTriggered) = SpotTranslation.type(order.type)
        let type = named == .stop && order.trailingDelta != nil ? OrderType.trailingStop : named
        let isAwake = order.isWorking ?? (order.workingSince != nil)
        let isActive = order.status == .new || order.status == .partiallyFilled
        let isWaiting = order.status == .pendingNew || order.status == .new && isTriggered && !isAwake
        var state = SpotTranslation.state(order.status)
        if order.status == .new, isTriggered, isAwake { state = .triggered }
        return StandingOrder(
            instrument: instrument, venueID: "\(order.id)", clientOrderID: order.clientOrderID,
            isExternal: !isOwn(order.clientOrderID), listID: order.listID.map { "\($0)" }, side: order.side, type: type,
            trailing: order.trailingDelta,
            timeInForce: SpotTranslation.timeInForce(order.timeInForce), isPostOnly: order.type == .limitMaker,
            isWaiting: isWaiting && (isActive || order.status == .pendingNew),
            status: OrderStatus(
                state: state, reason: SpotTranslation.reason(order, type), quantity: order.quantity ?? .zero,
                limitPrice: order.price, triggerPrice: order.triggerPrice, filled: order.executed,
                filledNotional: order.executedQuote), words: order.expiryReason, time: order.time)
    }

    /// An order that the venue says only that it took: what was asked, working.
    func standing(_ receipt: SpotReceipt, _ asked: OrderPlacement) -> StandingOrder {
        StandingOrder(
            instrument: asked.instrument, venueID: "\(receipt.id)", clientOrderID: receipt.clientOrderID,
            isExternal: false, listID: receipt.listID.map { "\($0)" }, side: asked.side, type: asked.type,
            trailing: asked.trailing,
            timeInForce: asked.timeInForce, isPostOnly: asked.isPostOnly, isWaiting: asked.type.hasTrigger,
            status: OrderStatus(
                state: .accepted, quantity: asked.quantity, limitPrice: asked.limitPrice,
                triggerPrice: asked.triggerPrice), time: receipt.time)
    }

    /// A receipt.
    func receipt(_ receipt: SpotReceipt, _ asked: OrderPlacement) -> OrderReceipt {
        guard let order = receipt.order else {
            return OrderReceipt(order: standing(receipt, asked), executions: nil)
        }
        let standing = standing(order, of: asked.instrument)
        var sum = Quantity.zero
        var executions: [VenueExecution] = []
        for fill in order.fills {
            guard let id = fill.tradeID.flatMap({ UInt64(exactly: $0) }) else { continue }
            sum = sum + fill.quantity
            executions.append(
                VenueExecution(
                    instrument: asked.instrument, venueOrderID: standing.venueID,
                    clientOrderID: standing.clientOrderID, isExternal: standing.isExternal, side: order.side,
                    time: receipt.time, tradeID: id, price: fill.price, quantity: fill.quantity, fee: fill.commission,
                    // What fills in the answer to its placement was not there first.
                    liquidity: .taker))
        }
        return OrderReceipt(order: standing, executions: sum == order.executed ? executions : nil)
    }

    /// An execution.
    func execution(_ trade: SpotTrade, of instrument: Instrument, _ clientOrderID: String?) -> VenueExecution? {
        guard let id = UInt64(exactly: trade.id) else { return nil }
        return VenueExecution(
            instrument: instrument, venueOrderID: "\(trade.orderID)", clientOrderID: clientOrderID,
            isExternal: clientOrderID.map { !isOwn($0) }, side: trade.side, time: trade.time, tradeID: id,
            price: trade.price, quantity: trade.quantity, fee: trade.commission,
            liquidity: trade.isMaker ? .maker : .taker)
    }

    /// A list of orders.
    func list(_ list: SpotOrderList, of instrument: Instrument) -> OrderListReceipt {
        OrderListReceipt(
            venueID: "\(list.id)", clientListID: list.clientListID, isDone: list.isDone,
            orders: list.orders.map { standing($0, of: instrument) })
    }

    /// A report of the private stream; `nil` when nothing can be made of it.
    func event(_ report: ExecutionReport, of instrument: Instrument) -> VenueOrderEvent? {
        let order = standing(report.order, of: instrument)
        let kind: VenueOrderEvent.Kind
        switch report.execution {
        case .new: kind = order.status.state == .triggered ? .triggered : .accepted
        case .cancelled: kind = .canceled(order.status.reason)
        case .replaced: kind = .amended(OrderAmendment(quantity: order.status.quantity))
        case .rejected: kind = .rejected(SpotTranslation.rejection(report.rejection))
        case .expired: kind = .expired(order.status.reason)
        case .prevented:
            kind =
                report.order.status.isFinal
                ? .expired(order.status.reason) : .prevented(report.lastPrevented ?? .zero)
        case .trade:
            guard let trade = report.trade, let execution = execution(trade, of: instrument, order.clientOrderID) else {
                return nil
            }
            kind = .filled(execution)
        }
        return VenueOrderEvent(order: order, kind: kind)
    }

    private static func type(_ type: SpotOrderType) -> (OrderType, isTriggered: Bool) {
        switch type {
        case .market: return (.market, false)
        case .limit, .limitMaker: return (.limit, false)
        case .stopLoss: return (.stop, true)
        case .stopLossLimit: return (.stopLimit, true)
        case .takeProfit: return (.takeProfit, true)
        case .takeProfitLimit: return (.takeProfitLimit, true)
        }
    }

    private static func timeInForce(_ time: SpotTimeInForce) -> TimeInForce {
        switch time {
        case .goodTilCancelled: return .goodTilCancelled
        case .immediateOrCancel: return .immediateOrCancel
        case .fillOrKill: return .fillOrKill
        }
    }

    private static func state(_ status: SpotOrderStatus) -> OrderState {
        switch status {
        case .new, .pendingNew, .pendingCancel: return .accepted
        case .partiallyFilled: return .partiallyFilled
        case .filled: return .filled
        case .cancelled: return .canceled
        case .rejected: return .rejected
        case .expired, .expiredInMatch: return .expired
        }
    }

    private static func reason(_ order: SpotOrder, _ type: OrderType) -> OrderReason {
        switch (order.status, order.expiryReason) {
        case (.rejected, _): return .venue
        case (.expiredInMatch, _): return .selfTrade
        case (.expired, "OCO_TRIGGER"?): return .groupFilled
        case (.expired, "UNFILLED_IOC_QUANTITY_EXPIRED"?), (.expired, "UNFILLED_FOK_ORDER_EXPIRED"?),
            (.expired, "INSUFFICIENT_LIQUIDITY"?):
            return .notFilledAtOnce
        // The venue does not always say why; an order that had to fill at once has one reason to expire.
        case (.expired, nil):
            return type == .market || order.timeInForce != .goodTilCancelled ? .notFilledAtOnce : .venue
        case (.expired, _): return .venue
        default: return .none
        }
    }

    private static func rejection(_ words: String?) -> OrderReason {
        switch words {
        case "INSUFFICIENT_BALANCES"?, "INSUFFICIENT_BALANCE"?: return .insufficientBalance
        case "WOULD_MATCH_IMMEDIATELY"?: return .wouldTake
        case "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY"?, "OCO_BAD_PRICES"?: return .overtaken
        default: return .venue
        }
    }
}
