import FoundationEssentials
import Market
import Trading

/// What happened to an order, as the venue tells it (`executionReport`).
struct ExecutionReport: Hashable {
    /// What happened.
    var execution: Execution
    /// The order after it.
    var order: SpotOrder
    /// The trade; of trades only.
    var trade: SpotTrade?
    /// How much the last prevention kept from trading; of preventions only.
    var lastPrevented: Quantity?
    /// Why it was refused, in the venue's words; `nil` for `NONE`.
    var rejection: String?
    /// The venue's number of what happened.
    var executionID: Int64

    /// What can happen to an order.
    enum Execution: String, Hashable {
        case new = "NEW"
        case cancelled = "CANCELED"
        case replaced = "REPLACED"
        case rejected = "REJECTED"
        case trade = "TRADE"
        case expired = "EXPIRED"
        case prevented = "TRADE_PREVENTION"
    }

    /// The report on the wire: one letter a field.
    struct Wire: Decodable {
        var symbol: String
        var clientID: String
        var originalClientID: String
        var side: String
        var type: String
        var timeInForce: String
        var quantity: String
        var price: String
        var stopPrice: String
        var icebergQuantity: String?
        var trailingDelta: Int?
        var listID: Int64
        var execution: String
        var status: String
        var rejection: String
        var orderID: Int64
        var lastQuantity: String
        var executed: String
        var lastPrice: String
        var commission: String?
        var commissionAsset: String?
        var time: Int64
        var tradeID: Int64
        var executionID: Int64
        var isWorking: Bool
        var isMaker: Bool
        var executedQuote: String
        var lastQuote: String?
        var quoteQuantity: String?
        var workingSince: Int64?
        var prevention: String?
        var prevented: String?
        var lastPrevented: String?
        var expiryReason: String?

        private enum CodingKeys: String, CodingKey {
            case symbol = "s"
            case clientID = "c"
            case originalClientID = "C"
            case side = "S"
            case type = "o"
            case timeInForce = "f"
            case quantity = "q"
            case price = "p"
            case stopPrice = "P"
            case icebergQuantity = "F"
            case trailingDelta = "d"
            case listID = "g"
            case execution = "x"
            case status = "X"
            case rejection = "r"
            case orderID = "i"
            case lastQuantity = "l"
            case executed = "z"
            case lastPrice = "L"
            case commission = "n"
            case commissionAsset = "N"
            case time = "T"
            case tradeID = "t"
            case executionID = "I"
            case isWorking = "w"
            case isMaker = "m"
            case executedQuote = "Z"
            case lastQuote = "Y"
            case quoteQuantity = "Q"
            case workingSince = "W"
            case prevention = "V"
            case prevented = "A"
            case lastPrevented = "B"
            case expiryReason = "eR"
        }
    }

    init(_ wire: Wire, _ instrument: Instrument) throws(UnreadableAnswer) {
        execution = try Answer.named(wire.execution, "x", Execution.self)
        executionID = wire.executionID
        rejection = wire.rejection == "NONE" ? nil : wire.rejection
        guard let side = Side(wireName: wire.side) else { throw UnreadableAnswer("'S' is no side") }
        let time = try Answer.need(Answer.time(wire.time, "T"), "T")
        let iceberg = try Answer.quantity(wire.icebergQuantity, "F", instrument)
        let quote = try Answer.money(wire.executedQuote, "Z", instrument.quote)
        let wanted = try Answer.money(wire.quoteQuantity, "Q", instrument.quote)
        // A cancel stands where the order's own number stood, and the order's own beside it.
        let isCancel = execution == .cancelled && !wire.originalClientID.isEmpty
        order = SpotOrder(
            id: wire.orderID, listID: wire.listID < 0 ? nil : wire.listID,
            clientOrderID: isCancel ? wire.originalClientID : wire.clientID, changeID: isCancel ? wire.clientID : nil,
            side: side, type: try Answer.named(wire.type, "o", SpotOrderType.self),
            timeInForce: try Answer.named(wire.timeInForce, "f", SpotTimeInForce.self),
            status: try Answer.named(wire.status, "X", SpotOrderStatus.self),
            price: try Answer.price(wire.price, "p", instrument),
            triggerPrice: try Answer.price(wire.stopPrice, "P", instrument), trailingDelta: wire.trailingDelta,
            quantity: try Answer.quantity(wire.quantity, "q", instrument),
            icebergQuantity: iceberg?.isZero == true ? nil : iceberg,
            executed: try Answer.need(Answer.quantity(wire.executed, "z", instrument), "z"),
            executedQuote: quote.flatMap { $0.units < 0 ? nil : $0 },
            quoteQuantity: wanted.flatMap { $0.units > 0 ? $0 : nil },
            prevented: try Answer.quantity(wire.prevented, "A", instrument), time: time,
            workingSince: try Answer.time(wire.workingSince, "W"), isWorking: wire.isWorking,
            selfTradePrevention: try wire.prevention.map { (text) throws(UnreadableAnswer) in
                try Answer.named(text, "V", SelfTradePrevention.self)
            }, expiryReason: wire.expiryReason, fills: [])
        lastPrevented = try Answer.quantity(wire.lastPrevented, "B", instrument)
        if execution == .trade { trade = try ExecutionReport.trade(wire, instrument, side, time) }
    }

    private static func trade(
        _ wire: Wire, _ instrument: Instrument, _ side: Side, _ time: Timestamp
    ) throws(UnreadableAnswer) -> SpotTrade {
        guard wire.tradeID >= 0 else { throw UnreadableAnswer("'t' is no number of a trade") }
        let price = try Answer.need(Answer.price(wire.lastPrice, "L", instrument), "L")
        let quantity = try Answer.need(Answer.quantity(wire.lastQuantity, "l", instrument), "l")
        guard quantity.mantissa > 0 else { throw UnreadableAnswer("'l' is nothing, and something traded") }
        var fee = Money.zero(instrument.quote)
        if let asset = wire.commissionAsset {
            fee = try Answer.commission(try Answer.need(wire.commission, "n"), asset)
        } else if let amount = wire.commission, let units = WireDecimal.units(amount), units != 0 {
            throw UnreadableAnswer("'n' is a fee, and 'N' does not say of what")
        }
        return SpotTrade(
            id: wire.tradeID, orderID: wire.orderID, price: price, quantity: quantity,
            quote: try Answer.money(wire.lastQuote, "Y", instrument.quote) ?? instrument.notional(price, quantity),
            commission: fee, time: time, side: side, isMaker: wire.isMaker)
    }
}
