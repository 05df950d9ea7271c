/// A segment of a journal, for people who want to know what is there.
public struct JournalSegment: Hashable, Sendable {
    /// The stream.
    public let stream: JournalStream
    /// Its number.
    public let number: UInt64
    /// The file.
    public let path: String
    /// Whether it is compressed.
    public let isCompressed: Bool
    /// How many bytes it takes on the disk, reserved room included.
    public let bytes: Int
    /// When it was made, by the clock, in nanoseconds since the epoch.
    public let createdAt: Int64
    /// Its first record.
    public let firstSequence: UInt64
    /// How many records it holds.
    public let records: UInt64
    /// The time of the first record; `nil` where there is none.
    public let firstTime: Int64?
    /// The time of the last record; `nil` where there is none.
    public let lastTime: Int64?

    /// The segments of a stream, oldest first.
    ///
    /// - Throws: `JournalError` when one is missing or damaged.
    public static func list(
        _ stream: JournalStream, in directory: String, files: any JournalFiles = SystemFiles()
    ) throws(JournalError) -> [JournalSegment] {
        let pruning = try JournalPruning.read(stream, in: directory, files: files)
        let segments = try JournalCatalog(directory, files: files).chain(of: stream, after: pruning, in: directory)
        var list: [JournalSegment] = []
        for (index, segment) in segments.enumerated() {
            let following =
                index + 1 < segments.count
                ? try RecordScanner(segments[index + 1], files: files, verifiesChain: false).header : nil
            list.append(try describe(segment, following, files))
        }
        return list
    }

    private static func describe(
        _ segment: SegmentFile, _ following: SegmentHeader?, _ files: any JournalFiles
    ) throws(JournalError) -> JournalSegment {
        var scanner = try RecordScanner(segment, files: files, verifiesChain: false)
        let header = scanner.header
        var records: UInt64 = 0
        var firstTime: Int64?
        var lastTime: Int64?
        // The next header tells the end; only the segment that is written has to be read through.
        if let following {
            records = following.firstSequence - header.firstSequence
            if records > 0, case .record(let record, _) = try scanner.next() {
                firstTime = record.time
                lastTime = following.formerTime
            }
        } else {
            while case .record(let record, _) = try scanner.next() {
                if firstTime == nil { firstTime = record.time }
                lastTime = record.time
                records += 1
            }
        }
        return JournalSegment(
            stream: header.stream, number: header.number, path: scanner.segment.path,
            isCompressed: scanner.segment.isCompressed,
            bytes: try scanner.size(), createdAt: header.createdAt, firstSequence: header.firstSequence,
            records: records,
            firstTime: firstTime, lastTime: lastTime)
    }
}
