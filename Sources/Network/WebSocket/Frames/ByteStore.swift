/// Memory that grows and is kept from message to message, at a place that does not change while it is read.
final class ByteStore {
    private(set) var count = 0
    /// How much memory it holds.
    private(set) var capacity = 0
    private var memory: UnsafeMutableRawPointer?

    /// What is kept between messages; what a large one needed beyond that is given back.
    private static let kept = 1 << 20

    deinit { memory?.deallocate() }

    /// What is in it; valid until it changes.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }

    /// Puts bytes behind the others. Amortised O(n) of their number.
    func append(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        room(for: bytes.count).copyMemory(from: bytes)
        count += bytes.count
    }

    /// Free memory behind the bytes, of at least that length; `extend` says how much of it was filled.
    func room(for length: Int) -> UnsafeMutableRawBufferPointer {
        if capacity - count < length {
            let grown = max(count + length, capacity * 2, 4_096)
            let fresh = UnsafeMutableRawPointer.allocate(byteCount: grown, alignment: 16)
            if let memory {
                fresh.copyMemory(from: memory, byteCount: count)
                memory.deallocate()
            }
            memory = fresh
            capacity = grown
        }
        return UnsafeMutableRawBufferPointer(start: memory.map { $0 + count }, count: capacity - count)
    }

    /// Counts bytes that were put into `room(for:)`.
    func extend(by length: Int) {
        precondition(length >= 0 && length <= capacity - count, "more than there was room for")
        count += length
    }

    /// Empties it.
    func removeAll() {
        count = 0
        guard capacity > ByteStore.kept else { return }
        memory?.deallocate()
        memory = nil
        capacity = 0
    }
}
