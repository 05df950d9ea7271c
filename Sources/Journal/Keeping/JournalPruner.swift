import Glibc

/// What a pruning removed, or would remove.
public struct JournalPruneResult: Hashable, Sendable {
    /// The stream.
    public let stream: JournalStream
    /// How many segments.
    public let segments: Int
    /// How many records.
    public let records: UInt64
    /// How many bytes on the disk.
    public let bytes: Int
    /// Where the stream begins now; `nil` when nothing was old enough.
    public let pruning: JournalPruning?
}

/// Removes a stream's oldest segments.
public enum JournalPruner {
    /// Removes whole closed segments, from the oldest on, whose last record is older than a time. Before the first of them
    /// goes, where the stream then begins is recorded. Works beside a running engine.
    ///
    /// - Parameters:
    ///   - time: nanoseconds since the epoch, of the records' own time.
    ///   - isTrial: whether only to say what would be removed.
    /// - Throws: `JournalError`; what was recorded and not removed yet goes when the journal is opened.
    public static func prune(
        directory: String, stream: JournalStream, olderThan time: Int64, isTrial: Bool = false,
        files: any JournalFiles = SystemFiles()
    ) throws(JournalError) -> JournalPruneResult {
        let catalog = try JournalCatalog(directory, files: files)
        let former = try JournalPruning.read(stream, in: directory, files: files)
        let segments = try catalog.chain(of: stream, after: former, in: directory)
        var kept: SegmentHeader?
        var old: [SegmentFile] = []
        var first: UInt64?
        var bytes = 0
        for (segment, following) in zip(segments, segments.dropFirst()) {
            let header = try RecordScanner(following, files: files, verifiesChain: false).header
            guard header.formerTime < time else { break }
            let scanner = try RecordScanner(segment, files: files, verifiesChain: false)
            first = first ?? scanner.header.firstSequence
            bytes += try scanner.size()
            kept = header
            old.append(segment)
        }
        guard let kept, let first else {
            return JournalPruneResult(stream: stream, segments: 0, records: 0, bytes: 0, pruning: nil)
        }
        let pruning = JournalPruning(kept, prunedAt: MonotonicClock.wall(), olderThan: time)
        if !isTrial {
            try pruning.write(in: directory, files: files)
            try remove(old.map(\.path) + checkpoints(before: pruning, directory, files), files)
        }
        return JournalPruneResult(
            stream: stream, segments: old.count, records: kept.firstSequence - first, bytes: bytes, pruning: pruning)
    }

    /// A session's first state is of no use without its decisions.
    private static func checkpoints(
        before pruning: JournalPruning, _ directory: String, _ files: any JournalFiles
    ) throws(JournalError) -> [String] {
        guard pruning.stream == .decisions else { return [] }
        let all = try JournalCheckpoint.list(in: directory, files: files).valid
        return all.dropLast(3).filter { $0.decision + 1 < pruning.firstSequence }.map(\.path)
    }

    private static func remove(_ paths: [String], _ files: any JournalFiles) throws(JournalError) {
        for path in paths {
            do throws(FileFailure) { try files.remove(path) } catch {
                // A segment that was compressed meanwhile lies before the beginning; it goes when the journal is opened.
                if error.code != ENOENT { throw JournalError(error, path) }
            }
        }
    }
}

extension Journal {
    /// Removes the stream's oldest segments; see `JournalPruner`.
    ///
    /// - Throws: `JournalError`.
    public func prune(_ stream: JournalStream, olderThan time: Int64) throws(JournalError) -> JournalPruneResult {
        try JournalPruner.prune(directory: directory, stream: stream, olderThan: time, files: files)
    }
}
