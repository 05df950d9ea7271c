import Testing

@testable import Journal

@Suite("Damage to a journal")
struct DamageTests {
    private let name = "decisions-0000000001.wj"
    private let size = 94

    /// Ten records of ten bytes of payload, in one segment.
    private func filled() throws -> (Scratch, [UInt8]) {
        let scratch = Scratch()
        try scratch.fill(10) { [UInt8](repeating: UInt8($0 + 1), count: 10) }
        let bytes = try scratch.bytes(name)
        #expect(bytes.count == 128 + 10 * size)
        return (scratch, bytes)
    }

    private func record(_ number: Int, _ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes[(128 + (number - 1) * size)..<(128 + number * size)]
    }

    private func fault(_ scratch: Scratch) throws -> JournalError? {
        try JournalVerifier.verify(directory: scratch.path).fault
    }

    @Test("an untouched journal has no fault")
    func untouched() throws {
        let (scratch, bytes) = try filled()
        let result = try JournalVerifier.verify(directory: scratch.path)
        #expect(result.fault == nil)
        #expect(result.decisions.records == 10)
        #expect(result.decisions.lastSequence == 10)
        #expect(result.decisions.bytes == bytes.count)
    }

    @Test("a flipped bit is found and named wherever it is")
    func flippedBits() throws {
        let (scratch, bytes) = try filled()
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 1 << UInt8(index % 8)
            try scratch.write(damaged, to: name)
            let result = try JournalVerifier.verify(directory: scratch.path)
            if index < 128 {
                #expect(result.fault?.kind == .header, "byte \(index)")
                #expect(throws: JournalError.self) { try Journal.open(directory: scratch.path, options: .test) }
                continue
            }
            let number = (index - 128) / size + 1
            // Only a last record whose length grew can't be told from one that was not written to its end.
            let isTorn = result.fault == nil
            let found = isTorn ? result.decisions.tornTail : result.fault
            #expect(found?.sequence == UInt64(number), "byte \(index)")
            #expect(found?.offset == 128 + (number - 1) * size, "byte \(index)")
            if isTorn {
                #expect(((bytes.count - size + 4)..<(bytes.count - size + 8)).contains(index), "byte \(index)")
            } else {
                #expect(throws: JournalError.self) { try Journal.open(directory: scratch.path, options: .test) }
            }
        }
    }

    @Test("exchanged records are found")
    func exchanged() throws {
        let (scratch, bytes) = try filled()
        var damaged = bytes
        damaged.replaceSubrange((128 + 3 * size)..<(128 + 5 * size), with: record(5, bytes) + record(4, bytes))
        try scratch.write(damaged, to: name)
        let error = try fault(scratch)
        #expect(error?.kind == .gap)
        #expect(error?.sequence == 4)
        #expect(throws: JournalError.self) { try Journal.open(directory: scratch.path, options: .test) }
    }

    @Test("a removed record is found")
    func removed() throws {
        let (scratch, bytes) = try filled()
        var damaged = bytes
        damaged.removeSubrange((128 + 3 * size)..<(128 + 4 * size))
        try scratch.write(damaged, to: name)
        let error = try fault(scratch)
        #expect(error?.kind == .gap)
        #expect(error?.sequence == 4)
        #expect(error?.offset == 128 + 3 * size)
    }

    @Test("a doubled record is found")
    func doubled() throws {
        let (scratch, bytes) = try filled()
        var damaged = bytes
        damaged.insert(contentsOf: record(4, bytes), at: 128 + 4 * size)
        try scratch.write(damaged, to: name)
        let error = try fault(scratch)
        #expect(error?.kind == .order)
        #expect(error?.sequence == 5)
    }

    @Test("a record that was rewritten with a right checksum breaks the chain")
    func rewritten() throws {
        let (scratch, bytes) = try filled()
        var damaged = bytes
        damaged[128 + 3 * size + 90] = 0xEE
        damaged.withUnsafeMutableBytes { all in
            let record = UnsafeMutableRawBufferPointer(rebasing: all[(128 + 3 * size)..<(128 + 4 * size)])
            record.set(checksum(UnsafeRawBufferPointer(rebasing: record[4...])), at: 0)
        }
        try scratch.write(damaged, to: name)
        let error = try fault(scratch)
        #expect(error?.kind == .chain)
        #expect(error?.sequence == 4)
    }

    @Test("a record that was rewritten with its digest breaks the chain at the next one")
    func resealed() throws {
        let (scratch, bytes) = try filled()
        var damaged = bytes
        damaged[128 + 3 * size + 90] = 0xEE
        let former = try scratch.records()[2].hash
        damaged.withUnsafeMutableBytes { all in
            RecordLayout.seal(
                UnsafeMutableRawBufferPointer(rebasing: all[(128 + 3 * size)..<(128 + 4 * size)]), after: former)
        }
        try scratch.write(damaged, to: name)
        let error = try fault(scratch)
        #expect(error?.kind == .chain)
        #expect(error?.sequence == 5)
    }

    @Test("a segment that is not there is named")
    func missingSegment() throws {
        for number in [1, 3] {
            let scratch = Scratch()
            var options = JournalOptions.test
            options.segmentBytes = 600
            try scratch.fill(40, options: options)
            let missing = "\(scratch.path)/decisions-000000000\(number).wj"
            try SystemFiles().remove(missing)
            let error = try fault(scratch)
            #expect(error?.kind == .missingSegment)
            #expect(error?.path == missing)
            #expect(throws: JournalError.self) { try Journal.open(directory: scratch.path, options: options) }
        }
    }

    @Test("a segment that was cut at a record's end is found, closed or compressed")
    func shortenedSegment() throws {
        let scratch = Scratch()
        var options = JournalOptions.test
        options.segmentBytes = 600
        try scratch.fill(40, options: options)
        let second = "decisions-0000000002.wj"
        let bytes = try scratch.bytes(second)
        try scratch.write(Array(bytes.dropLast(85)), to: second)
        let error = try fault(scratch)
        #expect(error?.kind == .gap)
        #expect(error?.path.hasSuffix("decisions-0000000003.wj") == true)
        #expect(throws: JournalError.self) { _ = try scratch.records() }
    }

    @Test("a segment that took another's name is found")
    func renamedSegment() throws {
        let scratch = Scratch()
        var options = JournalOptions.test
        options.segmentBytes = 600
        try scratch.fill(40, options: options)
        let second = try scratch.bytes("decisions-0000000002.wj")
        try scratch.write(second, to: "decisions-0000000003.wj")
        #expect(try fault(scratch)?.kind == .header)
    }

    @Test("random bytes never bring the reader down")
    func randomDamage() throws {
        let (scratch, bytes) = try filled()
        var generator = SplitMix(seed: 3)
        for _ in 0..<300 {
            var damaged = bytes
            for _ in 0..<(1 + generator.next() % 20) {
                let index = 128 + Int(generator.next() % UInt64(bytes.count - 128))
                damaged[index] = UInt8(truncatingIfNeeded: generator.next())
            }
            if generator.next() % 3 == 0 { damaged.removeLast(Int(generator.next() % 300)) }
            try scratch.write(damaged, to: name)
            let result = try JournalVerifier.verify(directory: scratch.path)
            // Whatever is read before the fault is what was written.
            for (record, original) in zip(try readable(scratch), 1...) {
                #expect(Array(record.payload) == [UInt8](repeating: UInt8(original), count: 10))
            }
            #expect(
                damaged == bytes || result.fault != nil || result.decisions.tornTail != nil
                    || damaged.count < bytes.count)
        }
    }

    private func readable(_ scratch: Scratch) throws -> [JournalRecord] {
        var reader = try JournalReader(directory: scratch.path, stream: .decisions)
        var records: [JournalRecord] = []
        while let record = try? reader.record() { records.append(record) }
        return records
    }
}
