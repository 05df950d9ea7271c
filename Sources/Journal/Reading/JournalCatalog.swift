import Glibc

/// A segment of a stream, as its file's name tells.
struct SegmentFile: Hashable, Sendable {
    var number: UInt64
    var path: String
    var isCompressed: Bool
}

/// What lies in a journal's directory.
struct JournalCatalog {
    /// By stream; the segments in order, one file each.
    private(set) var segments: [JournalStream: [SegmentFile]] = [.decisions: [], .market: []]
    /// Compressed twins of plain segments: the process ended before the plain one was removed. The plain one counts.
    private(set) var twins: [String] = []
    /// Files that a process left half-written.
    private(set) var unfinished: [String] = []
    /// Files of checkpoints, oldest first.
    private(set) var checkpoints: [String] = []

    init(_ directory: String, files: any JournalFiles) throws(JournalError) {
        let names: [String]
        do throws(FileFailure) { names = try files.names(in: directory) } catch { throw JournalError(error, directory) }
        for name in names {
            let path = directory + "/" + name
            switch JournalFileName(name) {
            case .segment(let stream, let number, let isCompressed):
                let file = SegmentFile(number: number, path: path, isCompressed: isCompressed)
                // Names are sorted: "….wj" stands before "….wj.zst".
                if isCompressed, segments[stream]?.last?.number == number {
                    twins.append(path)
                } else {
                    segments[stream, default: []].append(file)
                }
            case .checkpoint: checkpoints.append(path)
            case .unfinished: unfinished.append(path)
            case nil: break
            }
        }
        for stream in JournalStream.allCases { segments[stream]?.sort { $0.number < $1.number } }
    }

    /// The segments of a stream from where its pruning ended, every one of them there.
    ///
    /// - Throws: `JournalError` of the kind `missingSegment` that names the first that is not.
    func chain(
        of stream: JournalStream, after pruning: JournalPruning?, in directory: String
    ) throws(JournalError) -> [SegmentFile] {
        let first = pruning?.firstSegment ?? 1
        let files = (segments[stream] ?? []).filter { $0.number >= first }
        var expected = first
        for file in files {
            guard file.number == expected else {
                let name = JournalFileName.segment(stream, number: expected, isCompressed: false).text
                throw JournalError(
                    .missingSegment, directory + "/" + name,
                    "the segment is not there, but segment \(file.number) of \(stream) is, and no pruning is recorded")
            }
            expected += 1
        }
        if files.isEmpty, pruning != nil {
            throw JournalError(
                .missingSegment,
                directory + "/" + JournalFileName.segment(stream, number: first, isCompressed: false).text,
                "the segment that the pruning left is not there")
        }
        return files
    }
}
