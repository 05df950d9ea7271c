import Bytes
import Synchronization

/// Records in memory that no file holds yet.
struct RecordBatch {
    struct Head {
        var sequence: UInt64
        var time: Int64
        var position: UInt64
        var cause: UInt64
        var correlation: UInt64
        var kind: UInt8
        var version: UInt8
        /// Where its payload ends among those of the batch.
        var end: Int
    }

    var heads: [Head] = []
    var payloads = ByteWriter()

    var bytes: Int { heads.count * RecordLayout.payload + payloads.count }

    mutating func removeAll() {
        guard bytes <= 1 << 22 else {
            // What a stall piled up must not stay taken for ever.
            self = RecordBatch()
            return
        }
        heads.removeAll(keepingCapacity: true)
        payloads.removeAll()
    }
}

/// Where the kernel's thread puts records, and the writer's thread takes them.
final class StreamInbox: Sendable {
    private struct State: ~Copyable {
        var batch = RecordBatch()
        var next: UInt64
    }

    private let state: Mutex<State>
    /// Bytes that the writer took and that are not on the disk.
    let held = Atomic<Int>(0)

    init(next: UInt64) { state = Mutex(State(next: next)) }

    /// Takes a record in.
    ///
    /// - Returns: its sequence number; 0 when more than `limit` bytes wait for the disk.
    func append(
        kind: UInt8, version: UInt8, time: Int64, position: UInt64, cause: UInt64, correlation: UInt64, limit: Int,
        _ body: (inout ByteWriter) -> Void
    ) -> UInt64 {
        state.withLock { state in
            guard state.batch.bytes + held.load(ordering: .relaxed) < limit else { return 0 }
            let start = state.batch.payloads.count
            body(&state.batch.payloads)
            let end = state.batch.payloads.count
            precondition(end - start <= RecordLayout.maximumPayload, "a record's payload is at most 64 MiB")
            let sequence = state.next
            state.batch.heads.append(
                RecordBatch.Head(
                    sequence: sequence, time: time, position: position, cause: cause, correlation: correlation,
                    kind: kind, version: version, end: end))
            state.next = sequence + 1
            return sequence
        }
    }

    /// Exchanges what was taken in for an empty batch.
    func take(into batch: inout RecordBatch) {
        state.withLock { state in
            swap(&state.batch, &batch)
            held.add(batch.bytes, ordering: .relaxed)
        }
    }

    /// The sequence number of the last record that was taken in.
    var last: UInt64 { state.withLock { $0.next - 1 } }

    /// Bytes that are not on the disk.
    var backlog: Int { state.withLock { $0.batch.bytes } + held.load(ordering: .relaxed) }
}
