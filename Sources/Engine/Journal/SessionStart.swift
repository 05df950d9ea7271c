import Bytes
import Market

/// That an engine began: the first record of its session.
struct SessionStart {
    /// The number of the session, counted on the data directory.
    var number: UInt64
    /// The release that runs it.
    var version: String
    /// Where the market data come from.
    var source: String
    /// What is traded, in the order of the numbers.
    var instruments: [String]
    /// When, by the wall clock.
    var wallTime: Timestamp
}

extension SessionStart: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.unsigned(number)
        writer.text(version)
        writer.text(source)
        writer.array(instruments)
        writer.value(wallTime)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        number = try reader.unsigned()
        version = try reader.text()
        source = try reader.text()
        instruments = try reader.array()
        wallTime = try reader.value()
    }
}
