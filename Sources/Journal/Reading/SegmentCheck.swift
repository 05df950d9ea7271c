/// What one segment holds, every byte of it looked at.
struct SegmentCheck: Sendable {
    /// How far the records are right.
    struct End: Sendable {
        var sequence: UInt64 = 0
        var hash = JournalHash.none
        var offset = 0
    }

    private(set) var header: SegmentHeader?
    private(set) var error: JournalError?
    private(set) var isTornTail = false
    /// The number of the last update, of a market segment.
    private(set) var lastUpdate: UInt64 = 0
    private let segment: SegmentFile
    private var end = End()
    private var positions = (before: UInt64(0), isReset: false, after: UInt64(0))

    /// Ends at the first fault, which is kept.
    init(_ segment: SegmentFile, files: any JournalFiles) {
        self.segment = segment
        do throws(JournalError) {
            var scanner = try RecordScanner(segment, files: files)
            header = scanner.header
            lastUpdate = scanner.header.stream == .market ? scanner.header.formerPosition : 0
            end = End(
                sequence: scanner.header.firstSequence - 1, hash: scanner.header.startHash, offset: scanner.offset)
            try read(&scanner)
        } catch { self.error = error }
    }

    private mutating func read(_ scanner: inout RecordScanner) throws(JournalError) {
        let isMarket = scanner.header.stream == .market
        while true {
            switch try scanner.next() {
            case .record(let record, _):
                if isMarket {
                    if record.correlation > 0, record.position <= lastUpdate {
                        throw JournalError(
                            .position, scanner.segment.path, offset: end.offset, sequence: record.sequence,
                            "the batch begins with update \(record.position), the one before ended with \(lastUpdate)")
                    }
                    lastUpdate = max(lastUpdate, record.correlation)
                } else if record.kind == ReservedKind.override {
                    positions.isReset = true
                    positions.after = 0
                } else if positions.isReset {
                    positions.after = max(positions.after, record.position)
                } else {
                    positions.before = max(positions.before, record.position)
                }
                end = End(sequence: record.sequence, hash: record.hash, offset: scanner.offset)
            case .end: return
            case .fault(let fault):
                error = fault.error(scanner.segment.path)
                guard !segment.isCompressed, fault.kind == .torn || fault.kind == .checksum else { return }
                isTornTail = TornTail.isTorn(try scanner.rest(), at: fault.offset, expected: fault.sequence)
                return
            }
        }
    }

    /// The highest market position so far, an override beginning anew.
    func highestPosition(after former: UInt64) -> UInt64 {
        positions.isReset ? positions.after : max(former, positions.before)
    }

    /// Where the records end that count: behind a failed sync those of the next segment take the place of the rest.
    func end(before following: SegmentHeader?) -> End {
        guard let following, following.followsFailedSync, following.firstSequence <= end.sequence else { return end }
        return End(sequence: following.firstSequence - 1, hash: following.startHash, offset: end.offset)
    }

    /// Why the segment does not continue what comes before it; `nil` where it does.
    func `break`(after hash: JournalHash, _ next: UInt64, stream: JournalStream) -> JournalError? {
        guard let header else { return error }
        if header.stream != stream {
            return JournalError(.header, segment.path, offset: 0, "the header is that of a segment of \(header.stream)")
        }
        if header.firstSequence != next {
            return JournalError(
                header.firstSequence > next ? .gap : .order, segment.path, offset: 0, sequence: header.firstSequence,
                "the segment begins with record \(header.firstSequence), expected \(next)")
        }
        if header.startHash != hash {
            return JournalError(
                .chain, segment.path, offset: 0, sequence: next,
                "the segment does not continue the one before it: one of the two is not what was written")
        }
        return nil
    }
}
