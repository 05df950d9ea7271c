public import Bytes
public import Market
public import Trading

/// An open order of another client of the account, as the last comparison found it.
///
/// It is shown and never touched, unless a person has claimed it.
public struct ExternalOrderView: Sendable, Hashable {
    /// Of what.
    public var instrument: InstrumentID
    /// The venue's own number, in its words.
    public var venueID: String
    /// The number that the other client gave it.
    public var clientOrderID: String
    /// Buy or sell.
    public var side: Side
    /// How it meets the market.
    public var type: OrderType
    /// How long it works.
    public var timeInForce: TimeInForce
    /// How much in all.
    public var quantity: Quantity
    /// How much of it has filled.
    public var filled: Quantity
    /// Its limit, where it has one.
    public var limitPrice: Price?
    /// Its trigger, where it has one.
    public var triggerPrice: Price?
    /// How far it follows behind the market's best, in basis points, where it does.
    public var trailing: Int?
    /// When something happened to it last, by the venue's clock.
    public var time: Timestamp
    /// The venue's number of the list that it is in; whoever cancels one order of a list cancels all. `nil` for none.
    public var listID: String?
    /// Whether a person has claimed it: then it may be cancelled from here, and the emergency stop cancels it.
    public var isClaimed: Bool

    /// An order of its parts.
    public init(
        instrument: InstrumentID, venueID: String, clientOrderID: String, side: Side, type: OrderType,
        timeInForce: TimeInForce, quantity: Quantity, filled: Quantity = .zero, limitPrice: Price? = nil,
        triggerPrice: Price? = nil, trailing: Int? = nil, time: Timestamp, listID: String? = nil,
        isClaimed: Bool = false
    ) {
        self.instrument = instrument
        self.venueID = venueID
        self.clientOrderID = clientOrderID
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.quantity = quantity
        self.filled = filled
        self.limitPrice = limitPrice
        self.triggerPrice = triggerPrice
        self.trailing = trailing
        self.time = time
        self.listID = listID
        self.isClaimed = isClaimed
    }
}

extension ExternalOrderView: BinaryCodable {
    /// Appends the order.
    public func write(to writer: inout ByteWriter) {
        writer.value(instrument)
        writer.text(venueID)
        writer.text(clientOrderID)
        writer.value(side)
        writer.text(type.name)
        writer.text(timeInForce.name)
        writer.value(quantity)
        writer.value(filled)
        writer.optional(limitPrice)
        writer.optional(triggerPrice)
        writer.signed(Int64(trailing ?? 0))
        writer.value(time)
        writer.text(listID ?? "")
        writer.value(isClaimed)
    }

    /// Reads an order.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let instrument: InstrumentID = try reader.value()
        let venueID = try reader.text()
        let clientOrderID = try reader.text()
        let side: Side = try reader.value()
        let typeName = try reader.text()
        let timeName = try reader.text()
        guard let type = OrderType(name: typeName), let timeInForce = TimeInForce(name: timeName) else {
            throw MalformedBytes("'\(typeName) \(timeName)' are no terms of an order", at: reader.offset)
        }
        let (quantity, filled): (Quantity, Quantity) = (try reader.value(), try reader.value())
        let (limit, trigger): (Price?, Price?) = (try reader.optional(), try reader.optional())
        let trailing = try ExternalOrderView.trailing(from: &reader)
        let time: Timestamp = try reader.value()
        let list = try reader.text()
        self.init(
            instrument: instrument, venueID: venueID, clientOrderID: clientOrderID, side: side, type: type,
            timeInForce: timeInForce, quantity: quantity, filled: filled, limitPrice: limit, triggerPrice: trigger,
            trailing: trailing, time: time, listID: list.isEmpty ? nil : list, isClaimed: try reader.value())
    }

    /// 0 stands for none.
    private static func trailing(from reader: inout ByteReader) throws(MalformedBytes) -> Int? {
        let value = try reader.signed()
        return value == 0 ? nil : Int(value)
    }
}
