/// Finds out what became of an order that nobody answered for: what to ask, when, and what the answers prove.
///
/// A value without a clock. It says what is to be done next; whoever drives it does that and tells what came of it.
///
///     pause → ask for the order → pause → … → last pause → ask for the order → ask for the open orders → absent
///
/// - What the private stream tells of the order ends it at once, and so does an answer that knows the order.
/// - That the venue does not know the order proves nothing before the last pause is over: its answers can lag behind, and
///   until the request's validity has run out it can still be taken in.
/// - A question that brought no answer is asked again and counts for nothing.
/// - Absence is proved by the last question, by the open orders after it, and by a stream that stood all the while. When
///   events may have been missed in between, the last pause and the questions after it are made once more.
public struct OrderResolution: Sendable, Hashable {
    /// What is to be done next.
    public enum Step: Sendable, Hashable {
        /// To wait, unless the stream tells of the order.
        case pause(Duration)
        /// To ask for the order.
        case askForOrder
        /// To ask for the open orders of its instrument.
        case askForOpenOrders
        /// Nothing more: it is there.
        case found(StandingOrder)
        /// Nothing more: it is not there, and never will be.
        case absent
    }

    /// The usual pauses: after the last a request of five seconds' validity has long run out.
    public static let usualPauses: [Duration] = [
        .milliseconds(500), .seconds(1), .seconds(2), .seconds(5), .seconds(10),
    ]

    private enum Place: Hashable {
        case before(Int)
        case asking(Int)
        case listing
        case over(StandingOrder?)
    }

    private let pauses: [Duration]
    private var place = Place.before(0)
    private var hasMissed = false
    /// How many questions were answered with the order being unknown.
    public private(set) var absences = 0

    /// The beginning.
    ///
    /// - Parameter pauses: the waits before the questions, at least one.
    public init(pauses: [Duration] = OrderResolution.usualPauses) {
        precondition(!pauses.isEmpty, "without a pause nothing is proved")
        self.pauses = pauses
    }

    /// What is to be done next.
    public var next: Step {
        switch place {
        case .before(let index): return .pause(pauses[index])
        case .asking: return .askForOrder
        case .listing: return .askForOpenOrders
        case .over(let order): return order.map { .found($0) } ?? .absent
        }
    }

    /// A pause is over.
    public mutating func waited() {
        if case .before(let index) = place { place = .asking(index) }
    }

    /// A question for the order was answered.
    ///
    /// - Parameter order: the order; `nil` when the venue does not know it.
    public mutating func answered(_ order: StandingOrder?) {
        guard case .asking(let index) = place else { return }
        if let order {
            place = .over(order)
            return
        }
        absences += 1
        place = index + 1 < pauses.count ? .before(index + 1) : .listing
    }

    /// The question for the open orders was answered.
    ///
    /// - Parameter order: the order, when it is among them.
    public mutating func listed(_ order: StandingOrder?) {
        guard place == .listing else { return }
        if let order {
            place = .over(order)
        } else if hasMissed {
            hasMissed = false
            place = .before(pauses.count - 1)
        } else {
            place = .over(nil)
        }
    }

    /// A question brought no answer.
    public mutating func unanswered() {
        switch place {
        case .asking(let index): place = .before(index)
        case .listing: place = .before(pauses.count - 1)
        case .before, .over: break
        }
    }

    /// The stream told of the order. That wins over whatever was answered.
    public mutating func told(_ order: StandingOrder) { place = .over(order) }

    /// Events may have been missed.
    public mutating func missed() { hasMissed = true }
}
