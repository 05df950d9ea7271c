/// Takes a segment apart, record by record, and says where its bytes stop being a journal.
struct RecordScanner {
    /// What is wrong at a place, and what was found there.
    struct Fault: Hashable {
        var kind: JournalError.Kind
        var offset: Int
        var sequence: UInt64
        var detail: String

        func error(_ path: String) -> JournalError {
            JournalError(kind, path, offset: offset, sequence: sequence, detail)
        }
    }

    enum Step {
        case record(JournalRecord, size: Int)
        /// The last record is over; what follows are zeros that were reserved, or nothing.
        case end
        case fault(Fault)
    }

    let segment: SegmentFile
    let header: SegmentHeader
    /// The sequence number and the former digest that the next record has to carry.
    private(set) var expected: UInt64
    private(set) var hash: JournalHash
    /// The place of the next record in the segment's bytes.
    private(set) var offset = SegmentHeader.size

    private let source: SegmentSource
    private let verifiesChain: Bool
    private var buffer: [UInt8] = []
    private var place = 0
    private var isDry = false

    /// A scanner behind the header of a segment.
    ///
    /// - Throws: `JournalError` of the kind `header` when there is none.
    init(_ segment: SegmentFile, files: any JournalFiles, verifiesChain: Bool = true) throws(JournalError) {
        self.verifiesChain = verifiesChain
        source = try SegmentSource(segment, files: files)
        self.segment = source.segment
        var bytes: [UInt8] = []
        while bytes.count < SegmentHeader.size, try source.read(into: &bytes) {}
        do throws(MalformedHeader) {
            header = try SegmentHeader(bytes)
        } catch { throw JournalError(.header, segment.path, offset: 0, error.reason) }
        guard header.number == segment.number else {
            throw JournalError(
                .header, segment.path, offset: 0, "the header is that of segment \(header.number); the file was renamed"
            )
        }
        buffer = bytes
        place = SegmentHeader.size
        expected = header.firstSequence
        hash = header.startHash
    }

    /// How many bytes the segment takes on the disk.
    func size() throws(JournalError) -> Int { try source.size() }

    /// The next record, the end, or what is wrong.
    mutating func next() throws(JournalError) -> Step {
        try fill(RecordLayout.payload)
        let left = buffer.count - place
        if left == 0 { return .end }
        if isZero(place..<min(place + RecordLayout.payload, buffer.count)) {
            guard try firstByteOfRest() != nil else { return .end }
            // A running engine may have written the record after its place was read and before what is behind it was.
            guard try source.isStillZero(at: offset, count: RecordLayout.payload) else { return .end }
            return .fault(fault(.checksum, "there are zeros where record \(expected) belongs"))
        }
        guard left >= RecordLayout.payload else {
            return .fault(fault(.torn, "record \(expected) ends after \(left) bytes, before its fields do"))
        }
        let length = Int(buffer.withUnsafeBytes { $0.number(place + RecordLayout.length, as: UInt32.self) })
        guard length <= RecordLayout.maximumPayload else {
            return .fault(fault(.checksum, "the payload's length \(length) is out of range"))
        }
        let size = RecordLayout.payload + length
        try fill(size)
        guard buffer.count - place >= size else {
            return .fault(
                fault(
                    .torn,
                    "record \(expected) has \(buffer.count - place) of \(size) bytes, the file ends before it does"))
        }
        if let fault = check(size) { return .fault(fault) }
        let record = record(size)
        place += size
        offset += size
        expected += 1
        hash = record.hash
        return .record(record, size: size)
    }

    private func fault(_ kind: JournalError.Kind, _ detail: String) -> Fault {
        Fault(kind: kind, offset: offset, sequence: expected, detail: detail)
    }

    private func check(_ size: Int) -> Fault? {
        buffer.withUnsafeBytes { all in
            let raw = UnsafeRawBufferPointer(rebasing: all[place..<place + size])
            guard RecordLayout.hasValidChecksum(raw) else {
                return fault(.checksum, "the checksum of record \(expected) does not fit its bytes")
            }
            let found: UInt64 = raw.number(RecordLayout.sequence)
            if found > expected {
                return fault(.gap, "expected record \(expected), found \(found): \(found - expected) missing")
            }
            if found < expected {
                return fault(.order, "expected record \(expected), found \(found), which belongs before it")
            }
            guard verifiesChain else { return nil }
            let stated = JournalHash(UnsafeRawBufferPointer(rebasing: raw[RecordLayout.hash..<RecordLayout.payload]))
            guard RecordLayout.digest(raw, after: hash) == stated else {
                return fault(
                    .chain,
                    "record \(expected) does not continue the one before it: one of the two is not what was written")
            }
            return nil
        }
    }

    private func record(_ size: Int) -> JournalRecord {
        buffer.withUnsafeBytes { all in
            let raw = UnsafeRawBufferPointer(rebasing: all[place..<place + size])
            return JournalRecord(
                sequence: raw.number(RecordLayout.sequence), time: raw.number(RecordLayout.time),
                position: raw.number(RecordLayout.position), cause: raw.number(RecordLayout.cause),
                correlation: raw.number(RecordLayout.correlation), kind: raw[RecordLayout.kind],
                version: raw[RecordLayout.version],
                isAfterSync: raw[RecordLayout.flags] & RecordLayout.afterSync != 0,
                hash: JournalHash(UnsafeRawBufferPointer(rebasing: raw[RecordLayout.hash..<RecordLayout.payload])),
                payload: buffer[place + RecordLayout.payload..<place + size])
        }
    }

    /// Makes `count` bytes available where the segment has them. The bytes move to a new array, so that records which
    /// were handed out keep theirs without a copy.
    private mutating func fill(_ count: Int) throws(JournalError) {
        guard buffer.count - place < count, !isDry else { return }
        var rest = Array(buffer[place...])
        place = 0
        while rest.count < count {
            guard try source.read(into: &rest) else {
                isDry = true
                break
            }
        }
        buffer = rest
    }

    private func isZero(_ range: Range<Int>) -> Bool {
        // Of a record almost always the first byte tells.
        buffer.withUnsafeBytes { all in
            for index in range where all[index] != 0 { return false }
            return true
        }
    }

    /// Takes in everything from the next record on.
    ///
    /// - Returns: the index of the first byte in it that is not zero.
    private mutating func firstByteOfRest() throws(JournalError) -> Int? {
        var start = place
        while true {
            if let index = firstByte(from: start) { return index }
            start = buffer.count
            // All zeros so far: no need to keep them when nothing follows.
            guard !isDry else { return nil }
            guard try source.read(into: &buffer) else {
                isDry = true
                return nil
            }
        }
    }

    /// The index of the first byte from `start` on that is not zero; eight at a time, since there may be megabytes.
    private func firstByte(from start: Int) -> Int? {
        buffer.withUnsafeBytes { all in
            var index = start
            while index + 8 <= all.count && all.loadUnaligned(fromByteOffset: index, as: UInt64.self) == 0 {
                index += 8
            }
            while index < all.count {
                if all[index] != 0 { return index }
                index += 1
            }
            return nil
        }
    }

    /// Everything from the next record to the end of the segment: what is looked at when a fault was found.
    mutating func rest() throws(JournalError) -> [UInt8] {
        while !isDry {
            guard try source.read(into: &buffer) else {
                isDry = true
                break
            }
        }
        return Array(buffer[place...])
    }
}
