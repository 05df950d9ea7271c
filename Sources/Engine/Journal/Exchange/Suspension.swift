import Bytes
import Trading

/// That a strategy is kept out of one step of the kernel, in which it got stuck or brought the process down, and is halted
/// after it.
struct Suspension: Hashable {
    /// The decision record whose step it is kept out of.
    var input: UInt64
    /// The strategy.
    var strategy: StrategyID
    /// What it did, in words.
    var reason: String
}

extension Suspension: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.unsigned(input)
        writer.value(strategy)
        writer.text(reason)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        input = try reader.unsigned()
        strategy = try reader.value()
        reason = try reader.text()
    }
}
