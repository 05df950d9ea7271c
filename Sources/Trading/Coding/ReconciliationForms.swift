public import Bytes
import Market

extension Inquiry: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(order)
        writer.value(since)
        writer.value(nextQuestion)
        for number in [questions, absences, gaps] { writer.value(number) }
        writer.bool(isFromRefusal)
    }

    /// Reads an inquiry.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let order = try reader.value(OrderID.self)
        let since = try reader.value(Timestamp.self)
        self.init(order: order, since: since, nextQuestion: try reader.value())
        questions = try reader.value()
        absences = try reader.value()
        gaps = try reader.value()
        isFromRefusal = try reader.bool()
    }
}

extension InstrumentBlock: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(instrument)
        writer.text(reason)
        writer.value(since)
    }

    /// Reads a block.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let instrument = try reader.value(InstrumentID.self)
        let reason = try reader.text()
        self.init(instrument: instrument, reason: reason, since: try reader.value())
    }
}

extension PositionCorrection: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(owner)
        writer.value(instrument)
        writer.value(quantity)
        writer.value(price)
        writer.unsigned(tradeID)
    }

    /// Reads a correction.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let owner = try reader.value(StrategyID.self)
        let instrument = try reader.value(InstrumentID.self)
        let quantity = try reader.value(Quantity.self)
        let price = try reader.value(Price.self)
        self.init(
            owner: owner, instrument: instrument, quantity: quantity, price: price, tradeID: try reader.unsigned())
    }
}

extension VenueTruth: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.array(corrections)
        writer.optional(cash)
        writer.array(instruments)
    }

    /// Reads a truth.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let corrections = try reader.array(PositionCorrection.self)
        let cash = try reader.optional(Money.self)
        self.init(corrections: corrections, cash: cash, instruments: try reader.array())
    }
}
