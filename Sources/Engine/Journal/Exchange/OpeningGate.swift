import Synchronization

/// What stands between an opening order and its venue on its last step: closed by an emergency stop from any thread in
/// nanoseconds, without waiting for the kernel.
///
/// The kernel has gates of its own, but it takes things in turn; an emergency stop must hold while the kernel is busy,
/// stuck or waiting for the disk. What is withheld here is reported to the kernel as refused, and the record of that
/// report tells a replay that it was.
final class OpeningGate: Sendable {
    private let closed = Atomic<Bool>(false)
    private let requestedAt = Atomic<Int64>(0)

    /// Whether nothing opens.
    var isClosed: Bool { closed.load(ordering: .acquiring) }

    /// Lets nothing open any more: an emergency stop was asked for, at this instant of the monotonic clock. The first
    /// request counts until it is taken in.
    func close(at monotonic: Int64) {
        _ = requestedAt.compareExchange(expected: 0, desired: monotonic, ordering: .acquiringAndReleasing)
        closed.store(true, ordering: .releasing)
    }

    /// When the emergency stop was asked for that nobody has taken in yet, by the monotonic clock.
    var emergencyRequestedAt: Int64? {
        let instant = requestedAt.load(ordering: .acquiring)
        return instant == 0 ? nil : instant
    }

    /// A request was taken in and its receipt written: the next is timed anew.
    func emergencyTaken() { requestedAt.store(0, ordering: .releasing) }

    /// The stop was lifted.
    func open() { closed.store(false, ordering: .releasing) }
}
