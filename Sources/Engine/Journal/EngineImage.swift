import Bytes
import Market
import Simulation
import Trading

/// Everything that decides what an engine does next, at one place of its journal: the body of a checkpoint.
///
/// Charts, lists and alerts are not in it; they are a projection that the store keeps.
struct EngineImage {
    /// The version of this form.
    private static let version: UInt8 = 3

    /// Kernel and strategies.
    var kernel: KernelImage
    /// The simulated venue.
    var venue: SimulatedVenueImage
    /// Unfinished longer candles.
    var subscriptions: CandleSubscriptions
    /// Where orders stand in the journal.
    var tags: [OrderTag]
    /// The last second that the kernel was told of.
    var lastSecond: Int64
    /// The last minute of which the equity curve has a point.
    var lastMinute: Timestamp?
    /// Up to where the market was told.
    var marketTime: Timestamp
    /// The number of the session.
    var session: UInt64
    /// A connection that misbehaves, or has something on its way; absent in the first version.
    var connection: ConnectionImage?
    /// Whether orders leave for a venue over a network; the simulated one rests then. Absent in the first two versions.
    var isRemote = false

    /// The number of the session that a body belongs to, without reading the rest.
    static func session(of body: [UInt8]) throws(MalformedBytes) -> UInt64 {
        var reader = ByteReader(body)
        guard (1...version).contains(try reader.byte()) else {
            throw MalformedBytes("the version of an engine's image is not known", at: 0)
        }
        return try reader.unsigned()
    }

    /// The instruments, in the order of their numbers.
    var instruments: [Instrument] { kernel.instruments }
}

extension EngineImage: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.byte(EngineImage.version)
        writer.unsigned(session)
        writer.value(kernel)
        writer.value(venue)
        writer.value(subscriptions)
        writer.array(tags)
        writer.signed(lastSecond)
        writer.optional(lastMinute)
        writer.value(marketTime)
        writer.optional(connection)
        writer.bool(isRemote)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        let version = try reader.byte()
        guard (1...EngineImage.version).contains(version) else {
            throw MalformedBytes("version \(version) of an engine's image is not known", at: reader.offset)
        }
        session = try reader.unsigned()
        kernel = try reader.value()
        venue = try reader.value()
        subscriptions = try reader.value()
        tags = try reader.array()
        lastSecond = try reader.signed()
        lastMinute = try reader.optional()
        marketTime = try reader.value()
        connection = version > 1 ? try reader.optional() : nil
        isRemote = version > 2 ? try reader.bool() : false
    }
}
