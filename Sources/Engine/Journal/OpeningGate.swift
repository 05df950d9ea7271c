import Synchronization

/// What stands between an opening order and its venue on its last step: closed from any thread in nanoseconds, without
/// waiting for the kernel.
///
/// The kernel has gates of its own, but it takes things in turn; an emergency stop must hold while the kernel is busy,
/// stuck or waiting for the disk. What is withheld here is reported to the kernel as refused, and the record of that
/// report tells a replay that it was.
final class OpeningGate: Sendable {
    /// Why nothing opens.
    struct Reasons: OptionSet, Sendable {
        let rawValue: UInt8
        /// The emergency stop was asked for.
        static let emergency = Reasons(rawValue: 1)
        /// The journal can't be written.
        static let journal = Reasons(rawValue: 2)
    }

    private let bits = Atomic<UInt8>(0)
    private let emergencyAt = Atomic<Int64>(0)

    /// Why nothing opens; empty when orders may.
    var reasons: Reasons { Reasons(rawValue: bits.load(ordering: .acquiring)) }

    /// Lets nothing open any more.
    func close(_ reason: Reasons) { bits.bitwiseOr(reason.rawValue, ordering: .acquiringAndReleasing) }

    /// Lets nothing open any more: an emergency stop was asked for, at this instant of the monotonic clock. The first
    /// request counts until the stop is lifted.
    func closeForEmergency(at monotonic: Int64) {
        _ = emergencyAt.compareExchange(expected: 0, desired: monotonic, ordering: .acquiringAndReleasing)
        close(.emergency)
    }

    /// When the emergency stop was asked for, by the monotonic clock; `nil` while it was not.
    var emergencyRequestedAt: Int64? {
        let instant = emergencyAt.load(ordering: .acquiring)
        return instant == 0 ? nil : instant
    }

    /// A request was taken in and its receipt written: the next is timed anew.
    func emergencyTaken() { emergencyAt.store(0, ordering: .releasing) }

    /// Takes one reason away.
    func open(_ reason: Reasons) { bits.bitwiseAnd(~reason.rawValue, ordering: .acquiringAndReleasing) }
}
