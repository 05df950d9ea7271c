import Market
import Network
import Synchronization

/// Holds orders that open back before the account has too many that have not filled, or while the venue says that it has.
/// Everything else leaves meanwhile, cancels first of all: they are what makes room.
///
/// The venue counts in windows of its own time, and tells the counts with every order that it took. What is under way counts,
/// too. Fills take orders off the count, which only the next answer shows: so a count is believed for a minute.
final class OrderAllowance: Sendable {
    /// How long a count is believed, in nanoseconds.
    private static let lifetime: Int64 = 60_000_000_000

    private struct State {
        var end: ContinuousClock.Instant?
        var windows: [Window] = []
        /// Orders that were sent and not answered.
        var underWay: Int64 = 0
    }

    /// What the account may have in a time.
    private struct Window {
        /// In seconds.
        let length: Int64
        var limit: Int64
        var count: Int64
        var heard: Timestamp

        /// What counts at a time of the venue.
        func used(at time: Timestamp) -> Int64 {
            let isOfNow = heard.seconds / length == time.seconds / length
            return isOfNow && time.nanoseconds(since: heard) < lifetime ? count : 0
        }

        /// The most that orders that open use up: a tenth is for those that close.
        var room: Int64 { limit - limit / 10 }

        /// How the venue calls it in the header that tells its count.
        var header: String {
            let units: [(Int64, String)] = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")]
            let unit = units.first { length % $0.0 == 0 } ?? (1, "s")
            return "x-mbx-order-count-\(length / unit.0)\(unit.1)"
        }
    }

    private let state = Mutex(State())

    /// Why an order is not sent now; `nil` when it may be. The venue counts attempts, too; what closes or protects is sent all
    /// the same, for fills make room that only the venue knows of.
    func denial(_ asked: SpotAsked, _ priority: RequestPriority, at now: ContinuousClock.Instant) -> VenueDenial? {
        guard asked == .place || asked == .replace, priority <= .open, let end = state.withLock({ $0.end }), end > now
        else { return nil }
        let words = "nothing that opens is sent: the account has too many unfilled orders"
        return VenueDenial(.tooManyOrders, retryAfter: end - now, words)
    }

    /// Learns from the outcome of a request.
    func take<Value>(_ outcome: RequestOutcome<Value>, at now: ContinuousClock.Instant) {
        guard case .denied(let denial) = outcome, denial.reason == .tooManyOrders else { return }
        // The shorter of the venue's two windows, where it does not say which.
        state.withLock { $0.end = now + (denial.retryAfter ?? .seconds(10)) }
    }

    // MARK: - Before the venue says so

    /// Takes the limits of the account, and what counts against them at a time of the venue.
    func learn(_ counts: [SpotOrderCount], at time: Timestamp) {
        state.withLock { state in
            state.windows = counts.compactMap { count in
                let length = count.window.components.seconds
                guard length > 0, count.limit > 0 else { return nil }
                return Window(
                    length: length, limit: Int64(count.limit), count: Int64(count.count), heard: time)
            }
        }
    }

    /// Whether the limits are known.
    var isKnown: Bool { state.withLock { !$0.windows.isEmpty } }

    /// Takes what an answer says of the counts at a time of the venue; most answers say nothing.
    func hear(_ headers: [String: String], at time: Timestamp?) {
        guard let time else { return }
        state.withLock { state in
            for index in state.windows.indices {
                guard let count = headers[state.windows[index].header].flatMap({ Int64($0) }), count >= 0 else {
                    continue
                }
                state.windows[index].count = count
                state.windows[index].heard = time
            }
        }
    }

    /// Begins to send orders, which count until `end`.
    ///
    /// - Parameter opens: whether they open a position: others are sent at the limit, too, for the venue to judge.
    /// - Returns: why they are not to be sent; `nil` when they may be.
    func begin(_ orders: Int, opens: Bool, at time: Timestamp?) -> VenueDenial? {
        state.withLock { state in
            let orders = Int64(orders)
            if opens, let time {
                for window in state.windows where window.used(at: time) + state.underWay + orders > window.room {
                    let left = window.length * 1_000_000_000 - time.nanoseconds % (window.length * 1_000_000_000)
                    return VenueDenial(
                        .tooManyOrders, retryAfter: .nanoseconds(min(left, OrderAllowance.lifetime)),
                        "nothing that opens is sent: of the \(window.limit) unfilled orders that the account may have in "
                            + "\(window.length) s no more than a tenth is left, for orders that close")
                }
            }
            state.underWay += orders
            return nil
        }
    }

    /// So many orders that were begun have an answer, or none will come.
    func end(_ orders: Int) { state.withLock { $0.underWay -= Int64(orders) } }
}

extension SpotAccountClient {
    /// Sends orders, which count against the account's limits.
    func counted<Value>(
        _ orders: Int, _ priority: RequestPriority, _ send: () async -> RequestOutcome<Value>
    ) async -> RequestOutcome<Value> {
        if let denial = allowance.begin(orders, opens: priority <= .open, at: clock.now) { return .denied(denial) }
        defer { allowance.end(orders) }
        return await send()
    }

    /// Takes what an answer says of the counts of orders.
    func heed(_ response: HTTPResponse) { allowance.hear(response.headers, at: clock.now) }
}
