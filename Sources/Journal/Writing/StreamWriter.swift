import Glibc

/// Writes one stream's records into its segments. Confined to the writer's thread.
///
/// Records stay in memory until they are known to be on the disk, so that whatever the disk does they can be written
/// anew from the last place that is certain.
final class StreamWriter {
    private let stream: JournalStream
    private let directory: String
    private let options: JournalOptions
    private let files: any JournalFiles
    private let inbox: StreamInbox
    private let onRotation: (UInt64) -> Void

    // What was taken from the inbox, and how far it was put together.
    private var batch = RecordBatch()
    private var cursor = 0
    private var payloadStart = 0

    // Records as bytes, from the last certain place on.
    private var held: [UInt8] = []
    private var written = 0
    private var end: StreamEnd
    private(set) var durable: StreamEnd

    // The segment.
    private var file: Int32 = -1
    private(set) var path = ""
    private var number: UInt64
    private var base = 0
    private var reserved = 0
    private var isSuspect = false
    private var isAfterSync = true

    init(
        _ stream: JournalStream, directory: String, end: StreamEnd, segment: OpenSegment?, inbox: StreamInbox,
        options: JournalOptions, files: any JournalFiles, onRotation: @escaping (UInt64) -> Void
    ) {
        self.stream = stream
        self.directory = directory
        self.options = options
        self.files = files
        self.inbox = inbox
        self.onRotation = onRotation
        self.end = end
        durable = end
        number = end.segment
        if let segment {
            file = segment.file
            path = segment.path
            base = segment.size
            reserved = segment.size
        }
    }

    /// Whether something is not on the disk.
    var isBehind: Bool { cursor < batch.heads.count || !held.isEmpty }

    /// Takes over what the inbox holds, once everything before is put together.
    func take() {
        guard cursor == batch.heads.count else { return }
        batch.removeAll()
        cursor = 0
        payloadStart = 0
        inbox.take(into: &batch)
    }

    /// Hands everything that was taken to the file system.
    func write() throws(FileFailure) {
        repeat {
            if file < 0 || isSuspect { try startSegment() }
            assemble()
            try writeHeld()
            guard cursor < batch.heads.count else { return }
            try rotate()
        } while true
    }

    /// Brings what was written onto the disk.
    func sync() throws(FileFailure) {
        guard written > 0 else { return }
        do throws(FileFailure) { try files.sync(file) } catch {
            // What the file system holds in memory may be gone after this, and a second sync may say that all is well.
            isSuspect = true
            written = 0
            throw error
        }
        base += written
        inbox.held.subtract(written, ordering: .relaxed)
        held.removeAll(keepingCapacity: held.capacity <= 1 << 22)
        written = 0
        durable = end
        isAfterSync = true
    }

    /// Cuts what was reserved and closes the file.
    func close() throws(FileFailure) {
        guard file >= 0 else { return }
        defer {
            files.close(file)
            file = -1
        }
        guard !isSuspect else { return }
        try files.truncate(file, to: base)
        try files.sync(file)
    }

    // MARK: Bytes

    /// Puts records together until the segment is full.
    private func assemble() {
        while cursor < batch.heads.count {
            let head = batch.heads[cursor]
            let size = RecordLayout.payload + head.end - payloadStart
            let place = base + held.count
            if place > SegmentHeader.size, place + size > options.segmentBytes { return }
            let start = held.count
            held.append(contentsOf: repeatElement(0, count: RecordLayout.payload))
            held.append(contentsOf: batch.payloads.bytes[payloadStart..<head.end])
            held.withUnsafeMutableBytes { all in
                let record = UnsafeMutableRawBufferPointer(rebasing: all[start...])
                record.set(UInt32(size - RecordLayout.payload), at: RecordLayout.length)
                record.set(head.sequence, at: RecordLayout.sequence)
                record.set(head.time, at: RecordLayout.time)
                record.set(head.position, at: RecordLayout.position)
                record.set(head.cause, at: RecordLayout.cause)
                record.set(head.correlation, at: RecordLayout.correlation)
                record[RecordLayout.kind] = head.kind
                record[RecordLayout.version] = head.version
                record[RecordLayout.flags] = isAfterSync ? RecordLayout.afterSync : 0
                RecordLayout.seal(record, after: end.hash)
                end.hash = JournalHash(
                    UnsafeRawBufferPointer(rebasing: record[RecordLayout.hash..<RecordLayout.payload]))
            }
            isAfterSync = false
            end.sequence = head.sequence
            end.time = head.time
            end.position = stream == .market ? max(head.correlation, end.position) : head.position
            payloadStart = head.end
            cursor += 1
        }
    }

