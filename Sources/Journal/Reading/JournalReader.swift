/// Reads a stream of a journal from a record on, segment by segment, in bounded memory. Works beside a running engine.
public struct JournalReader {
    /// The stream that is read.
    public let stream: JournalStream
    /// What lies behind the last record when the stream does not end with it: a record that is being written right now,
    /// or one that a killed process left. `nil` before the end was reached, and where nothing lies there.
    public private(set) var tornTail: JournalError?
    /// The sequence number of the next record.
    public private(set) var next: UInt64

    private let files: any JournalFiles
    private let verifies: Bool
    private var waiting: ArraySlice<SegmentFile>
    private var scanner: RecordScanner?
    private var last: (sequence: UInt64, hash: JournalHash)?

    /// A reader before the first record whose sequence number is `sequence` or more.
    ///
    /// - Parameters:
    ///   - directory: the journal's directory.
    ///   - verifies: whether each record's digest is computed and compared; checksums and sequence always are.
    /// - Throws: `JournalError` when a segment is missing or its header is damaged.
    public init(
        directory: String, stream: JournalStream, from sequence: UInt64 = 1, verifies: Bool = true,
        files: any JournalFiles = SystemFiles()
    ) throws(JournalError) {
        self.stream = stream
        self.files = files
        self.verifies = verifies
        next = max(sequence, 1)
        let catalog = try JournalCatalog(directory, files: files)
        let pruning = try JournalPruning.read(stream, in: directory, files: files)
        waiting = try catalog.chain(of: stream, after: pruning, in: directory)[...]
        if let pruning { next = max(next, pruning.firstSequence) }
        try skipSegments(before: next)
    }

    /// The next record, or `nil` at the end.
    ///
    /// - Throws: `JournalError` that names the place where the journal is damaged.
    public mutating func record() throws(JournalError) -> JournalRecord? {
        while true {
            if scanner == nil {
                guard let segment = waiting.popFirst() else { return nil }
                scanner = try open(segment)
            }
            let bound = try boundary()
            if let bound, let expected = scanner?.expected, expected == bound.firstSequence {
                try leave(bound)
                continue
            }
            guard let step = try scanner?.next() else { return nil }
            switch step {
            case .record(let record, _):
                last = (record.sequence, record.hash)
                if record.sequence < next { continue }
                next = record.sequence + 1
                return record
            case .end:
                guard waiting.isEmpty else {
                    // The records end before those of the next segment begin.
                    throw try missingEnd()
                }
                return nil
            case .fault(let fault):
                try judge(fault)
                return nil
            }
        }
    }

    // MARK: Segments

    private var nextHeader: (number: UInt64, header: SegmentHeader)?

    private func open(_ segment: SegmentFile) throws(JournalError) -> RecordScanner {
        let scanner = try RecordScanner(segment, files: files, verifiesChain: verifies)
        guard scanner.header.stream == stream else {
            throw JournalError(
                .header, segment.path, offset: 0, "the header is that of a segment of \(scanner.header.stream)")
        }
        return scanner
    }

    /// The header of the segment behind the one that is read.
    private mutating func boundary() throws(JournalError) -> SegmentHeader? {
        guard let segment = waiting.first else { return nil }
        if let nextHeader, nextHeader.number == segment.number { return nextHeader.header }
        let header = try open(segment).header
        nextHeader = (segment.number, header)
        return header
    }

    /// Goes over to the next segment, which has to continue this one.
    private mutating func leave(_ bound: SegmentHeader) throws(JournalError) {
        guard var current = scanner else { return }
        guard current.hash == bound.startHash else {
            throw JournalError(
                .chain, waiting.first?.path ?? "", offset: 0, sequence: bound.firstSequence,
                "the segment does not continue the one before it: one of the two is not what was written")
        }
        if !bound.followsFailedSync {
            switch try current.next() {
            case .end: break
            case .record(let record, _):
                throw JournalError(
                    .order, current.segment.path, offset: current.offset, sequence: record.sequence,
                    "record \(record.sequence) stands here and begins the next segment too")
            case .fault(let fault): throw fault.error(current.segment.path)
            }
        }
        scanner = nil
    }

    private mutating func missingEnd() throws(JournalError) -> JournalError {
        let bound = try boundary()
        guard let scanner, let bound else { return JournalError(.gap, "", "the records end too early") }
        return JournalError(
            .gap, scanner.segment.path, offset: scanner.offset, sequence: scanner.expected,
            "the segment ends before record \(scanner.expected), the next one begins with \(bound.firstSequence)")
    }

    /// A fault at the end of the last segment is a torn tail; any other is damage.
    private mutating func judge(_ fault: RecordScanner.Fault) throws(JournalError) {
        guard var current = scanner else { return }
        let error = fault.error(current.segment.path)
        let rest = try current.rest()
        scanner = current
        guard waiting.isEmpty, !current.segment.isCompressed, fault.kind == .torn || fault.kind == .checksum,
            TornTail.isTorn(rest, at: fault.offset, expected: fault.sequence)
        else { throw error }
        tornTail = error
    }

    /// Leaves out the segments whose records all come before `sequence`: of those that begin with it or before, the last
    /// is the first to be read.
    private mutating func skipSegments(before sequence: UInt64) throws(JournalError) {
        var low = waiting.startIndex
        var high = waiting.endIndex - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if try open(waiting[middle]).header.firstSequence <= sequence { low = middle } else { high = middle - 1 }
        }
        waiting = waiting[min(low, waiting.endIndex)...]
    }
}
