/// How an order meets the market, as the venue calls it.
public enum SpotOrderType: String, Sendable, Hashable, CaseIterable {
    /// At once, at the prices that are there.
    case market = "MARKET"
    /// At the limit price or better.
    case limit = "LIMIT"
    /// At the limit price, and only if it takes nothing from the book.
    case limitMaker = "LIMIT_MAKER"
    /// A market order once the price has moved against the holder.
    case stopLoss = "STOP_LOSS"
    /// A limit order once the price has moved against the holder.
    case stopLossLimit = "STOP_LOSS_LIMIT"
    /// A market order once the price has moved in the holder's favour.
    case takeProfit = "TAKE_PROFIT"
    /// A limit order once the price has moved in the holder's favour.
    case takeProfitLimit = "TAKE_PROFIT_LIMIT"

    /// Whether it waits for a trigger; the venue counts such orders apart.
    public var isTriggered: Bool {
        switch self {
        case .market, .limit, .limitMaker: return false
        case .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit: return true
        }
    }

    /// Whether its trigger lies above the market, for an order of a side.
    func isTriggeredAbove(isBuy: Bool) -> Bool {
        let isStop = self == .stopLoss || self == .stopLossLimit
        return isStop == isBuy
    }
}

/// How long an order works, as the venue calls it.
public enum SpotTimeInForce: String, Sendable, Hashable, CaseIterable {
    /// Until cancelled.
    case goodTilCancelled = "GTC"
    /// What fills at once fills, the rest expires.
    case immediateOrCancel = "IOC"
    /// All of it at once, or nothing.
    case fillOrKill = "FOK"
}

/// What happens when an order meets one of the same account.
public enum SelfTradePrevention: String, Sendable, Hashable, CaseIterable {
    /// They trade.
    case none = "NONE"
    /// The order that came later expires.
    case expireTaker = "EXPIRE_TAKER"
    /// The order that was there expires.
    case expireMaker = "EXPIRE_MAKER"
    /// Both expire.
    case expireBoth = "EXPIRE_BOTH"
    /// Both are made smaller by what they would have traded.
    case decrement = "DECREMENT"
    /// They trade between the accounts of one trade group.
    case transfer = "TRANSFER"
    /// They do not trade, and nothing else happens: of older orders.
    case nonRepresentable = "NON_REPRESENTABLE"
}

/// Where an order is in its life, as the venue calls it.
public enum SpotOrderStatus: String, Sendable, Hashable, CaseIterable {
    /// It works; one with a trigger may still wait for it.
    case new = "NEW"
    /// A part of a list that is not active yet.
    case pendingNew = "PENDING_NEW"
    /// Some of it has filled.
    case partiallyFilled = "PARTIALLY_FILLED"
    /// All of it has filled.
    case filled = "FILLED"
    /// It was cancelled, perhaps after some of it had filled.
    case cancelled = "CANCELED"
    /// It is being cancelled; the venue says it is not used.
    case pendingCancel = "PENDING_CANCEL"
    /// It was refused.
    case rejected = "REJECTED"
    /// Its terms or the venue ended it, perhaps after some of it had filled.
    case expired = "EXPIRED"
    /// It would have met one of the same account.
    case expiredInMatch = "EXPIRED_IN_MATCH"

    /// Whether nothing more happens to it.
    public var isFinal: Bool {
        switch self {
        case .filled, .cancelled, .rejected, .expired, .expiredInMatch: return true
        case .new, .pendingNew, .partiallyFilled, .pendingCancel: return false
        }
    }
}
