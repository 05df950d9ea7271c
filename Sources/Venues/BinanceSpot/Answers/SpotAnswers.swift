import Market

/// Bodies of the private REST API into values. Strict in what is needed, whatever else there is being passed over.
enum SpotAnswers {
    /// The answer to an order that was placed, with as much as the venue tells.
    static func receipt(_ body: [UInt8], _ instrument: Instrument) throws(UnreadableAnswer) -> SpotReceipt {
        let wire: OrderWire = try Answer.decode(body)
        return try wire.receipt(instrument)
    }

    /// An order that was cancelled or asked for.
    static func order(_ body: [UInt8], _ instrument: Instrument) throws(UnreadableAnswer) -> SpotOrder {
        let wire: OrderWire = try Answer.decode(body)
        return try wire.order(instrument)
    }

    /// Orders of one symbol.
    static func orders(_ body: [UInt8], _ instrument: Instrument) throws(UnreadableAnswer) -> [SpotOrder] {
        let wires: [OrderWire] = try Answer.decode(body)
        return try each(wires) { (wire) throws(UnreadableAnswer) in try wire.order(instrument) }
    }

    /// Orders of all symbols, by symbol.
    ///
    /// - Parameter instruments: those that are known, by symbol.
    static func orders(
        _ body: [UInt8], _ instruments: [String: Instrument]
    ) throws(UnreadableAnswer) -> SpotOpenOrders {
        let wires: [OrderWire] = try Answer.decode(body)
        var result = SpotOpenOrders()
        for wire in wires {
            if let instrument = instruments[wire.symbol] {
                result.orders[wire.symbol, default: []].append(try wire.order(instrument))
            } else {
                result.foreign[wire.symbol, default: 0] += 1
            }
        }
        return result
    }

    static func cancelled(_ body: [UInt8], _ instrument: Instrument) throws(UnreadableAnswer) -> SpotCancelled {
        let wires: [CancelledWire] = try Answer.decode(body)
        var result = SpotCancelled()
        for wire in wires {
            switch wire {
            case .order(let wire): result.orders.append(try wire.order(instrument))
            case .list(let wire): result.lists.append(try wire.list(instrument))
            }
        }
        return result
    }

    static func replacement(_ body: [UInt8], _ instrument: Instrument) throws(UnreadableAnswer) -> SpotReplacement {
        let wire: ReplacementWire = try Answer.decode(body)
        return try wire.replacement(instrument)
    }

    static func amendment(_ body: [UInt8], _ instrument: Instrument) throws(UnreadableAnswer) -> SpotAmendment {
        let wire: AmendmentWire = try Answer.decode(body)
        let time = try Answer.need(Answer.time(wire.transactTime, "transactTime"), "transactTime")
        return SpotAmendment(time: time, order: try wire.amendedOrder.amended(instrument, at: time))
    }

    /// The order that a cancel was about. One of a list is told of with the list that it took with it.
    static func cancelled(
        _ body: [UInt8], _ instrument: Instrument, of key: SpotOrderKey
    ) throws(UnreadableAnswer) -> SpotOrder {
        let wire: CancelledWire = try Answer.decode(body)
        switch wire {
        case .order(let order): return try order.order(instrument)
        case .list(let list):
            let order = try list.list(instrument).orders.first { order in
                switch key {
                case .id(let id): order.id == id
                case .clientOrderID(let number): order.clientOrderID == number
                }
            }
            return try Answer.need(order, "orderReports")
        }
    }

    static func list(_ body: [UInt8], _ instrument: Instrument) throws(UnreadableAnswer) -> SpotOrderList {
        let wire: OrderListWire = try Answer.decode(body)
        return try wire.list(instrument)
    }

    static func trades(_ body: [UInt8], _ instrument: Instrument) throws(UnreadableAnswer) -> [SpotTrade] {
        let wires: [TradeWire] = try Answer.decode(body)
        return try each(wires) { (wire) throws(UnreadableAnswer) in try wire.trade(instrument) }
    }

    static func account(_ body: [UInt8]) throws(UnreadableAnswer) -> SpotAccount {
        let wire: AccountWire = try Answer.decode(body)
        return try wire.account()
    }

    static func commission(_ body: [UInt8]) throws(UnreadableAnswer) -> SpotCommission {
        let wire: CommissionWire = try Answer.decode(body)
        return try Answer.need(try wire.commission(), "standardCommission")
    }

    /// The answer to an order that was only checked: its rates, where the venue tells them.
    static func check(_ body: [UInt8]) throws(UnreadableAnswer) -> SpotCommission? {
        let wire: CommissionWire = try Answer.decode(body)
        return try wire.commission()
    }

    static func orderCounts(_ body: [UInt8]) throws(UnreadableAnswer) -> [SpotOrderCount] {
        let wires: [OrderCountWire] = try Answer.decode(body)
        return try each(wires) { (wire) throws(UnreadableAnswer) in try wire.orderCount() }.compactMap { $0 }
    }

    static func serverTime(_ body: [UInt8]) throws(UnreadableAnswer) -> Timestamp {
        struct Wire: Decodable { var serverTime: Int64 }
        let wire: Wire = try Answer.decode(body)
        let time = try Answer.need(Answer.time(wire.serverTime, "serverTime"), "serverTime")
        guard Timestamp.plausible.contains(time) else { throw UnreadableAnswer("'serverTime' is no time of today") }
        return time
    }

    private static func each<Wire, Value>(
        _ wires: [Wire], _ read: (Wire) throws(UnreadableAnswer) -> Value
    ) throws(UnreadableAnswer) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(wires.count)
        for wire in wires { values.append(try read(wire)) }
        return values
    }
}

/// The open orders of an account.
public struct SpotOpenOrders: Sendable, Hashable {
    /// Those of instruments that are known, by symbol.
    public var orders: [String: [SpotOrder]] = [:]
    /// How many there are of symbols that are not known here.
    public var foreign: [String: Int] = [:]
}
