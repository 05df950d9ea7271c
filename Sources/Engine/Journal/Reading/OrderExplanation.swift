public import Journal
public import Trading

/// Why an order was made and what became of it, as the journal tells.
public struct OrderExplanation: Sendable {
    /// The order as its newest record tells.
    public internal(set) var order: Order
    /// The order as it was made.
    public internal(set) var asMade: Order
    /// What the numbers stand for, as they did then.
    public internal(set) var text: RecordText
    /// The registration of the strategy that made it, as it was then.
    public internal(set) var registration: StrategyRegistration?
    /// What led to it, the first cause first: a candle, a command; for an order that protects what another bought, that
    /// order and its fill too.
    public internal(set) var causes: [JournalEntry] = []
    /// The candle that the strategy saw, and those of the same timeframe before it, oldest first.
    public internal(set) var candles: [JournalEntry] = []
    /// The signal that asked for it.
    public internal(set) var signal: JournalEntry?
    /// The risk gate's answer.
    public internal(set) var verdict: JournalEntry?
    /// The record that sent it; `nil` when it never was sent.
    public internal(set) var submission: JournalEntry?
    /// What was sent, what held it back, what its venue said, in order.
    public internal(set) var way: [JournalEntry] = []
    /// Its owner's position after its last fill.
    public internal(set) var position: JournalEntry?
    /// The account after the last that was heard of it.
    public internal(set) var account: JournalEntry?
    /// What the journal no longer tells, in words.
    public internal(set) var missing: [String] = []

    /// What its client order id is derived from; `nil` when it never was sent.
    public var submissionSequence: UInt64? { submission?.sequence }

    /// The records that led to something on its way (a cancel, new terms), by the number of the record on the way.
    public internal(set) var reasons: [UInt64: JournalEntry] = [:]

    /// How many candles before the one that it arose on are given.
    static let formerCandles = 3

    /// Explains an order; `nil` when the journal tells nothing of it.
    ///
    /// - Throws: `JournalError` when the journal is damaged or can't be read.
    public init?(_ id: OrderID, directory: String) throws(JournalError) {
        guard var story = try OrderStory(id, directory: directory) else { return nil }
        try story.complete()
        self = story.explanation
    }

    /// The order that a client order id names: the record that it derives from sent it.
    ///
    /// - Returns: `nil` when that record sent none.
    /// - Throws: `JournalError` when the journal is damaged or can't be read.
    public static func order(of id: ClientOrderID, directory: String) throws(JournalError) -> OrderID? {
        guard case .submit(let order) = try JournalEntry.read(id.sequence, directory)?.content, id.ordinal == 0 else {
            return nil
        }
        return order.id
    }

    init(_ order: Order, _ text: RecordText) {
        self.order = order
        asMade = order
        self.text = text
    }
}
