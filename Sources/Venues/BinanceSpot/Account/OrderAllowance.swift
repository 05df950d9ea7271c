import Synchronization

/// Holds orders back while the account has too many that have not filled. Everything else leaves meanwhile, cancels first of
/// all: they are what makes room.
final class OrderAllowance: Sendable {
    private let end = Mutex<ContinuousClock.Instant?>(nil)

    /// Why an order is not sent now; `nil` when it may be. The venue counts attempts, too.
    func denial(_ asked: SpotAsked, at now: ContinuousClock.Instant) -> VenueDenial? {
        guard asked == .place || asked == .replace, let end = end.withLock({ $0 }), end > now else { return nil }
        let words = "nothing is sent: the account has too many unfilled orders"
        return VenueDenial(.tooManyOrders, retryAfter: end - now, words)
    }

    /// Learns from the outcome of a request.
    func take<Value>(_ outcome: RequestOutcome<Value>, at now: ContinuousClock.Instant) {
        guard case .denied(let denial) = outcome, denial.reason == .tooManyOrders else { return }
        // The shorter of the venue's two windows, where it does not say which.
        end.withLock { $0 = now + (denial.retryAfter ?? .seconds(10)) }
    }
}
