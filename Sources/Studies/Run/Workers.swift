import Dispatch
import Synchronization

/// Work of independent pieces on several threads.
enum Workers {
    private final class Shared<Value: Sendable>: Sendable {
        let next = Atomic<Int>(0)
        let results = Mutex<[(Int, Value)]>([])
    }

    /// The results of `count` pieces of work, in their order, whichever thread did them.
    ///
    /// - Parameters:
    ///   - workers: how many threads at most.
    ///   - priority: how the threads stand to others; low ones are threads of their own.
    ///   - meanwhile: called some times a second here, with the count of pieces that are done.
    ///   - work: does a piece; what it reaches is shared by all threads and must not change.
    static func map<Value: Sendable>(
        _ count: Int, workers: Int, priority: WorkerPriority = .normal, meanwhile: (Int) -> Void,
        work: @escaping @Sendable (Int) -> Value
    ) -> [Value] {
        let shared = Shared<Value>()
        let queue = DispatchQueue(label: "wick.search", attributes: .concurrent)
        let group = DispatchGroup()
        let run: @Sendable () -> Void = {
            while true {
                let piece = shared.next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard piece < count else { return }
                let value = work(piece)
                shared.results.withLock { $0.append((piece, value)) }
            }
        }
        for _ in 0..<min(workers, count) {
            if priority == .low {
                group.enter()
                let isStarted = WorkerThread.start {
                    run()
                    group.leave()
                }
                if isStarted { continue }
                group.leave()
            }
            queue.async(group: group, execute: run)
        }
        while group.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
            meanwhile(shared.results.withLock { $0.count })
        }
        return shared.results.withLock { $0.sorted { $0.0 < $1.0 }.map(\.1) }
    }
}
