import FoundationEssentials
public import Market

/// An order as the venue tells it.
public struct SpotOrder: Sendable, Hashable {
    /// The venue's number, unique within the symbol.
    public var id: Int64
    /// The venue's number of the list it belongs to.
    public var listID: Int64?
    /// The number it was placed with.
    public var clientOrderID: String
    /// The number of the cancel or amendment that this answer is about.
    public var changeID: String?
    /// Buy or sell.
    public var side: Side
    /// How it meets the market.
    public var type: SpotOrderType
    /// How long it works.
    public var timeInForce: SpotTimeInForce
    /// Where it is in its life.
    public var status: SpotOrderStatus
    /// The limit price; `nil` for none.
    public var price: Price?
    /// The price that wakes it; `nil` for none.
    public var triggerPrice: Price?
    /// How far the market has to come back to wake it, in hundredths of a percent; `nil` for none.
    public var trailingDelta: Int?
    /// How much; `nil` while the first order of its list has not decided it.
    public var quantity: Quantity?
    /// How much of it the book shows; `nil` for all.
    public var icebergQuantity: Quantity?
    /// How much has filled.
    public var executed: Quantity
    /// What was paid or received for that, fees apart; `nil` where the venue does not know it any more.
    public var executedQuote: Money?
    /// The amount that it spends or brings instead of a quantity; `nil` for none.
    public var quoteQuantity: Money?
    /// How much was prevented from trading with an own order; `nil` where nothing is said.
    public var prevented: Quantity?
    /// When what this answer tells happened.
    public var time: Timestamp
    /// Since when it works; `nil` while it waits.
    public var workingSince: Timestamp?
    /// Whether it is on the book; `nil` where nothing is said. A stop that waits is not.
    public var isWorking: Bool?
    /// What happens when it meets an own order.
    public var selfTradePrevention: SelfTradePrevention?
    /// The venue's word for why it ended, where it gives one.
    public var expiryReason: String?
    /// What it filled with at once; told when it is placed only.
    public var fills: [SpotFill]
}

/// A part of an order that filled at once.
public struct SpotFill: Sendable, Hashable {
    /// The venue's number of the trade; `nil` for one inside the venue.
    public var tradeID: Int64?
    /// The price.
    public var price: Price
    /// How much.
    public var quantity: Quantity
    /// The fee, in whatever currency it was taken.
    public var commission: Money
}

/// What the venue says when it has taken an order.
public struct SpotReceipt: Sendable, Hashable {
    /// The venue's number of the order.
    public var id: Int64
    /// The venue's number of the list it belongs to.
    public var listID: Int64?
    /// The number it was placed with.
    public var clientOrderID: String
    /// When.
    public var time: Timestamp
    /// The order; `nil` when the venue said only that it took it.
    public var order: SpotOrder?
}

/// An order on the wire: the many forms that it has there.
struct OrderWire: Decodable {
    var symbol: String
    var orderId: Int64
    var orderListId: Int64?
    var clientOrderId: String
    var origClientOrderId: String?
    var transactTime: Int64?
    var time: Int64?
    var updateTime: Int64?
    var workingTime: Int64?
    var isWorking: Bool?
    var price: String?
    var origQty: String?
    /// The same in the answer to an amendment.
    var qty: String?
    var executedQty: String?
    var origQuoteOrderQty: String?
    var quoteOrderQty: String?
    var cummulativeQuoteQty: String?
    /// The same in the answer to an amendment.
    var cumulativeQuoteQty: String?
    var status: String?
    var timeInForce: String?
    var type: String?
    var side: String?
    var stopPrice: String?
    var icebergQty: String?
    var trailingDelta: Int?
    var preventedQuantity: String?
    var preventedQty: String?
    var selfTradePreventionMode: String?
    var expiryReason: String?
    var fills: [FillWire]?

    /// A fill on the wire.
    struct FillWire: Decodable {
        var price: String
        var qty: String
        var commission: String
        var commissionAsset: String
        var tradeId: Int64
    }

