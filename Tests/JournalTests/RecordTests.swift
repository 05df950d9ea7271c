import Testing

@testable import Journal

@Suite("Records of the journal")
struct RecordTests {
    @Test("a checksum is that of RFC 3720")
    func checksumOfDigits() {
        #expect(Array("123456789".utf8).withUnsafeBytes { checksum($0) } == 0xE306_9283)
    }

    @Test("a digest is that of FIPS 180-4, over the runs as if they were one")
    func digest() {
        let parts = ["a", "", "bc"].map { Array($0.utf8) }
        let hash = parts[0].withUnsafeBytes { first in
            parts[1].withUnsafeBytes { second in
                parts[2].withUnsafeBytes { third in JournalHash(of: first, second, third) }
            }
        }
        #expect("\(hash)" == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("the first record's bytes are those that the page promises")
    func bytesOfARecord() throws {
        let scratch = Scratch()
        let (journal, opening) = try Journal.open(directory: scratch.path, options: .test)
        #expect(opening.isNew)
        let sequence = journal.append(
            .decisions, kind: 0x11, version: 0x02, time: 0x0102_0304_0506_0708, position: 9, cause: 3, correlation: 4
        ) { $0.raw(Array("hi".utf8)) }
        #expect(sequence == 1)
        #expect(journal.close())

        let file = try scratch.bytes("decisions-0000000001.wj")
        #expect(file.count == 128 + 84 + 2)
        let fields: [UInt8] =
            [2, 0, 0, 0]  // length
            + [1, 0, 0, 0, 0, 0, 0, 0]  // sequence
            + [8, 7, 6, 5, 4, 3, 2, 1]  // time
            + [9, 0, 0, 0, 0, 0, 0, 0]  // position
            + [3, 0, 0, 0, 0, 0, 0, 0]  // cause
            + [4, 0, 0, 0, 0, 0, 0, 0]  // correlation
            + [0x11, 2, 1, 0]  // kind, version, after a sync, zero
        #expect(Array(file[132..<180]) == fields)
        // sha256(32 zero bytes, the fields above, "hi") and crc32c(everything behind it), computed with other programs.
        let digest = hexBytes("45ed5dbe784191ba3ef30f20336a19967cc81d72b87206e760f3bbe5a2040f0a")
        #expect(Array(file[180..<212]) == digest)
        #expect(Array(file[128..<132]) == hexBytes("41266d04"))
        #expect(Array(file[212...]) == Array("hi".utf8))
    }

    @Test("whatever was appended is read back, field by field")
    func roundTrip() throws {
        let scratch = Scratch()
        var generator = SplitMix(seed: 7)
        var expected: [(Int64, UInt64, UInt64, UInt64, UInt8, UInt8, [UInt8])] = []
        let (journal, _) = try Journal.open(directory: scratch.path, options: .test)
        for _ in 0..<500 {
            let payload = (0..<Int(generator.next() % 300)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            let record = (
                Int64(bitPattern: generator.next()), generator.next(), generator.next(), generator.next(),
                UInt8(generator.next() % 200), UInt8(generator.next() % 9), payload
            )
            expected.append(record)
            _ = journal.append(
                .decisions, kind: record.4, version: record.5, time: record.0, position: record.1, cause: record.2,
                correlation: record.3
            ) { $0.raw(payload) }
        }
        #expect(journal.close())
        let records = try scratch.records()
        #expect(records.count == expected.count)
        for (index, (record, original)) in zip(records, expected).enumerated() {
            #expect(record.sequence == UInt64(index + 1))
            #expect(record.time == original.0)
            #expect(record.position == original.1)
            #expect(record.cause == original.2)
            #expect(record.correlation == original.3)
            #expect(record.kind == original.4)
            #expect(record.version == original.5)
            #expect(Array(record.payload) == original.6)
        }
    }

    @Test("both streams count for themselves")
    func twoStreams() throws {
        let scratch = Scratch()
        let (journal, _) = try Journal.open(directory: scratch.path, options: .test)
        #expect(journal.addMarket(1...3) == 1)
        #expect(journal.addMarket(4...4) == 2)
        #expect(journal.add([1], position: 4) == 1)
        #expect(journal.close())
        #expect(try scratch.records(.market).map(\.correlation) == [3, 4])
        #expect(try scratch.records(.decisions).map(\.position) == [4])
    }

    @Test("a reader begins at the record that it is asked for")
    func readFromTheMiddle() throws {
        let scratch = Scratch()
        var options = JournalOptions.test
        options.segmentBytes = 600
        try scratch.fill(40, options: options)
        #expect(scratch.names.count > 5)
        for start: UInt64 in [1, 2, 17, 40, 41] {
            #expect(try scratch.records(from: start).map(\.sequence) == (start...41).dropLast().map { $0 })
        }
    }

    @Test("what was appended after opening again continues what was there")
    func reopen() throws {
        let scratch = Scratch()
        for session in 0..<4 {
            let (journal, opening) = try Journal.open(directory: scratch.path, options: .test)
            #expect(opening.decisions.lastSequence == UInt64(session * 3))
            #expect(opening.cuts.isEmpty)
            for index in 0..<3 { journal.add([UInt8(session), UInt8(index)], time: Int64(session)) }
            #expect(journal.close())
        }
        #expect(try scratch.records().map { Array($0.payload) }.last == [3, 2])
        #expect(try scratch.records().count == 12)
    }

    private func hexBytes(_ text: String) -> [UInt8] {
        stride(from: 0, to: text.utf8.count, by: 2).compactMap {
            UInt8(text.dropFirst($0).prefix(2), radix: 16)
        }
    }
}

/// A small generator with a seed, so that a failure can be seen again.
struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
