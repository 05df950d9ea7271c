public import Bytes

extension CandleResampler: BinaryCodable {
    /// Appends the timeframe and the candle under way.
    public func write(to writer: inout ByteWriter) {
        writer.value(timeframe)
        writer.optional(unfinished)
    }

    /// Reads a resampler that goes on where the written one stood.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let timeframe = try reader.value(Timeframe.self)
        self.init(to: timeframe, unfinished: try reader.optional())
    }
}
