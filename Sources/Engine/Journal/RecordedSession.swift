public import Bytes
public import Simulation

/// What a checkpoint holds of a session that is run again.
public enum RecordedSession {
    /// Kernel and venue of the body of a checkpoint.
    ///
    /// - Throws: `MalformedBytes` when the body is none, or of another release.
    public static func state(_ body: [UInt8]) throws(MalformedBytes) -> SessionState {
        var reader = ByteReader(body)
        let image = try EngineImage(from: &reader)
        try reader.expectEnd()
        return SessionState(kernel: image.kernel, venue: image.venue)
    }
}
