public import Bytes

extension Candle: BinaryCodable {
    /// Appends the open time in eight bytes, the open, and the other prices by how far they stand from it.
    public func write(to writer: inout ByteWriter) {
        writer.fixed(openTime.nanoseconds)
        writePrices(to: &writer, near: .zero)
    }

    /// Reads a candle.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let time = Timestamp(nanoseconds: try reader.fixed())
        self = try Candle.prices(from: &reader, openTime: time, near: .zero)
    }

    /// Everything but the time. High and low are told from the body, where they mostly stand close by.
    public func writePrices(to writer: inout ByteWriter, near base: Price) {
        writer.signed(open.mantissa, near: base.mantissa)
        writer.signed(close.mantissa, near: open.mantissa)
        writer.signed(high.mantissa, near: max(open, close).mantissa)
        writer.signed(min(open, close).mantissa, near: low.mantissa)
        writer.signed(volume.mantissa)
        writer.unsigned(UInt64(minutes))
        writer.unsigned(UInt64(flags.rawValue))
    }

    /// Reads what `writePrices` wrote.
    public static func prices(
        from reader: inout ByteReader, openTime: Timestamp, near base: Price
    ) throws(MalformedBytes) -> Candle {
        let open = try reader.signed(near: base.mantissa)
        let close = try reader.signed(near: open)
        let high = try reader.signed(near: max(open, close))
        let low = min(open, close) &- (try reader.signed())
        let volume = try reader.signed()
        let minutes = try reader.unsigned(as: UInt32.self)
        let flags = try reader.unsigned(as: UInt32.self)
        return Candle(
            openTime: openTime, open: Price(mantissa: open), high: Price(mantissa: high), low: Price(mantissa: low),
            close: Price(mantissa: close), volume: Quantity(mantissa: volume), minutes: minutes,
            flags: Flags(rawValue: flags))
    }
}

extension ByteWriter {
    /// Candles in order behind their count, each told from the one before.
    public mutating func candles(_ candles: some Collection<Candle>) {
        count(candles.count)
        var time: Int64 = 0
        var step: Int64 = 0
        var close = Price.zero
        for candle in candles {
            // The step from candle to candle hardly ever changes: its change is a zero.
            let newStep = candle.openTime.nanoseconds &- time
            signed(newStep, near: step)
            candle.writePrices(to: &self, near: close)
            (time, step, close) = (candle.openTime.nanoseconds, newStep, candle.close)
        }
    }
}

extension ByteReader {
    /// Candles as `ByteWriter.candles` writes them.
    public mutating func candles() throws(MalformedBytes) -> [Candle] {
        let count = try count(minimumSize: 8)
        var candles: [Candle] = []
        candles.reserveCapacity(count)
        var time: Int64 = 0
        var step: Int64 = 0
        var close = Price.zero
        for _ in 0..<count {
            step = try signed(near: step)
            time = time &+ step
            let candle = try Candle.prices(from: &self, openTime: Timestamp(nanoseconds: time), near: close)
            close = candle.close
            candles.append(candle)
        }
        return candles
    }
}
