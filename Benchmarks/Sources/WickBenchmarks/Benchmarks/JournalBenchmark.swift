import CBaseline
import Journal
import Storage

#if canImport(Glibc)
import Glibc
#endif

/// The journal: what a record costs the kernel's thread, what it costs until it is on the disk, what a look at all of
/// them takes.
enum JournalBenchmark: Benchmark {
    static let name = "journal"

    /// About what an order's records are.
    private static let payload = 100
    private static let size = 84 + payload
    private static let batch = 50_000

    static func run() throws -> [Figure] {
        let scratch = try Scratch("journal")
        defer { scratch.remove() }
        var figures = try appending(scratch.directory.file("append"))
        figures += try committing(scratch.directory.file("commit"), scratch.directory.file("plain"))
        figures += try looking(scratch.directory.file("verify"))
        return figures
    }

    private static func open(_ path: String, compresses: Bool = false) throws -> Journal {
        var options = JournalOptions()
        options.compresses = compresses
        options.memoryBytes = 1 << 30
        options.minimumFreeBytes = 0
        return try Journal.open(directory: path, options: options).journal
    }

    /// Payloads that are neither all alike nor noise.
    private static let payloads: [[UInt8]] = (0..<64).map { kind in
        (0..<payload).map { UInt8(truncatingIfNeeded: $0 < 60 ? kind * 3 : ($0 &* 73 ^ kind &* 151)) }
    }

    private static func append(_ journal: Journal, _ count: Int, from first: Int) {
        for index in first..<first + count {
            _ = journal.append(
                .decisions, kind: 1, version: 1, time: Int64(index) * 1_000, position: UInt64(index), cause: 0,
                correlation: 0
            ) { $0.raw(payloads[index & 63]) }
        }
    }

    private static func settle(_ journal: Journal) throws {
        guard journal.waitUntilDurable(decisions: journal.last(.decisions), market: 0, milliseconds: 60_000) else {
            throw BenchmarkError(
                description: "the journal was not on the disk after a minute: \(String(describing: journal.problem))")
        }
    }

    // MARK: Appending

    private static func appending(_ path: String) throws -> [Figure] {
        let journal = try open(path)
        var appended = 0
        var best = Double.infinity
        for _ in 0..<15 {
            best = min(best, Measure.nanoseconds(runs: 1) { append(journal, batch, from: appended) } / Double(batch))
            appended += batch
            try settle(journal)
        }
        var target = [UInt8](repeating: 0, count: batch * size)
        let record = [UInt8](repeating: 7, count: size)
        let copy = Measure.nanoseconds { baseline_copy_records(&target, record, size, batch) } / Double(batch)
        Measure.keep(target)

        let start = baseline_wall_nanoseconds()
        let count = 1_000_000
        for part in 0..<count / batch { append(journal, batch, from: appended + part * batch) }
        try settle(journal)
        let whole = Double(baseline_wall_nanoseconds() - start) / Double(count)
        guard journal.close(), journal.last(.decisions) == UInt64(appended + count) else {
            throw BenchmarkError(description: "the journal did not hold what was appended")
        }
        return [
            Figure(
                name: "journal: append a record of 100 bytes", value: best, unit: "ns/record", baseline: .c(copy),
                limit: 1000, aim: 100),
            Figure(
                name: "journal: a million records, from the first append until all are on the disk", value: whole,
                unit: "ns/record", limit: 1000),
        ]
    }

    // MARK: Committing

    private static func committing(_ path: String, _ plain: String) throws -> [Figure] {
        let journal = try open(path)
        append(journal, 1, from: 0)
        try settle(journal)
        let before = journal.syncCount
        let batches = 20
        for index in 0..<batches {
            append(journal, 1000, from: index * 1000)
            try settle(journal)
        }
        let syncs = Double(journal.syncCount - before) / Double(batches)
        var times: [Int64] = []
        for index in 0..<300 {
            let start = baseline_wall_nanoseconds()
            append(journal, 1, from: index)
            try settle(journal)
            times.append(baseline_wall_nanoseconds() - start)
        }
        journal.close()
        let bare = baseline_write_and_sync(plain, size, 300)
        guard bare > 0 else { throw BenchmarkError(description: "can't write \(plain)") }
        return [
            Figure(name: "journal: syncs of a batch of 1,000 records", value: syncs, unit: "syncs", limit: 1),
            Figure(
                name: "journal: append and wait for the disk, median", value: Double(times.sorted()[150]) / 1_000,
                unit: "µs", baseline: Baseline(name: "C write and sync", value: Double(bare) / 1_000)),
        ]
    }

    // MARK: Looking

    private static func looking(_ path: String) throws -> [Figure] {
        let journal = try open(path)
        let batches = 40
        for part in 0..<batches {
            append(journal, batch, from: part * batch)
            try settle(journal)
        }
        journal.close()
        var best = Int64.max
        var bytes = 0
        for _ in 0..<3 {
            let start = baseline_wall_nanoseconds()
            let result = try JournalVerifier.verify(directory: path)
            best = min(best, baseline_wall_nanoseconds() - start)
            guard result.fault == nil, result.decisions.records == UInt64(batch * batches) else {
                throw BenchmarkError(
                    description: "the journal is not what was written: \(String(describing: result.fault))")
            }
            bytes = result.bytes
        }
        let gigabytes = Double(bytes) / 1e9
        // One thread, its own clock: what others do on the machine counts as little as possible.
        let alone = try Measure.nanoseconds(runs: 3) { _ = try JournalVerifier.verify(directory: path, workers: 1) }
        let segments = try JournalSegment.list(.decisions, in: path)
        var buffer = [UInt8](repeating: 0, count: segments.map(\.bytes).max() ?? 0)
        let start = baseline_wall_nanoseconds()
        for segment in segments { _ = baseline_read_file(segment.path, &buffer, buffer.count) }
        let read = baseline_wall_nanoseconds() - start
        return [
            Figure(
                name: "journal: verify on one core", value: alone / 1e9 / gigabytes, unit: "s/GB",
                baseline: Baseline(name: "reading", value: Double(read) / 1e9 / gigabytes), limit: 2),
            Figure(
                name: "journal: verify on all cores, wall time", value: Double(best) / 1e9 / gigabytes, unit: "s/GB",
                baseline: Baseline(name: "reading", value: Double(read) / 1e9 / gigabytes), limit: 2),
            try packed(path, plain: bytes),
        ]
    }

    /// The same journal opened by somebody who compresses.
    private static func packed(_ path: String, plain: Int) throws -> Figure {
        let journal = try open(path, compresses: true)
        defer { journal.close() }
        for _ in 0..<600 {
            let segments = try JournalSegment.list(.decisions, in: path)
            if segments.dropLast().allSatisfy(\.isCompressed) {
                let closed = segments.dropLast().reduce(0) { $0 + $1.bytes }
                let whole = plain - (segments.last?.bytes ?? 0)
                return Figure(
                    name: "journal: a closed segment compressed", value: Double(closed) / Double(max(whole, 1)),
                    unit: "of its size")
            }
            usleep(100_000)
        }
        throw BenchmarkError(description: "the segments were not compressed within a minute")
    }
}
