/// Why an order was denied, rejected, cancelled or expired.
public enum OrderReason: UInt8, Sendable, Hashable, Codable, CaseIterable {
    /// No reason: the order goes its usual way.
    case none = 0
    /// The risk gate said no; the verdict names the checks.
    case riskGate = 1
    /// A person cancelled it.
    case cancelledByOperator = 2
    /// Its strategy withdrew it.
    case cancelledByStrategy = 3
    /// Its strategy was disabled, halted or removed.
    case strategyStopped = 4
    /// The emergency stop cancelled it.
    case emergencyStop = 5
    /// Another order of its group filled.
    case groupFilled = 6
    /// Its terms contradict each other or the instrument's rules.
    case invalidTerms = 7
    /// There was not enough free balance at the fill.
    case insufficientBalance = 8
    /// It was post-only and would have taken liquidity.
    case wouldTake = 9
    /// It was immediate-or-cancel or fill-or-kill and did not fill (wholly).
    case notFilledAtOnce = 10
    /// It was reduce-only and there was nothing to reduce.
    case nothingToReduce = 11
    /// The amount to spend buys less than the smallest order.
    case tooSmall = 12
    /// The data ended.
    case endOfData = 13
    /// The venue gave another reason.
    case venue = 14
    /// Its fate could not be proved within the time allowed.
    case lost = 15
    /// It was given up as lost, came back, and another order stands in its place.
    case superseded = 16
    /// It never was an order: it books what a venue proved against our books.
    case reconciled = 17
    /// The journal could not be written, so that it never left.
    case journal = 18
    /// The account was not compared with its venue since the connection was lost, so that it never left.
    case unreconciled = 19
    /// The market is beyond its trigger, or beyond the price at which it would rest, already.
    case overtaken = 20
    /// It was not sent, and nothing is wrong with it.
    case notSent = 21
    /// Its margin no longer carried a position, and the venue closed it.
    case liquidated = 22
    /// It would have opened more than the free margin carries.
    case insufficientMargin = 23
    /// It would have traded with another order of the account, which the venue was asked to prevent.
    case selfTrade = 24
    /// It was an entry, and the stop of what it had bought so far went off.
    case stopWentOff = 25

    /// The reason in words.
    public var text: String {
        switch self {
        case .none: return ""
        case .riskGate: return "denied by the risk gate"
        case .cancelledByOperator: return "cancelled by the operator"
        case .cancelledByStrategy: return "withdrawn by its strategy"
        case .strategyStopped: return "its strategy stopped"
        case .emergencyStop: return "emergency stop"
        case .groupFilled: return "the other order of its pair filled"
        case .invalidTerms: return "terms the venue does not take"
        case .insufficientBalance: return "insufficient balance"
        case .wouldTake: return "post-only, and it would have taken liquidity"
        case .notFilledAtOnce: return "not filled at once"
        case .nothingToReduce: return "reduce-only, and nothing to reduce"
        case .tooSmall: return "the amount buys less than the smallest order"
        case .endOfData: return "end of the data"
        case .venue: return "refused by the venue"
        case .lost: return "its fate is unknown"
        case .superseded: return "another order took its place"
        case .reconciled: return "books what the venue proved"
        case .journal: return "the journal could not be written; it never left"
        case .unreconciled: return "the account is not compared with the venue; it never left"
        case .overtaken: return "the market is there already"
        case .notSent: return "it could not be sent"
        case .liquidated: return "the position was liquidated"
        case .insufficientMargin: return "insufficient free margin"
        case .selfTrade: return "kept from trading with another order of the account"
        case .stopWentOff: return "its stop went off"
        }
    }
}
