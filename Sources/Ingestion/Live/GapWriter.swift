import Dispatch
import Market
import Storage
import Synchronization

/// Keeps the logs of trades that were not heard and of minutes that did not come in time, on a queue of its own: whoever hears the market waits for no disk.
final class GapWriter: Sendable {
    /// How many of each wait at most while the store can't be written; beyond that the oldest are given up.
    private static let capacity = 1_000
    /// How long is waited before a store that failed is tried again.
    private static let pause = DispatchTimeInterval.seconds(5)

    private struct State {
        var trades: [TradeGap] = []
        var candles: [CandleGap] = []
        var isScheduled = false
        var problem: String?

        mutating func shorten() {
            trades.removeFirst(max(0, trades.count - GapWriter.capacity))
            candles.removeFirst(max(0, candles.count - GapWriter.capacity))
        }
    }

    private let store: Store
    private let queue = DispatchQueue(label: "wick.gaps", qos: .utility)
    private let state = Mutex(State())

    init(_ store: Store) { self.store = store }

    /// What keeps gaps from being stored; `nil` while they are.
    var problem: String? { state.withLock { $0.problem } }

    /// Ends what an earlier process left open.
    func begin(_ instruments: [Instrument], at now: Timestamp) {
        queue.async { [store] in
            try? store.interruptTradeGaps(of: instruments, before: now)
            try? store.interruptCandleGaps(of: instruments, before: now)
        }
    }

    /// Has a gap in the trades stored, or what has become of it.
    func write(_ gap: TradeGap) { add { $0.trades.append(gap) } }

    /// Has a gap in the minutes stored, or what has become of it.
    func write(_ gap: CandleGap) { add { $0.candles.append(gap) } }

    private func add(_ change: (inout State) -> Void) {
        let isFirst = state.withLock { state -> Bool in
            change(&state)
            state.shorten()
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { queue.async { self.drain() } }
    }

    /// Returns when what was handed in is stored, or could not be.
    func flush() { queue.sync { self.drain() } }

    private func drain() {
        let (trades, candles) = state.withLock { state in
            state.isScheduled = false
            defer { (state.trades, state.candles) = ([], []) }
            return (state.trades, state.candles)
        }
        do throws(StoreError) {
            try store.write(trades)
            try store.write(candles)
            state.withLock { $0.problem = nil }
        } catch {
            let isLater = state.withLock { state -> Bool in
                state.problem = error.description
                // What the store will never take is given up.
                if [.conflict, .corrupt].contains(error.kind) { return false }
                (state.trades, state.candles) = (trades + state.trades, candles + state.candles)
                state.shorten()
                defer { state.isScheduled = true }
                return !state.isScheduled
            }
            if isLater { queue.asyncAfter(deadline: .now() + GapWriter.pause) { self.drain() } }
        }
    }
}
