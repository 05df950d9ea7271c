/// Where an order is in its life.
public enum OrderState: UInt8, Sendable, Hashable, Codable, CaseIterable {
    /// Made, not yet judged.
    case initialized = 0
    /// The risk gate said no; it never left the house.
    case denied = 1
    /// On its way to the venue.
    case submitting = 2
    /// Sent, and nobody knows whether it arrived.
    case unknown = 3
    /// Working at the venue.
    case accepted = 4
    /// Its trigger traded; it works as a market or limit order now.
    case triggered = 5
    /// Filled in part, working on.
    case partiallyFilled = 6
    /// Filled wholly.
    case filled = 7
    /// Cancelled; what filled before stays filled.
    case canceled = 8
    /// Ended by its time in force.
    case expired = 9
    /// Refused by the venue.
    case rejected = 10
    /// Closed by inference, without proof from the venue.
    case lost = 11

    /// Whether the order can't fill any more as far as is known.
    @inlinable
    public var isClosed: Bool {
        switch self {
        case .denied, .filled, .canceled, .expired, .rejected, .lost: return true
        case .initialized, .submitting, .unknown, .accepted, .triggered, .partiallyFilled: return false
        }
    }

    /// The name shown to people and kept in files.
    public var name: String {
        switch self {
        case .initialized: return "initialized"
        case .denied: return "denied"
        case .submitting: return "submitting"
        case .unknown: return "unknown"
        case .accepted: return "accepted"
        case .triggered: return "triggered"
        case .partiallyFilled: return "partially-filled"
        case .filled: return "filled"
        case .canceled: return "canceled"
        case .expired: return "expired"
        case .rejected: return "rejected"
        case .lost: return "lost"
        }
    }
}
