public import Market

/// When an order that nobody answered for is asked about, and when it is given up.
public struct InquiryOptions: Sendable, Hashable {
    /// How long a request may go without an answer before it counts as unanswered.
    public var answerSeconds: Int64
    /// How long the first question waits; each further one waits twice as long.
    public var firstPauseSeconds: Int64
    /// The longest wait between two questions.
    public var longestPauseSeconds: Int64
    /// How long a request may still reach its venue: before this has passed no absence proves anything.
    public var validitySeconds: Int64
    /// How many times the venue must say that it does not know an order before that is believed.
    public var absencesNeeded: Int

    /// Options of their parts.
    public init(
        answerSeconds: Int64 = 5, firstPauseSeconds: Int64 = 1, longestPauseSeconds: Int64 = 30,
        validitySeconds: Int64 = 60, absencesNeeded: Int = 3
    ) {
        self.answerSeconds = answerSeconds
        self.firstPauseSeconds = firstPauseSeconds
        self.longestPauseSeconds = longestPauseSeconds
        self.validitySeconds = validitySeconds
        self.absencesNeeded = absencesNeeded
    }

    /// The pause after a number of questions: 1 s, 2 s, 4 s … up to the longest.
    func pause(after questions: Int) -> Int64 {
        min(longestPauseSeconds, firstPauseSeconds << Int64(min(questions, 20)))
    }
}

/// An order whose venue is being asked what became of it.
public struct Inquiry: Sendable, Hashable {
    /// Which order.
    public var order: OrderID
    /// When the doubt arose.
    public var since: Timestamp
    /// When the next question is due.
    public var nextQuestion: Timestamp
    /// How many questions have been asked.
    public var questions: Int
    /// How many times the venue said that it does not know the order.
    public var absences: Int
    /// How many times the venue counted more filled than it reported fills for.
    public var gaps: Int
    /// Whether nothing but a refused cancel or amendment gave rise to it: then the order's end answers it too. Where an
    /// answer is missing, fills may be missing as well, and only the venue's full view ends the questions.
    public var isFromRefusal: Bool

    /// An inquiry that begins.
    public init(order: OrderID, since: Timestamp, nextQuestion: Timestamp, isFromRefusal: Bool = false) {
        self.order = order
        self.since = since
        self.nextQuestion = nextQuestion
        questions = 0
        absences = 0
        gaps = 0
        self.isFromRefusal = isFromRefusal
    }
}
