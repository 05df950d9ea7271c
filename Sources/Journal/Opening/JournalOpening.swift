/// What was found, and done, when a journal was opened.
public struct JournalOpening: Hashable, Sendable {
    /// The stream of decisions.
    public internal(set) var decisions: StreamOpening
    /// The stream of market updates.
    public internal(set) var market: StreamOpening
    /// Damage that was accepted because of an override.
    public internal(set) var accepted: [JournalError] = []

    /// Whether nothing was ever written.
    public var isNew: Bool { decisions.lastSequence == 0 && market.lastSequence == 0 }

    /// What was cut of torn tails.
    public var cuts: [JournalCut] { [decisions.cut, market.cut].compactMap(\.self) }
}

/// How far a stream goes, and what had to be cut of it.
public struct StreamOpening: Hashable, Sendable {
    /// The last record; 0 where there is none.
    public internal(set) var lastSequence: UInt64
    /// The digest of the last record.
    public internal(set) var lastHash: JournalHash
    /// The time of the last record.
    public internal(set) var lastTime: Int64
    /// The market position of the last record; in the market stream the number of the last update.
    public internal(set) var lastPosition: UInt64
    /// What was cut of a torn tail.
    public internal(set) var cut: JournalCut?
}

/// Bytes at the end of a stream that were not yet a whole record when the process or the machine ended.
public struct JournalCut: Hashable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// Where it was cut.
    public let offset: Int
    /// How many bytes were removed, reserved zeros not counted.
    public let bytes: Int
    /// The record that would have stood there.
    public let sequence: UInt64
    /// What was wrong with them.
    public let reason: String

    /// One line for the log.
    public var description: String {
        "\(path): cut \(bytes) bytes at byte \(offset), where record \(sequence) was not complete: \(reason)"
    }
}