    private func writeHeld() throws(FileFailure) {
        guard written < held.count else { return }
        reserve(base + held.count)
        let result: Result<Void, FileFailure> = held.withUnsafeBytes { raw in
            do throws(FileFailure) {
                try files.writeAll(file, UnsafeRawBufferPointer(rebasing: raw[written...]), at: base + written)
                return .success(())
            } catch { return .failure(error) }
        }
        do throws(FileFailure) { try result.get() } catch {
            // Back to the end of the last whole record; the next try begins there.
            try? files.truncate(file, to: base + written)
            reserved = base + written
            throw error
        }
        written = held.count
    }

    /// Reserves room ahead. Where that is refused the write itself will tell.
    private func reserve(_ needed: Int) {
        guard options.reserveBytes > 0, needed > reserved, needed <= options.segmentBytes else { return }
        let target = min(options.segmentBytes, (needed / options.reserveBytes + 1) * options.reserveBytes)
        let from = max(reserved, base + written)
        reserved = target
        try? files.allocate(file, from: from, count: target - from)
    }

    // MARK: Segments

    private func rotate() throws(FileFailure) {
        try sync()
        options.crashPoint?(.rotationBegins)
        // Readers know zeros behind the last record for what they are, so a refusal here is no harm.
        try? files.truncate(file, to: base)
        try? files.sync(file)
        options.crashPoint?(.rotationClosed)
        files.close(file)
        file = -1
        try startSegment()
    }

    private func startSegment() throws(FileFailure) {
        let header = SegmentHeader(
            stream: stream, number: number + 1, firstSequence: durable.sequence + 1, startHash: durable.hash,
            createdAt: MonotonicClock.wall(), formerTime: durable.time, formerPosition: durable.position,
            followsFailedSync: isSuspect)
        let target = directory + "/" + JournalFileName.segment(stream, number: number + 1, isCompressed: false).text
        let unfinished = target + ".tmp"
        let next = try files.open(unfinished, flags: O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, mode: 0o600)
        do throws(FileFailure) {
            try files.writeAll(next, header.bytes, at: 0)
            try files.sync(next)
            options.crashPoint?(.rotationPrepared)
            try files.rename(unfinished, to: target)
            try files.syncDirectory(directory)
        } catch {
            files.close(next)
            throw error
        }
        if file >= 0 {
            // Behind a failed sync: what is not certain stands in the new segment too.
            try? files.truncate(file, to: base)
            files.close(file)
        }
        file = next
        path = target
        number += 1
        base = SegmentHeader.size
        reserved = base
        written = 0
        isSuspect = false
        options.crashPoint?(.rotationDone)
        onRotation(number)
    }
}

/// How far a stream got.
struct StreamEnd: Hashable, Sendable {
    /// The segment that is written.
    var segment: UInt64 = 0
    /// The last record.
    var sequence: UInt64 = 0
    var hash = JournalHash.none
    var time: Int64 = 0
    /// The last record's market position; in the market stream the last update's number.
    var position: UInt64 = 0
}

/// A segment that is open for writing.
struct OpenSegment: Sendable {
    var file: Int32
    var path: String
    var size: Int
}
