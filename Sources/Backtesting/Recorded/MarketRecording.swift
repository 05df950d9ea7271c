public import Market

/// Something that a market said while it was recorded.
public struct RecordedEvent: Sendable {
    /// When it was received; never before the one that came before it.
    public var time: Timestamp
    /// What it said.
    public var content: Content

    /// What a market says.
    public enum Content: Sendable {
        /// A new best bid and ask.
        case quote(Quote)
        /// A trade of the tape.
        case print(TradePrint)
        /// The visible levels of the book; one without levels says that nothing is known of it any more.
        case book(BookDepth)
        /// The minute that opened then is known as closed.
        case minute(Timestamp)
        /// The connection was lost: nothing is heard until more comes.
        case lost
        /// Something about the recording itself that whoever trusts it should know: a part is missing, or can't be read.
        case remark(String)
    }

    /// An event of its parts.
    public init(time: Timestamp, content: Content) {
        self.time = time
        self.content = content
    }

    /// Whether orders can meet it.
    var isPrice: Bool {
        switch content {
        case .quote, .print, .book: return true
        case .minute, .lost, .remark: return false
        }
    }
}

/// What a market said, played once from the beginning. Two of the same market say the same.
public protocol MarketRecording: AnyObject {
    /// Appends what came next, at least one event.
    ///
    /// - Returns: `false` at the end.
    /// - Throws: `RecordingError` when it can't be read on.
    func next(into events: inout [RecordedEvent]) throws(RecordingError) -> Bool
}

/// Why a recording can't be played on.
public struct RecordingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in words.
    public let description: String

    /// An error in words.
    public init(_ description: String) { self.description = description }
}

/// A recording that a run plays from its beginning.
public struct RecordedFills: Sendable {
    /// How it is called in messages and reports.
    public var name: String
    /// Opens it.
    public var open: @Sendable () throws(RecordingError) -> any MarketRecording

    /// A recording by its name and how it is opened.
    public init(name: String, open: @escaping @Sendable () throws(RecordingError) -> any MarketRecording) {
        self.name = name
        self.open = open
    }
}
