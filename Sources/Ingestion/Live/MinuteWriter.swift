import Dispatch
import Market
import Storage
import Synchronization

/// Stores closed minutes beside whoever hears them, in order, and again and again while the store can't be written.
final class MinuteWriter: Sendable {
    /// How many wait at most; beyond that the oldest are given up, since they can be fetched again.
    private static let capacity = 200_000
    /// How long is waited before a store that failed is tried again.
    private static let pause = DispatchTimeInterval.seconds(5)

    private struct State {
        var waiting: [(instrument: Instrument, candles: [Candle])] = []
        var count = 0
        var isScheduled = false
        var problem: String?
    }

    private let store: Store
    private let now: @Sendable () -> Timestamp
    private let queue = DispatchQueue(label: "wick.minutes", qos: .utility)
    private let state = Mutex(State())

    init(_ store: Store, now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.now = now
    }

    /// What keeps minutes from being stored; `nil` while they are.
    var problem: String? { state.withLock { $0.problem } }

    /// Has minutes of an instrument stored; what is there already is replaced.
    func write(_ candles: [Candle], of instrument: Instrument) {
        // A volume beyond the store's is no minute of any market; it is shown, and not kept.
        let candles = candles.filter { $0.isConsistent && $0.volume <= Store.largestVolume }
        guard !candles.isEmpty else { return }
        let isFirst = state.withLock { state -> Bool in
            state.waiting.append((instrument, candles))
            state.count += candles.count
            while state.count > MinuteWriter.capacity, state.waiting.count > 1 {
                state.count -= state.waiting.removeFirst().candles.count
            }
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { queue.async { self.drain() } }
    }

    /// Returns when what was handed in is stored, or could not be.
    func flush() { queue.sync {} }

    private func drain() {
        while true {
            let next = state.withLock { state -> (instrument: Instrument, candles: [Candle])? in
                if state.waiting.isEmpty {
                    state.isScheduled = false
                    return nil
                }
                return state.waiting[0]
            }
            guard let next else { return }
            do throws(StoreError) {
                try store.write(next.candles, of: next.instrument, .oneMinute, at: now())
                state.withLock { state in
                    state.problem = nil
                    // What was given up meanwhile is not there any more.
                    if let first = state.waiting.first, first.candles == next.candles {
                        state.waiting.removeFirst()
                        state.count -= next.candles.count
                    }
                }
            } catch {
                state.withLock { $0.problem = error.description }
                // What one market's series will never take must not keep the others' out.
                if [.conflict, .corrupt].contains(error.kind) {
                    state.withLock { state in
                        if let first = state.waiting.first, first.candles == next.candles {
                            state.waiting.removeFirst()
                            state.count -= next.candles.count
                        }
                    }
                    continue
                }
                queue.asyncAfter(deadline: .now() + MinuteWriter.pause) { self.drain() }
                return
            }
        }
    }
}
