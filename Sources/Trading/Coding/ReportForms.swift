public import Bytes
import Market

extension Fill: BinaryCodable {
    /// Says, beside the liquidity, that an excess of the fee follows.
    private static let excessBit: UInt8 = 0x80

    /// Appends the parts. A fill whose fee is exact is written as it was before fees could be otherwise.
    public func write(to writer: inout ByteWriter) {
        writer.unsigned(tradeID)
        writer.value(price)
        writer.value(quantity)
        writer.value(quoteFee)
        writer.value(baseFee)
        guard feeExcess != 0 else { return writer.raw(liquidity) }
        writer.byte(liquidity.rawValue | Fill.excessBit)
        writer.signed(feeExcess)
    }

    /// Reads a fill.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let tradeID = try reader.unsigned()
        let price = try reader.value(Price.self)
        let quantity = try reader.value(Quantity.self)
        let quoteFee = try reader.value(Money.self)
        let baseFee = try reader.value(Quantity.self)
        let flags = try reader.byte()
        guard let liquidity = Liquidity(rawValue: flags & ~Fill.excessBit) else {
            throw reader.malformed("\(flags) is no liquidity")
        }
        self.init(
            tradeID: tradeID, price: price, quantity: quantity, quoteFee: quoteFee, baseFee: baseFee,
            feeExcess: flags & Fill.excessBit == 0 ? 0 : try reader.signed(), liquidity: liquidity)
    }
}

extension OrderReport: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(order)
        writer.value(time)
        writer.value(kind)
    }

    /// Reads a report.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let order = try reader.value(OrderID.self)
        let time = try reader.value(Timestamp.self)
        self.init(order: order, time: time, kind: try reader.value())
    }
}

extension OrderReport.Kind: BinaryCodable {
    /// Appends a number for the kind and what it carries.
    public func write(to writer: inout ByteWriter) {
        switch self {
        case .accepted: writer.byte(0)
        case .rejected(let reason):
            writer.byte(1)
            writer.raw(reason)
        case .filled(let fill):
            writer.byte(2)
            writer.value(fill)
        case .canceled(let reason):
            writer.byte(3)
            writer.raw(reason)
        case .cancelRejected: writer.byte(4)
        case .amended(let amendment):
            writer.byte(5)
            writer.value(amendment)
        case .amendRejected: writer.byte(6)
        case .triggered: writer.byte(7)
        case .expired(let reason):
            writer.byte(8)
            writer.raw(reason)
        case .unanswered: writer.byte(9)
        case .notFound: writer.byte(10)
        case .cancelUnanswered: writer.byte(11)
        case .amendUnanswered: writer.byte(12)
        case .status(let status):
            writer.byte(13)
            writer.value(status)
        }
    }

    /// Reads a kind.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 0: self = .accepted
        case 1: self = .rejected(try reader.raw())
        case 2: self = .filled(try reader.value())
        case 3: self = .canceled(try reader.raw())
        case 4: self = .cancelRejected
        case 5: self = .amended(try reader.value())
        case 6: self = .amendRejected
        case 7: self = .triggered
        case 8: self = .expired(try reader.raw())
        case 9: self = .unanswered
        case 10: self = .notFound
        case 11: self = .cancelUnanswered
        case 12: self = .amendUnanswered
        case 13: self = .status(try reader.value())
        case let other: throw reader.malformed("\(other) is no kind of report")
        }
    }
}

extension OrderStatus: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.raw(state)
        writer.raw(reason)
        writer.value(quantity)
        writer.optional(limitPrice)
        writer.optional(triggerPrice)
        writer.value(filled)
        writer.optional(filledNotional)
    }

    /// Reads a status.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let state = try reader.raw(OrderState.self)
        let reason = try reader.raw(OrderReason.self)
        let quantity = try reader.value(Quantity.self)
        let limit = try reader.optional(Price.self)
        let trigger = try reader.optional(Price.self)
        let filled = try reader.value(Quantity.self)
        self.init(
            state: state, reason: reason, quantity: quantity, limitPrice: limit, triggerPrice: trigger, filled: filled,
            filledNotional: try reader.optional())
    }
}
