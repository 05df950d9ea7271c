/// What can be heard of an order: the columns of the table in docs/orders.md.
enum OrderNews: CaseIterable {
    case accepted
    case rejected
    case canceled
    case expired
    case triggered
    /// A fill that leaves something to fill.
    case filledInPart
    /// The fill that completes it, or more.
    case filledWholly
    case cancelRefused
    case amended
    case amendRefused
    case unanswered
    case cancelUnanswered
    case amendUnanswered
    case notFound
}

/// What news does to an order's state.
enum OrderTransition: Equatable {
    /// The order moves to another state.
    case move(to: OrderState)
    /// The order stays; the news is late, a duplicate or only about its terms.
    case stay
    /// The order stays, and a person should look at it: the news contradicts what was known.
    case alert
    /// The order moves although it was closed, and a person should look at it.
    case revive(to: OrderState)
    /// The order stays, and its venue is asked where it stands.
    case ask
    /// The order stays. News that is later, by the venue's clock, than what closed the order is a contradiction: a person
    /// should look at it, and the venue is asked.
    case askIfLater
    /// The order stays and its venue is asked again, until its absence is proved: then it moves.
    case prove(to: OrderState)
}

extension OrderState {
    /// The one table of order life: what each piece of news does in each state. docs/orders.md prints it.
    ///
    /// The columns about requests (a cancel, an amendment) say what they do to the state; the flags beside it are
    /// `OrderLedger`'s.
    func transition(on news: OrderNews) -> OrderTransition {
        if self == .initialized || self == .denied {
            // Nothing of it can have reached a venue.
            return news == .unanswered || news == .notFound ? .stay : .alert
        }
        switch news {
        case .accepted: return onAcceptance
        case .triggered: return onTrigger
        case .rejected: return self == .filled ? .alert : closing(to: .rejected)
        case .canceled: return closing(to: .canceled)
        case .expired: return closing(to: .expired)
        case .filledInPart: return onPartialFill
        case .filledWholly: return onCompletion
        case .cancelRefused, .amendRefused, .cancelUnanswered, .amendUnanswered: return isClosed ? .stay : .ask
        case .amended: return self == .lost ? .ask : .stay
        case .unanswered: return onSilence
        case .notFound: return onAbsence
        }
    }

    private var onAcceptance: OrderTransition {
        switch self {
        case .submitting, .unknown: return .move(to: .accepted)
        case .lost: return .revive(to: .accepted)
        case .canceled, .expired, .rejected: return .askIfLater
        case .initialized, .denied, .accepted, .triggered, .partiallyFilled, .filled: return .stay
        }
    }

    private var onTrigger: OrderTransition {
        switch self {
        case .submitting, .unknown, .accepted: return .move(to: .triggered)
        case .lost: return .revive(to: .triggered)
        case .canceled, .expired, .rejected: return .askIfLater
        case .initialized, .denied, .triggered, .partiallyFilled, .filled: return .stay
        }
    }

    private var onPartialFill: OrderTransition {
        switch self {
        case .submitting, .unknown, .accepted, .triggered, .partiallyFilled: return .move(to: .partiallyFilled)
        case .lost: return .revive(to: .partiallyFilled)
        case .initialized, .denied, .filled, .canceled, .expired, .rejected: return .alert
        }
    }

    private var onCompletion: OrderTransition {
        switch self {
        case .submitting, .unknown, .accepted, .triggered, .partiallyFilled: return .move(to: .filled)
        case .canceled, .expired, .rejected, .lost: return .revive(to: .filled)
        case .initialized, .denied, .filled: return .alert
        }
    }

    private var onSilence: OrderTransition {
        switch self {
        case .submitting: return .move(to: .unknown)
        case .accepted, .triggered, .partiallyFilled: return .ask
        case .initialized, .denied, .unknown, .filled, .canceled, .expired, .rejected, .lost: return .stay
        }
    }

    private var onAbsence: OrderTransition {
        switch self {
        case .submitting, .accepted, .triggered: return .move(to: .unknown)
        case .unknown: return .prove(to: .lost)
        case .partiallyFilled: return .prove(to: .canceled)
        case .initialized, .denied, .filled, .canceled, .expired, .rejected, .lost: return .stay
        }
    }

    private func closing(to state: OrderState) -> OrderTransition {
        switch self {
        case .submitting, .unknown, .accepted, .triggered, .partiallyFilled, .lost: return .move(to: state)
        case .initialized, .denied, .filled, .canceled, .expired, .rejected: return .stay
        }
    }
}
