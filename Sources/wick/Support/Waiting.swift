import Dispatch
import Synchronization

/// Commands are plain functions on the main thread; what they ask of the network is not.
enum Waiting {
    private final class Box<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }

    /// The result of asynchronous work, waited for here.
    ///
    /// - Parameters:
    ///   - meanwhile: called some times a second until it is there: for progress.
    ///   - work: the work.
    static func result<Value: Sendable>(
        meanwhile: () -> Void, of work: @escaping @Sendable () async -> Value
    ) -> Value {
        let box = Box<Value>()
        let isThere = DispatchSemaphore(value: 0)
        Task {
            let value = await work()
            box.value.withLock { $0 = value }
            isThere.signal()
        }
        while isThere.wait(timeout: .now() + .milliseconds(100)) == .timedOut { meanwhile() }
        guard let value = box.value.withLock({ $0 }) else { preconditionFailure("the work has left its result") }
        return value
    }
}
