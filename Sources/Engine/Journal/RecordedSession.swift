public import Bytes
public import Market
public import Simulation
public import Trading

/// What the journal says of a session that is run again.
public enum RecordedSession {
    /// How a session began.
    public struct Start: Sendable, Hashable {
        /// Its number, counted on the data directory.
        public var number: UInt64
        /// The release that ran it.
        public var version: String
        /// When, by the wall clock.
        public var wallTime: Timestamp
    }

    /// Kernel and venue of the body of a checkpoint.
    ///
    /// - Throws: `MalformedBytes` when the body is none, or of another release.
    public static func state(_ body: [UInt8]) throws(MalformedBytes) -> SessionState {
        var reader = ByteReader(body)
        let image = try EngineImage(from: &reader)
        try reader.expectEnd()
        return SessionState(kernel: image.kernel, venue: image.venue)
    }

    /// What a record of the beginning of a session says; `nil` when it is none.
    public static func start(_ kind: Trading.JournalKind?, _ payload: ArraySlice<UInt8>) -> Start? {
        guard kind == .sessionStart else { return nil }
        var reader = ByteReader(payload)
        guard let start = try? SessionStart(from: &reader) else { return nil }
        return Start(number: start.number, version: start.version, wallTime: start.wallTime)
    }

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
