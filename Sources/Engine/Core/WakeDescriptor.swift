import Glibc
import Synchronization

/// A descriptor that becomes readable when it is signalled: a non-blocking pipe that never holds more than a few bytes.
///
/// Signalling takes no lock and allocates nothing, so it may be done from any thread and from a signal handler.
final class WakeDescriptor: Sendable {
    /// The end to poll.
    let readEnd: Int32
    private let writeEnd: Int32
    private let isSignalled = Atomic<Bool>(false)

    /// A quiet descriptor.
    ///
    /// - Throws: `EngineError.system` when the process has no descriptors left.
    init() throws(EngineError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw .system(action: "open a wake-up pipe", code: errno)
        }
        Descriptors.prepare(ends[0])
        Descriptors.prepare(ends[1])
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Makes the descriptor readable.
    func signal() {
        if isSignalled.exchange(true, ordering: .acquiringAndReleasing) { return }
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }

    /// Makes the descriptor quiet. Whatever was published before a signal that this swallows is visible afterwards.
    func drain() {
        var bytes: (UInt64, UInt64) = (0, 0)
        while withUnsafeMutableBytes(of: &bytes, { read(readEnd, $0.baseAddress, $0.count) }) > 0 {}
        // Only after reading: a signal in between finds the flag set and writes nothing, and what it announces is seen by
        // whoever drains; the other way round its byte could be swallowed and the flag left set for ever.
        _ = isSignalled.exchange(false, ordering: .acquiringAndReleasing)
    }

    /// Waits until the descriptor is readable or the time is over, and makes it quiet.
    func wait(milliseconds: Int32) {
        var descriptor = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        if poll(&descriptor, 1, milliseconds) > 0 { drain() }
    }
}
