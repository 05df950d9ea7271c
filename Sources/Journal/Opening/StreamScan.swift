/// How far a stream goes that is about to be written, and what is wrong with it.
struct StreamScan {
    /// What stops the stream before its files end.
    struct Damage {
        var error: JournalError
        /// The segment, as an index of `segments`, and the place in it up to which everything is right.
        var segment: Int
        var offset: Int
    }

    var segments: [SegmentFile] = []
    var end = StreamEnd()
    /// The last segment's bytes up to the end of the last record.
    var size = 0
    var cut: JournalCut?
    var damage: Damage?

    private let stream: JournalStream
    private let files: any JournalFiles

    /// Looks at every segment's header, and at every record of the last two segments or of all of them.
    init(
        _ stream: JournalStream, catalog: JournalCatalog, in directory: String, isThorough: Bool,
        files: any JournalFiles
    ) throws(JournalError) {
        self.stream = stream
        self.files = files
        let pruning = try JournalPruning.read(stream, in: directory, files: files)
        let first = pruning?.firstSegment ?? 1
        segments = (catalog.segments[stream] ?? []).filter { $0.number >= first }
        do throws(JournalError) {
            segments = try catalog.chain(of: stream, after: pruning, in: directory)
        } catch {
            // What lies before the hole is still good; with an override the rest is moved aside.
            let good = segments.enumerated().prefix { $0.element.number == first + UInt64($0.offset) }.count
            damage = Damage(error: error, segment: good, offset: 0)
        }
        if let pruning {
            end = StreamEnd(
                segment: pruning.firstSegment - 1, sequence: pruning.firstSequence - 1, hash: pruning.startHash)
        }
        try scan(isThorough: isThorough)
    }

    private mutating func scan(isThorough: Bool) throws(JournalError) {
        let count = damage?.segment ?? segments.count
        let firstFull = isThorough ? 0 : max(0, count - 2)
        for index in 0..<count {
            let isLast = index == segments.count - 1
            do throws(JournalError) {
                var scanner = try RecordScanner(segments[index], files: files)
                try check(scanner.header, index, isContinued: index == 0 || index > firstFull)
                end.segment = scanner.header.number
                guard index >= firstFull else { continue }
                if index == firstFull { adopt(scanner.header) }
                size = scanner.offset
                // A damaged header is the next segment's fault, not this one's.
                let bound = index + 1 < count ? try? RecordScanner(segments[index + 1], files: files).header : nil
                try read(&scanner, until: bound, index, isLast: isLast)
            } catch {
                guard error.isDamage else { throw error }
                damage = Damage(error: error, segment: index, offset: error.kind == .header ? 0 : size)
            }
            if let damage, damage.segment == index { return }
        }
    }

    private mutating func check(_ header: SegmentHeader, _ index: Int, isContinued: Bool) throws(JournalError) {
        let path = segments[index].path
        guard header.stream == stream else {
            throw JournalError(.header, path, offset: 0, "the header is that of a segment of \(header.stream)")
        }
        guard isContinued else { return }
        guard header.firstSequence == end.sequence + 1 else {
            throw JournalError(
                .gap, path, offset: 0, sequence: header.firstSequence,
                "the segment begins with record \(header.firstSequence), expected \(end.sequence + 1)")
        }
        guard header.startHash == end.hash else {
            throw JournalError(
                .chain, path, offset: 0, sequence: header.firstSequence,
                "the segment does not continue what comes before it: one of the two is not what was written")
        }
    }

    private mutating func adopt(_ header: SegmentHeader) {
        end.sequence = header.firstSequence - 1
        end.hash = header.startHash
        end.time = header.formerTime
        end.position = header.formerPosition
    }

    private mutating func read(
        _ scanner: inout RecordScanner, until bound: SegmentHeader?, _ index: Int, isLast: Bool
    ) throws(JournalError) {
        while true {
            if let bound, scanner.expected == bound.firstSequence, bound.followsFailedSync { return }
            switch try scanner.next() {
            case .record(let record, _):
                end.sequence = record.sequence
                end.hash = record.hash
                end.time = record.time
                end.position = stream == .market ? max(record.correlation, end.position) : record.position
                size = scanner.offset
            case .end: return
            case .fault(let fault):
                let rest = try scanner.rest()
                let isTail = isLast && !segments[index].isCompressed
                if isTail, fault.kind == .torn || fault.kind == .checksum,
                    TornTail.isTorn(rest, at: fault.offset, expected: fault.sequence)
                {
                    cut = JournalCut(
                        path: segments[index].path, offset: fault.offset,
                        bytes: (rest.lastIndex { $0 != 0 } ?? -1) + 1, sequence: fault.sequence, reason: fault.detail)
                } else {
                    damage = Damage(error: fault.error(segments[index].path), segment: index, offset: fault.offset)
                }
                return
            }
        }
    }
}
