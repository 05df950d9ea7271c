/// What a request is for. The more urgent it is, the more of a venue's limit it may use up.
public enum RequestPriority: Int, Sendable, Hashable, CaseIterable, Comparable {
    /// Market data, history, instruments.
    case data
    /// An order that opens or enlarges a position.
    case open
    /// A question about orders and what is held.
    case question
    /// An order that makes a position smaller.
    case reduce
    /// A stop-loss or another order that protects a position.
    case protective
    /// A cancel.
    case cancel

    /// The share of the limit that may be used up by requests of this and lower priority, in percent: a fifth is for
    /// cancels alone, and data never take what orders need.
    var percentOfLimit: Int64 {
        switch self {
        case .data: return 70
        case .open: return 74
        case .question: return 76
        case .reduce: return 77
        case .protective: return 80
        case .cancel: return 100
        }
    }

    /// The circuit that its failures count for; `nil` for cancels, which no circuit holds back.
    var circuit: CircuitClass? {
        switch self {
        case .data: return .data
        case .open: return .opening
        case .question: return .asking
        case .reduce, .protective: return .reducing
        case .cancel: return nil
        }
    }

    /// Whether the first is less urgent.
    public static func < (a: RequestPriority, b: RequestPriority) -> Bool { a.rawValue < b.rawValue }
}

/// Requests whose failures say something about each other.
enum CircuitClass: Int, Sendable, Hashable, CaseIterable {
    /// Market data, history, instruments.
    case data
    /// Orders that open.
    case opening
    /// Questions about orders: that they are not answered says nothing of orders that reduce or protect, which are not to
    /// wait for them.
    case asking
    /// Orders that reduce or protect.
    case reducing
}
