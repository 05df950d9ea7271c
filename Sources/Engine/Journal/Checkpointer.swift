import Bytes
import Glibc
import Journal
import Synchronization

/// Writes checkpoints beside the kernel's thread: each bounds what the next start has to follow.
final class Checkpointer: Sendable {
    private let journal: Journal
    private let thread = SerialThread()
    private let waiting = Atomic<Int>(0)
    private let failure = Mutex<String?>(nil)

    init(journal: Journal) { self.journal = journal }

    /// Whether one is still being written.
    var isBusy: Bool { waiting.load(ordering: .acquiring) > 0 }

    /// Why the last one could not be written; `nil` when it was.
    var problem: String? { failure.withLock { $0 } }

    /// Writes a checkpoint and returns when it is on the disk, or can't be.
    func writeNow(_ checkpoint: JournalCheckpoint, _ body: [UInt8]) {
        waiting.add(1, ordering: .acquiringAndReleasing)
        carryOut(checkpoint, body)
    }

    /// Has a checkpoint written; returns at once.
    func write(_ checkpoint: JournalCheckpoint, _ body: [UInt8]) {
        waiting.add(1, ordering: .acquiringAndReleasing)
        do {
            try thread.run { self.carryOut(checkpoint, body) }
        } catch {
            carryOut(checkpoint, body)
        }
    }

    /// Waits until what was asked for is written.
    func finish() {
        for _ in 0..<500 where isBusy { usleep(10_000) }
    }

    private func carryOut(_ checkpoint: JournalCheckpoint, _ body: [UInt8]) {
        defer { waiting.subtract(1, ordering: .acquiringAndReleasing) }
        do throws(JournalError) {
            // It waits until the records before it are on the disk: a checkpoint of others would stand for a future that
            // a crash takes away.
            try journal.writeCheckpoint(checkpoint, body: body)
            failure.withLock { $0 = nil }
        } catch {
            failure.withLock { $0 = "\(error)" }
        }
    }
}
