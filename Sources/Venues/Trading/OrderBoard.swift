import Synchronization

/// What the private stream told last of each order, and whoever waits to hear of one.
///
/// The stream's word wins over answers that were lost: an order whose answer does not come is often told of while its
/// request still hangs.
final class OrderBoard: Sendable {
    private struct Waiter {
        var id: String
        var continuation: CheckedContinuation<StandingOrder?, Never>
        var timer: Task<Void, Never>?
    }

    private struct State {
        var last: Recent<String, StandingOrder>
        /// The numbers that orders were placed with, by the venue's own.
        var clientIDs: Recent<String, String>
        var waiters: [UInt64: Waiter] = [:]
        var nextWaiter: UInt64 = 0
        var gaps: UInt64 = 0
        var isStanding = true
    }

    private let state: Mutex<State>

    init(capacity: Int) {
        state = Mutex(State(last: Recent(capacity: capacity), clientIDs: Recent(capacity: capacity)))
    }

    /// How many interruptions there were: losses, and gaps.
    var gaps: UInt64 { state.withLock { $0.gaps } }

    /// What the stream told last of an order.
    func last(_ clientOrderID: String) -> StandingOrder? { state.withLock { $0.last[clientOrderID] } }

    /// Whether the stream told of an order at least as much as is known of it otherwise.
    func hasHeard(_ order: StandingOrder) -> Bool {
        guard let heard = last(order.clientOrderID) else { return false }
        return heard.status.filled >= order.status.filled && (order.isOpen || !heard.isOpen)
    }

    /// The number that an order was placed with.
    func clientOrderID(of venueID: String, in symbol: String) -> String? {
        state.withLock { $0.clientIDs[symbol + " " + venueID] }
    }

    /// Learns the numbers of an order.
    func learn(_ order: StandingOrder) {
        state.withLock { $0.clientIDs.put(order.instrument.symbol + " " + order.venueID, order.clientOrderID) }
    }

    /// The stream tells of an order.
    func tell(_ order: StandingOrder) {
        let waiting = state.withLock { state in
            state.clientIDs.put(order.instrument.symbol + " " + order.venueID, order.clientOrderID)
            state.last.put(order.clientOrderID, order)
            let waiting = state.waiters.filter { $0.value.id == order.clientOrderID }
            for key in waiting.keys { state.waiters[key] = nil }
            return waiting.values
        }
        for waiter in waiting {
            waiter.timer?.cancel()
            waiter.continuation.resume(returning: order)
        }
    }

    /// Whether the stream tells what happens: it is not lost, or was begun again.
    var isStanding: Bool { state.withLock { $0.isStanding } }

    /// Events may have been missed: the stream was lost, or stands again.
    func miss(isStanding: Bool) {
        state.withLock { state in
            state.gaps += 1
            state.isStanding = isStanding
        }
    }

    /// Waits until the stream has told of an order, or until something else is over.
    ///
    /// - Parameter pause: returns when the time is over, also when its task is cancelled.
    /// - Returns: the order; `nil` when the time is over or the task was cancelled.
    func wait(for clientOrderID: String, _ pause: @escaping @Sendable () async -> Void) async -> StandingOrder? {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known: StandingOrder? = state.withLock { state in
                    if let order = state.last[clientOrderID] { return order }
                    state.waiters[number] = Waiter(id: clientOrderID, continuation: continuation)
                    return nil
                }
                if let known { return continuation.resume(returning: known) }
                start(number, pause)
            }
        } onCancel: {
            end(number)
        }
    }

    private func start(_ number: UInt64, _ pause: @escaping @Sendable () async -> Void) {
        let timer = Task {
            await pause()
            self.end(number)
        }
        let isWaiting = state.withLock { state in
            guard state.waiters[number] != nil else { return false }
            state.waiters[number]?.timer = timer
            return true
        }
        if !isWaiting { timer.cancel() }
        // Cancelled before it was there to be ended.
        if Task.isCancelled { end(number) }
    }

    private func end(_ number: UInt64) {
        let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
        waiter?.timer?.cancel()
        waiter?.continuation.resume(returning: nil)
    }
}
