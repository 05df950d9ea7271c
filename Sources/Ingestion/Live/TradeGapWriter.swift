import Dispatch
import Market
import Storage
import Synchronization

/// Keeps the log of trades that were not heard, on a queue of its own: whoever hears the market waits for no disk.
final class TradeGapWriter: Sendable {
    /// How many wait at most while the store can't be written; beyond that the oldest are given up.
    private static let capacity = 1_000
    /// How long is waited before a store that failed is tried again.
    private static let pause = DispatchTimeInterval.seconds(5)

    private struct State {
        var waiting: [TradeGap] = []
        var isScheduled = false
        var problem: String?
    }

    private let store: Store
    private let queue = DispatchQueue(label: "wick.trade-gaps", qos: .utility)
    private let state = Mutex(State())

    init(_ store: Store) { self.store = store }

    /// What keeps gaps from being stored; `nil` while they are.
    var problem: String? { state.withLock { $0.problem } }

    /// Ends what an earlier process left open.
    func begin(_ instruments: [Instrument], at now: Timestamp) {
        queue.async { [store] in try? store.interruptTradeGaps(of: instruments, before: now) }
    }

    /// Has a gap stored, or what has become of it.
    func write(_ gap: TradeGap) {
        let isFirst = state.withLock { state -> Bool in
            state.waiting.append(gap)
            if state.waiting.count > TradeGapWriter.capacity { state.waiting.removeFirst() }
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { queue.async { self.drain() } }
    }

    /// Returns when what was handed in is stored, or could not be.
    func flush() { queue.sync { self.drain() } }

    private func drain() {
        let waiting = state.withLock { state in
            state.isScheduled = false
            defer { state.waiting = [] }
            return state.waiting
        }
        do throws(StoreError) {
            try store.write(waiting)
            state.withLock { $0.problem = nil }
        } catch {
            let isLater = state.withLock { state -> Bool in
                state.problem = error.description
                // What the store will never take is given up.
                if [.conflict, .corrupt].contains(error.kind) { return false }
                state.waiting = Array((waiting + state.waiting).suffix(TradeGapWriter.capacity))
                defer { state.isScheduled = true }
                return !state.isScheduled
            }
            if isLater { queue.asyncAfter(deadline: .now() + TradeGapWriter.pause) { self.drain() } }
        }
    }
}
