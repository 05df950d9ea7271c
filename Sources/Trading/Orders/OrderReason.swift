/// Why an order was denied, rejected, cancelled or expired.
public enum OrderReason: UInt8, Sendable, Hashable, Codable, CaseIterable {
    /// No reason: the order goes its usual way.
    case none
    /// The risk gate said no; the verdict names the checks.
    case riskGate
    /// A person cancelled it.
    case cancelledByOperator
    /// Its strategy withdrew it.
    case cancelledByStrategy
    /// Its strategy was disabled, halted or removed.
    case strategyStopped
    /// The emergency stop cancelled it.
    case emergencyStop
    /// Another order of its group filled.
    case groupFilled
    /// Its terms contradict each other or the instrument's rules.
    case invalidTerms
    /// There was not enough free balance at the fill.
    case insufficientBalance
    /// It was post-only and would have taken liquidity.
    case wouldTake
    /// It was immediate-or-cancel or fill-or-kill and did not fill (wholly).
    case notFilledAtOnce
    /// It was reduce-only and there was nothing to reduce.
    case nothingToReduce
    /// The amount to spend buys less than the smallest order.
    case tooSmall
    /// The data ended.
    case endOfData
    /// The venue gave another reason.
    case venue
    /// Its fate could not be proved within the time allowed.
    case lost
    /// It was given up as lost, came back, and another order stands in its place.
    case superseded
    /// It never was an order: it books what a venue proved against our books.
    case reconciled

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
        }
    }
}
