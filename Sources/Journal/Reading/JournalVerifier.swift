import Glibc
import Synchronization

/// What a look at every byte of a journal found.
public struct JournalVerification: Hashable, Sendable {
    /// One stream's figures.
    public struct Stream: Hashable, Sendable {
        /// The stream.
        public var stream: JournalStream
        /// How many segments it has.
        public internal(set) var segments = 0
        /// How many records are right.
        public internal(set) var records: UInt64 = 0
        /// How many bytes they take, uncompressed.
        public internal(set) var bytes = 0
        /// The first record, and the last before the first fault; 0 where there is none.
        public internal(set) var firstSequence: UInt64 = 0
        /// The last record before the first fault.
        public internal(set) var lastSequence: UInt64 = 0
        /// The digest of the last record.
        public internal(set) var lastHash = JournalHash.none
        /// The first fault.
        public internal(set) var fault: JournalError?
        /// A record that is being written, or that a killed process left; no fault.
        public internal(set) var tornTail: JournalError?
        /// Where the stream begins since it was pruned.
        public internal(set) var pruning: JournalPruning?
    }

    /// The stream of decisions.
    public internal(set) var decisions = Stream(stream: .decisions)
    /// The stream of market updates.
    public internal(set) var market = Stream(stream: .market)
    /// Checkpoints that can't be used; a restart passes them over.
    public internal(set) var damagedCheckpoints: [JournalError] = []

    /// The first fault, decisions before market.
    public var fault: JournalError? { decisions.fault ?? market.fault }
    /// Uncompressed bytes of both streams.
    public var bytes: Int { decisions.bytes + market.bytes }
}

/// Looks at every byte of a journal, several segments at a time: each header holds the digest that its first record
/// continues, so that none has to wait for another. Works beside a running engine.
public enum JournalVerifier {
    /// Verifies both streams and the checkpoints.
    ///
    /// - Throws: `JournalError` of the kind `inputOutput` when the journal can't be read; what is wrong with it is in the
    ///   result.
    public static func verify(
        directory: String, workers: Int? = nil, files: any JournalFiles = SystemFiles()
    ) throws(JournalError) -> JournalVerification {
        let catalog = try JournalCatalog(directory, files: files)
        var result = JournalVerification()
        var jobs: [SegmentFile] = []
        var lists: [[SegmentFile]] = []
        for stream in JournalStream.allCases {
            var figures = JournalVerification.Stream(stream: stream)
            var segments = catalog.segments[stream] ?? []
            do throws(JournalError) {
                figures.pruning = try JournalPruning.read(stream, in: directory, files: files)
                segments = try catalog.chain(of: stream, after: figures.pruning, in: directory)
            } catch {
                guard error.isDamage else { throw error }
                figures.fault = error
                // What lies before the hole is looked at all the same: it may hold an earlier fault.
                let first = figures.pruning?.firstSegment ?? 1
                segments = segments.filter { $0.number >= first }
                segments = Array(
                    segments.enumerated().prefix { $0.element.number == first + UInt64($0.offset) }.map(\.element))
            }
            lists.append(segments)
            jobs += segments
            result[stream] = figures
        }
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let checks = try check(jobs, workers: workers ?? cores, files: files)
        var start = 0
        for (stream, segments) in zip(JournalStream.allCases, lists) {
            combine(Array(checks[start..<start + segments.count]), into: &result[stream])
            start += segments.count
        }
        try comparePositions(&result, checks, lists, directory, files)
        result.damagedCheckpoints = try JournalCheckpoint.damaged(in: directory, files: files)
        return result
    }

    private static func check(
        _ jobs: [SegmentFile], workers: Int, files: any JournalFiles
    ) throws(JournalError) -> [SegmentCheck] {
        let pool = CheckPool(jobs, files: files)
        for _ in 1..<max(1, min(workers, jobs.count)) { try JournalThread.start { pool.work() } }
        pool.work()
        return try pool.results()
    }

    /// Puts the segments of a stream together, up to the first fault.
    private static func combine(_ checks: [SegmentCheck], into figures: inout JournalVerification.Stream) {
        var hash = figures.pruning?.startHash ?? .none
        var next = figures.pruning?.firstSequence ?? 1
        for (index, check) in checks.enumerated() {
            let isLast = index == checks.count - 1 && figures.fault == nil
            if let error = check.break(after: hash, next, stream: figures.stream) {
                figures.fault = error
                return
            }
            guard let header = check.header else { return }
            let following = index + 1 < checks.count ? checks[index + 1].header : nil
            let end = check.end(before: following)
            figures.segments += 1
            figures.records += end.sequence + 1 - header.firstSequence
            figures.bytes += end.offset
            if end.sequence >= header.firstSequence, figures.firstSequence == 0 {
                figures.firstSequence = header.firstSequence
            }
            figures.lastSequence = end.sequence
            figures.lastHash = end.hash
            hash = end.hash
            next = end.sequence + 1
            if let error = check.error, following?.followsFailedSync != true {
                if isLast, check.isTornTail {
                    figures.tornTail = error
                } else {
                    figures.fault = error
                    return
                }
            }
        }
    }

    /// No decision follows a market update that the market stream does not hold.
    private static func comparePositions(
        _ result: inout JournalVerification, _ checks: [SegmentCheck], _ lists: [[SegmentFile]], _ directory: String,
        _ files: any JournalFiles
    ) throws(JournalError) {
        guard result.fault == nil, let path = lists[0].last?.path else { return }
        let decisions = checks[..<lists[0].count].reduce(UInt64(0)) { $1.highestPosition(after: $0) }
        let market = checks[lists[0].count...].map(\.lastUpdate).max() ?? 0
        guard market > 0, decisions > market else { return }
        // A running engine may have written more since; it writes market updates first.
        let catalog = try JournalCatalog(directory, files: files)
        guard let newest = catalog.segments[.market]?.last, SegmentCheck(newest, files: files).lastUpdate < decisions
        else { return }
        result.decisions.fault = JournalError(
            .position, path,
            "a decision follows market update \(decisions), the market stream ends with \(market)")
    }
}

extension JournalVerification {
    subscript(stream: JournalStream) -> Stream {
        get { stream == .decisions ? decisions : market }
        set {
            switch stream {
            case .decisions: decisions = newValue
            case .market: market = newValue
            }
        }
    }
}

/// Segments that several threads share out among themselves.
private final class CheckPool: Sendable {
    private let jobs: [SegmentFile]
    private let files: any JournalFiles
    private let next = Atomic<Int>(0)
    private let done = Mutex<[Int: SegmentCheck]>([:])
    private let progress = Condition()

    init(_ jobs: [SegmentFile], files: any JournalFiles) {
        self.jobs = jobs
        self.files = files
    }

    func work() {
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < jobs.count else { return }
            let check = SegmentCheck(jobs[index], files: files)
            progress.broadcast { done.withLock { $0[index] = check } }
        }
    }

    func results() throws(JournalError) -> [SegmentCheck] {
        while !progress.wait(milliseconds: 60_000, until: { done.withLock { $0.count } == jobs.count }) {}
        let checks = done.withLock { done in jobs.indices.compactMap { done[$0] } }
        if let error = checks.lazy.compactMap(\.error).first(where: { !$0.isDamage }) { throw error }
        return checks
    }
}
