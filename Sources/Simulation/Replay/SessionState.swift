public import Bytes
public import Trading

/// What a checkpoint holds: the kernel, the simulated venue where there is one, and bytes of the engine's own.
public struct SessionState: Sendable {
    /// The kernel.
    public var kernel: KernelImage
    /// The simulated venue; `nil` where another venue fills.
    public var venue: SimulatedVenueImage?
    /// What the engine keeps beside them, in its own form.
    public var engine: [UInt8]

    /// A state of its parts.
    public init(kernel: KernelImage, venue: SimulatedVenueImage?, engine: [UInt8] = []) {
        self.kernel = kernel
        self.venue = venue
        self.engine = engine
    }
}

extension SessionState: BinaryCodable {
    private static let version: UInt8 = 1

    /// Appends the form's version and the parts.
    public func write(to writer: inout ByteWriter) {
        writer.byte(SessionState.version)
        writer.value(kernel)
        writer.optional(venue)
        writer.block(engine)
    }

    /// Reads a state.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let version = try reader.byte()
        guard version == SessionState.version else {
            throw reader.malformed("version \(version) of a checkpoint is not known")
        }
        kernel = try reader.value()
        venue = try reader.optional()
        engine = Array(try reader.block())
    }
}
