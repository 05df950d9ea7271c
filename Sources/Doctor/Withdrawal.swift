import Market
import Venues

/// Takes an order back, whatever became of placing it, and says what is known of it then.
///
/// A cancel can be sent again and again: it names one order. So an order of which nobody knows whether it was taken is
/// cancelled as if it were there, and looked up, until the venue says what became of it.
struct Withdrawal {
    let client: SpotAccountClient
    let instrument: Instrument
    let clientOrderID: String
    /// How long is waited before each attempt.
    let pauses: [Duration]

    /// What is known in the end.
    enum Ending {
        /// It has ended: cancelled, or otherwise; the order says how much of it filled.
        case gone(SpotOrder)
        /// The venue does not know it, however often it was asked.
        case absent
        /// It may be open.
        case doubtful(String)
    }

    func run() async -> Ending {
        var words = ""
        var isAbsent = false
        for pause in pauses {
            if pause > .zero { try? await Task.sleep(for: pause) }
            let outcome = await client.cancel(.clientOrderID(clientOrderID), of: instrument)
            if let order = outcome.value, order.status.isFinal { return .gone(order) }
            words = BinanceDoctor.words(outcome)
            isAbsent = false
            // Whatever came of the cancel: the order itself says where it stands.
            switch await client.order(.clientOrderID(clientOrderID), of: instrument) {
            case .confirmed(let order):
                if order.status.isFinal { return .gone(order) }
                words = "it is \(order.status.rawValue); the cancel: \(words)"
            case .refused(let refusal) where refusal.reason == .noSuchOrder || refusal.reason == .archived:
                // Right after it was sent this proves nothing: the venue's answers can lag.
                isAbsent = true
            case let other: words = BinanceDoctor.words(other)
            }
        }
        return isAbsent ? .absent : .doubtful(words)
    }
}
