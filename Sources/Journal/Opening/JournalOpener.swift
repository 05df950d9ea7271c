import Glibc

/// Makes a journal's directory fit to be written: removes what a process left half-done, cuts torn tails, refuses damage
/// unless somebody answers for it.
struct JournalOpener {
    let directory: String
    let options: JournalOptions
    let files: any JournalFiles

    /// What the writer goes on from.
    struct Result {
        var opening: JournalOpening
        var ends: [JournalStream: StreamEnd] = [:]
        var open: [JournalStream: OpenSegment] = [:]
    }

    func run() throws(JournalError) -> Result {
        do throws(FileFailure) { try files.makeDirectory(directory) } catch { throw JournalError(error, directory) }
        try tidy()
        var accepted: [JournalError] = []
        var scans: [JournalStream: StreamScan] = [:]
        for stream in JournalStream.allCases {
            var scan = try scan(stream)
            if let damage = scan.damage {
                guard options.override != nil else { throw damage.error }
                try DamageMover(directory: directory, files: files).moveAside(damage, of: scan.segments)
                accepted.append(damage.error)
                scan = try self.scan(stream)
                if let damage = scan.damage { throw damage.error }
            }
            scans[stream] = scan
        }
        guard var decisions = scans[.decisions], let market = scans[.market] else { preconditionFailure("two streams") }
        if accepted.isEmpty {
            try cutDecisions(&decisions, beyond: market)
        }
        try compareCheckpoints(decisions, market, accepted: &accepted)
        var result = Result(opening: JournalOpening(decisions: opening(decisions), market: opening(market)))
        result.opening.accepted = accepted
        for (stream, scan) in [(JournalStream.decisions, decisions), (.market, market)] {
            result.ends[stream] = scan.end
            result.open[stream] = try reopen(scan)
        }
        return result
    }

    private func scan(_ stream: JournalStream) throws(JournalError) -> StreamScan {
        let catalog = try JournalCatalog(directory, files: files)
        return try StreamScan(
            stream, catalog: catalog, in: directory, isThorough: options.override != nil, files: files)
    }

    private func opening(_ scan: StreamScan) -> StreamOpening {
        StreamOpening(
            lastSequence: scan.end.sequence, lastHash: scan.end.hash, lastTime: scan.end.time,
            lastPosition: scan.end.position, cut: scan.cut)
    }

    /// Half-written files, second forms of segments, and segments that a pruning was about to remove.
    private func tidy() throws(JournalError) {
        let catalog = try JournalCatalog(directory, files: files)
        var superfluous = catalog.unfinished + catalog.twins
        for stream in JournalStream.allCases {
            guard let pruning = try JournalPruning.read(stream, in: directory, files: files) else { continue }
            superfluous += (catalog.segments[stream] ?? []).filter { $0.number < pruning.firstSegment }.map(\.path)
        }
        for path in superfluous {
            do throws(FileFailure) { try files.remove(path) } catch { throw JournalError(error, path) }
        }
    }

    /// Opens the last segment for writing where its last record ends; a compressed one is left alone.
    private func reopen(_ scan: StreamScan) throws(JournalError) -> OpenSegment? {
        guard let segment = scan.segments.last, !segment.isCompressed else { return nil }
        do throws(FileFailure) {
            let file = try files.open(segment.path, flags: O_RDWR | O_CLOEXEC, mode: 0)
            if try files.size(file) != scan.size { try files.truncate(file, to: scan.size) }
            // A killed process may have handed over what no disk has seen yet; from here on it counts as being there.
            try files.sync(file)
            return OpenSegment(file: file, path: segment.path, size: scan.size)
        } catch { throw JournalError(error, segment.path) }
    }

    /// Decisions are brought onto the disk after the market updates before them. A machine that loses its power may keep
    /// the one and lose the other all the same, as long as neither was known to be there: such decisions are cut too.
    private func cutDecisions(_ decisions: inout StreamScan, beyond market: StreamScan) throws(JournalError) {
        guard market.end.position > 0, decisions.end.position > market.end.position,
            let segment = decisions.segments.last
        else { return }
        var scanner = try RecordScanner(segment, files: files)
        var end = StreamEnd(
            segment: segment.number, sequence: scanner.header.firstSequence - 1, hash: scanner.header.startHash,
            time: scanner.header.formerTime, position: scanner.header.formerPosition)
        var size = scanner.offset
        var first: JournalError?
        while case .record(let record, _) = try scanner.next() {
            if let first {
                if record.isAfterSync { throw first }
            } else if record.position > market.end.position {
                first = JournalError(
                    .position, segment.path, offset: size, sequence: record.sequence,
                    "the record follows market update \(record.position), the market stream ends with "
                        + "\(market.end.position)")
            } else {
                end.sequence = record.sequence
                end.hash = record.hash
                end.time = record.time
                end.position = record.position
                size = scanner.offset
            }
        }
        guard let first, end.position <= market.end.position, !segment.isCompressed else {
            throw first
                ?? JournalError(
                    .position, segment.path, "the decisions follow market updates that the market stream does not hold")
        }
        decisions.cut = JournalCut(
            path: segment.path, offset: size, bytes: decisions.size - size + (decisions.cut?.bytes ?? 0),
            sequence: end.sequence + 1, reason: first.detail)
        decisions.end = end
        decisions.size = size
    }

    /// A checkpoint that knows of more than the journal holds proves that records are gone.
    private func compareCheckpoints(
        _ decisions: StreamScan, _ market: StreamScan, accepted: inout [JournalError]
    ) throws(JournalError) {
        for checkpoint in try JournalCheckpoint.list(in: directory, files: files).valid
        where checkpoint.decision > decisions.end.sequence || checkpoint.market > market.end.sequence {
            let error = JournalError(
                .position, checkpoint.path,
                "the checkpoint was taken after record \(checkpoint.decision) of decisions and \(checkpoint.market) of "
                    + "market, the journal ends with \(decisions.end.sequence) and \(market.end.sequence): "
                    + "records that had been on the disk are gone")
            guard options.override != nil else { throw error }
            try DamageMover(directory: directory, files: files).moveAside(checkpoint.path)
            accepted.append(error)
        }
    }
}
