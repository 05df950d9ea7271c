public import Bytes
public import Simulation
public import Trading

/// What the journal says of a session that is run again.
public enum RecordedSession {
    /// Kernel and venue of the body of a checkpoint.
    ///
    /// - Throws: `MalformedBytes` when the body is none, or of another release.
    public static func state(_ body: [UInt8]) throws(MalformedBytes) -> SessionState {
        var reader = ByteReader(body)
        let image = try EngineImage(from: &reader)
        try reader.expectEnd()
        return SessionState(kernel: image.kernel, venue: image.isRemote ? nil : image.venue)
    }

    /// The number of the session that the body of a checkpoint belongs to.
    ///
    /// - Throws: `MalformedBytes` when the body is none, or of another release.
    public static func number(_ body: [UInt8]) throws(MalformedBytes) -> UInt64 { try EngineImage.session(of: body) }

    /// The strategy that a record keeps out of the step of an input, with the input's number.
    ///
    /// - Throws: `MalformedBytes` when the record is none such.
    public static func suspension(
        _ payload: ArraySlice<UInt8>
    ) throws(MalformedBytes) -> (input: UInt64, strategy: StrategyID) {
        var reader = ByteReader(payload)
        let suspension = try Suspension(from: &reader)
        return (suspension.input, suspension.strategy)
    }
}
