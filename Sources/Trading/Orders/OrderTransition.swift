/// What a report does to an order's state.
enum OrderTransition: Equatable {
    /// The order moves to another state.
    case move(to: OrderState)
    /// The order stays; the report is late, a duplicate or only about its terms.
    case stay
    /// The order stays, and somebody should look at it: the report contradicts what was known.
    case anomaly
    /// The order moves although it was closed, and somebody should look at it.
    case revive(to: OrderState)
}

extension OrderState {
    /// The one table of order life, fills apart: what each report does in each state. See docs/orders.md.
    ///
    /// Fills do not stand here because they are applied in every state in which the order can have reached a venue;
    /// `OrderLedger` does it.
    func transition(on kind: OrderReport.Kind) -> OrderTransition {
        switch kind {
        case .filled, .amended, .cancelRejected, .amendRejected:
            return self == .denied || self == .initialized ? .anomaly : .stay
        case .accepted:
            switch self {
            case .submitting, .unknown: return .move(to: .accepted)
            case .lost: return .revive(to: .accepted)
            case .initialized, .denied: return .anomaly
            case .accepted, .triggered, .partiallyFilled, .filled, .canceled, .expired, .rejected: return .stay
            }
        case .rejected:
            switch self {
            case .submitting, .unknown, .accepted, .triggered, .partiallyFilled, .lost: return .move(to: .rejected)
            case .filled, .initialized, .denied: return .anomaly
            case .canceled, .expired, .rejected: return .stay
            }
        case .canceled:
            return closing(to: .canceled)
        case .expired:
            return closing(to: .expired)
        case .triggered:
            switch self {
            case .submitting, .unknown, .accepted: return .move(to: .triggered)
            case .lost: return .revive(to: .triggered)
            case .initialized, .denied: return .anomaly
            case .triggered, .partiallyFilled, .filled, .canceled, .expired, .rejected: return .stay
            }
        case .unanswered:
            return self == .submitting ? .move(to: .unknown) : .stay
        case .notFound:
            switch self {
            case .unknown: return .move(to: .lost)
            case .submitting, .accepted, .triggered: return .move(to: .unknown)
            case .partiallyFilled: return .move(to: .canceled)
            case .initialized, .denied, .filled, .canceled, .expired, .rejected, .lost: return .stay
            }
        }
    }

    private func closing(to state: OrderState) -> OrderTransition {
        switch self {
        case .submitting, .unknown, .accepted, .triggered, .partiallyFilled, .lost: return .move(to: state)
        case .initialized, .denied: return .anomaly
        case .filled, .canceled, .expired, .rejected: return .stay
        }
    }
}
