import Bytes
import Market
import Trading

/// That candles of a timeframe are to be derived, with the closed candles of its running interval.
struct CandleSubscription: BinaryCodable {
    /// Of which instrument.
    var instrument: InstrumentID
    /// The timeframe of the candles to come.
    var timeframe: Timeframe
    /// Closed candles of the base timeframe, oldest first; those of the interval that runs now matter.
    var recent: [Candle]

    /// A subscription that begins with what of `recent` belongs to the interval that is not over yet.
    init(_ instrument: InstrumentID, _ timeframe: Timeframe, recent: [Candle]) {
        self.instrument = instrument
        self.timeframe = timeframe
        let start = recent.last?.openTime.floored(to: timeframe) ?? .epoch
        let first = recent.lastIndex { $0.openTime < start }.map { $0 + 1 } ?? 0
        self.recent = Array(recent[first...])
    }

    func write(to writer: inout ByteWriter) {
        writer.value(instrument)
        writer.value(timeframe)
        writer.array(recent)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        instrument = try reader.value()
        timeframe = try reader.value()
        recent = try reader.array()
    }
}
