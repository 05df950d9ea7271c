import Dispatch
import Market
import Storage
import Synchronization

/// Stores what books were like at whole seconds, a minute of them at a time, and forgets the oldest.
///
/// What waits when the process is killed is lost: at most a minute, and nothing that was traded on.
final class FeatureWriter: Sendable {
    /// How long features wait to be stored together.
    private static let pause = DispatchTimeInterval.seconds(60)
    /// How many of an instrument wait at most while the store can't be written; beyond that the oldest are given up.
    private static let capacity = 3_600
    /// How often the oldest are looked for, in seconds.
    private static let pruning: Int64 = 3_600

    private struct State {
        var waiting: [String: (instrument: Instrument, features: [BookFeature])] = [:]
        var isScheduled = false
        var problem: String?
        var pruned: Timestamp?
    }

    private let store: Store
    private let days: Int
    private let now: @Sendable () -> Timestamp
    private let queue = DispatchQueue(label: "wick.features", qos: .utility)
    private let state = Mutex(State())

    /// - Parameter days: for how many days features are kept.
    init(_ store: Store, days: Int, now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.days = days
        self.now = now
    }

    /// What keeps features from being stored; `nil` while they are.
    var problem: String? { state.withLock { $0.problem } }

    /// Has a feature of an instrument's book stored.
    func write(_ feature: BookFeature, of instrument: Instrument) {
        let isFirst = state.withLock { state -> Bool in
            var features = state.waiting.removeValue(forKey: instrument.name)?.features ?? []
            // A clock of the venue that went back tells seconds that were told.
            if features.last.map({ $0.time < feature.time }) ?? true { features.append(feature) }
            if features.count > FeatureWriter.capacity { features.removeFirst(FeatureWriter.capacity / 60) }
            state.waiting[instrument.name] = (instrument, features)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { queue.asyncAfter(deadline: .now() + FeatureWriter.pause) { self.drain() } }
    }

    /// Returns when what was handed in is stored, or could not be.
    func flush() { queue.sync { self.drain() } }

    private func drain() {
        let waiting = state.withLock { state in
            state.isScheduled = false
            defer { state.waiting = [:] }
            return state.waiting
        }
        for (name, (instrument, features)) in waiting.sorted(by: { $0.key < $1.key }) {
            do throws(StoreError) {
                try store.write(features, of: instrument, at: now())
                state.withLock { $0.problem = nil }
            } catch {
                state.withLock { state in
                    state.problem = error.description
                    // It is tried again with what comes; what came meanwhile is behind it.
                    let later = state.waiting[name]?.features ?? []
                    let last = features.last?.time ?? .epoch
                    state.waiting[name] = (instrument, features + later.filter { $0.time > last })
                }
            }
        }
        prune()
    }

    private func prune() {
        let now = now()
        let isDue = state.withLock { state -> Bool in
            if let pruned = state.pruned, now.seconds - pruned.seconds < FeatureWriter.pruning { return false }
            state.pruned = now
            return true
        }
        guard isDue else { return }
        _ = try? store.pruneFeatures(before: now.adding(seconds: -Int64(days) * 86_400))
    }
}
