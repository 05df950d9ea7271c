/// The answer to a request that was sent over a market data connection.
public struct StreamAnswer: Sendable, Hashable {
    /// Which request it answers.
    public var id: RequestID
    /// What came of it.
    public var outcome: Outcome

    /// An answer of its parts.
    public init(id: RequestID, outcome: Outcome) {
        self.id = id
        self.outcome = outcome
    }

    /// The identifier that a request carried.
    public enum RequestID: Sendable, Hashable {
        /// A whole number.
        case number(Int64)
        /// A text.
        case text(String)
        /// None: what the venue could not read has none.
        case none
    }

    /// What came of a request.
    public enum Outcome: Sendable, Hashable {
        /// It was done.
        case done
        /// The streams that the connection has.
        case streams([String])
        /// A value that was asked for, as it stands in the message.
        case value(String)
        /// The venue refused it, with its number of the error, where it gave one, and its words.
        case refused(code: Int64?, message: String)
    }
}
