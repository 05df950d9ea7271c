import CTerminal
import Glibc

/// Wakes the thread that waits in ``Screen/poll(timeout:waker:)``, from any thread.
///
/// Waking any number of times before the other side looks is waking once.
public final class Waker: Sendable {
    /// Readable when somebody called ``wake()``; for use in other poll loops.
    public let descriptor: Int32

    /// Makes a waker; it costs one file descriptor.
    public init() {
        descriptor = ct_make_waker()
    }

    deinit {
        close(descriptor)
    }

    /// Wakes the waiting thread now, or the next time it waits.
    public func wake() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    /// Forgets that somebody called ``wake()``; ``Screen/poll(timeout:waker:)`` does it by itself.
    public func drain() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }
}
