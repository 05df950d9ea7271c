import Synchronization

@testable import Journal

/// Holds threads back while it is closed.
final class Gate: Sendable {
    private let condition = Condition()
    private let isOpen = Atomic<Bool>(true)

    func close() { isOpen.store(false, ordering: .releasing) }
    func open() { condition.broadcast { isOpen.store(true, ordering: .releasing) } }

    func pass() {
        while !condition.wait(milliseconds: 1000, until: { isOpen.load(ordering: .acquiring) }) {}
    }
}