    /// The order, its numbers at the scales of an instrument.
    ///
    /// - Parameter when: the time of an answer that has none of its own for each order.
    func order(_ instrument: Instrument, at when: Timestamp? = nil) throws(UnreadableAnswer) -> SpotOrder {
        try check(instrument)
        guard let side = side.flatMap({ Side(wireName: $0) }) else { throw UnreadableAnswer("there is no 'side'") }
        let quote = try Answer.money(
            cummulativeQuoteQty ?? cumulativeQuoteQty, "cummulativeQuoteQty", instrument.quote)
        let wanted = try Answer.money(origQuoteOrderQty ?? quoteOrderQty, "origQuoteOrderQty", instrument.quote)
        let told = try Answer.time(transactTime ?? updateTime ?? time, "transactTime")
        let quantity = try Answer.quantity(origQty ?? qty, "origQty", instrument)
        let iceberg = try Answer.quantity(icebergQty, "icebergQty", instrument)
        var fills: [SpotFill] = []
        for fill in self.fills ?? [] { fills.append(try fill.fill(instrument)) }
        return SpotOrder(
            id: orderId, listID: listID, clientOrderID: origClientOrderId ?? clientOrderId,
            changeID: origClientOrderId == nil ? nil : clientOrderId, side: side,
            type: try Answer.named(type, "type", SpotOrderType.self),
            timeInForce: try Answer.named(timeInForce, "timeInForce", SpotTimeInForce.self),
            status: try Answer.named(status, "status", SpotOrderStatus.self),
            price: try Answer.price(price, "price", instrument),
            triggerPrice: try Answer.price(stopPrice, "stopPrice", instrument), trailingDelta: trailingDelta,
            quantity: quantity, icebergQuantity: iceberg?.isZero == true ? nil : iceberg,
            executed: try Answer.need(Answer.quantity(executedQty, "executedQty", instrument), "executedQty"),
            // Below zero the venue means that it does not know.
            executedQuote: quote.flatMap { $0.units < 0 ? nil : $0 },
            quoteQuantity: wanted.flatMap { $0.units > 0 ? $0 : nil },
            prevented: try Answer.quantity(preventedQuantity ?? preventedQty, "preventedQuantity", instrument),
            time: try Answer.need(told ?? when, "transactTime"),
            workingSince: try Answer.time(workingTime, "workingTime"), isWorking: isWorking,
            selfTradePrevention: try selfTradePreventionMode.map { (text) throws(UnreadableAnswer) in
                try Answer.named(text, "selfTradePreventionMode", SelfTradePrevention.self)
            }, expiryReason: expiryReason, fills: fills)
    }

    /// The receipt of an order that was placed.
    func receipt(_ instrument: Instrument) throws(UnreadableAnswer) -> SpotReceipt {
        try check(instrument)
        return SpotReceipt(
            id: orderId, listID: listID, clientOrderID: clientOrderId,
            time: try Answer.need(Answer.time(transactTime, "transactTime"), "transactTime"),
            order: status == nil ? nil : try order(instrument))
    }

    /// An amendment changes the number, and the order is known by the new one from then on.
    func amended(_ instrument: Instrument, at when: Timestamp?) throws(UnreadableAnswer) -> SpotOrder {
        var order = try order(instrument, at: when)
        order.clientOrderID = clientOrderId
        order.changeID = nil
        return order
    }

    private var listID: Int64? { orderListId.flatMap { $0 < 0 ? nil : $0 } }

    private func check(_ instrument: Instrument) throws(UnreadableAnswer) {
        guard symbol == instrument.symbol else {
            throw UnreadableAnswer("it is about another symbol than \(instrument.symbol)")
        }
    }
}

extension OrderWire.FillWire {
    func fill(_ instrument: Instrument) throws(UnreadableAnswer) -> SpotFill {
        SpotFill(
            tradeID: tradeId < 0 ? nil : tradeId,
            price: try Answer.need(Answer.price(price, "price", instrument), "price"),
            quantity: try Answer.need(Answer.quantity(qty, "qty", instrument), "qty"),
            commission: try Answer.commission(commission, commissionAsset))
    }
}

extension Answer {
    /// A fee in the currency that it was taken in.
    static func commission(_ amount: String, _ asset: String) throws(UnreadableAnswer) -> Money {
        guard let currency = Currency(asset) else { throw UnreadableAnswer("'commissionAsset' is no currency") }
        return try need(money(amount, "commission", currency), "commission")
    }
}
