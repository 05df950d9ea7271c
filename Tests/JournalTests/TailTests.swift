import Testing

@testable import Journal

@Suite("The tail of a journal")
struct TailTests {
    private let name = "decisions-0000000001.wj"

    @Test("cut anywhere within its last record, a journal opens without it and says so")
    func tornAnywhere() throws {
        let scratch = Scratch()
        try scratch.fill(3) { [UInt8](repeating: UInt8($0 + 1), count: 20) }
        let whole = try scratch.bytes(name)
        let lastStart = 128 + 2 * 104
        #expect(whole.count == lastStart + 104)
        for size in lastStart..<whole.count {
            try scratch.write(Array(whole[..<size]), to: name)
            let (journal, opening) = try Journal.open(directory: scratch.path, options: .test)
            #expect(opening.decisions.lastSequence == 2)
            if size > lastStart {
                #expect(opening.decisions.cut?.offset == lastStart)
                // Trailing zeros of the record count as reserved room.
                #expect((1...size - lastStart).contains(opening.decisions.cut?.bytes ?? 0))
                #expect(opening.decisions.cut?.sequence == 3)
            } else {
                #expect(opening.cuts.isEmpty)
            }
            #expect(journal.add([9]) == 3)
            #expect(journal.close())
            #expect(try scratch.records().map { $0.payload.first } == [1, 2, 9])
        }
    }

    @Test("a last record whose bytes are not all there yet is cut, whichever they are")
    func unwrittenTailBytes() throws {
        let scratch = Scratch()
        try scratch.fill(2) { [UInt8](repeating: UInt8($0 + 1), count: 20) }
        let whole = try scratch.bytes(name)
        for size in (128 + 104 + 1)..<whole.count {
            let torn = whole[..<size] + [UInt8](repeating: 0, count: 9000)
            try scratch.write(Array(torn), to: name)
            let (journal, opening) = try Journal.open(directory: scratch.path, options: .test)
            #expect(opening.decisions.lastSequence == 1)
            #expect(opening.decisions.cut != nil)
            #expect(journal.close())
        }
    }

    @Test("reserved zeros behind the last record are no torn tail")
    func reservedZeros() throws {
        let scratch = Scratch()
        try scratch.fill(3)
        for count in [1, 83, 84, 4096, 1 << 20] {
            let bytes = try scratch.bytes(name)
            try scratch.write(bytes + [UInt8](repeating: 0, count: count), to: name)
            #expect(try scratch.records().count == 3)
            let (journal, opening) = try Journal.open(directory: scratch.path, options: .test)
            #expect(opening.cuts.isEmpty)
            #expect(opening.decisions.lastSequence == 3)
            #expect(journal.close())
            #expect(try scratch.bytes(name).count == bytes.count)
        }
    }

    @Test("pages that a power cut left out are a torn tail, with what lies behind them")
    func unwrittenPages() throws {
        let scratch = Scratch()
        try scratch.fill(200) { [UInt8](repeating: UInt8($0 & 0x7F) + 1, count: 100) }
        var bytes = try scratch.bytes(name)
        for index in 8192..<12288 { bytes[index] = 0 }
        try scratch.write(bytes, to: name)
        let (journal, opening) = try Journal.open(directory: scratch.path, options: .test)
        #expect(opening.decisions.lastSequence == UInt64((8192 - 128) / 184))
        #expect(opening.decisions.cut?.sequence == opening.decisions.lastSequence + 1)
        #expect(journal.close())
    }

    @Test("pages that are gone although they had been on the disk are damage")
    func vanishedPages() throws {
        let scratch = Scratch()
        for _ in 0..<2 { try scratch.fill(100) { [UInt8](repeating: UInt8($0 & 0x7F) + 1, count: 100) } }
        var bytes = try scratch.bytes(name)
        for index in 8192..<12288 { bytes[index] = 0 }
        try scratch.write(bytes, to: name)
        let error = #expect(throws: JournalError.self) {
            try Journal.open(directory: scratch.path, options: .test)
        }
        #expect(error?.sequence == UInt64((8192 - 128) / 184) + 1)
    }

    @Test("a reader beside the writer takes a record that is being written for the end")
    func readerAtATornTail() throws {
        let scratch = Scratch()
        try scratch.fill(3)
        let whole = try scratch.bytes(name)
        try scratch.write(Array(whole.dropLast(10)), to: name)
        var reader = try JournalReader(directory: scratch.path, stream: .decisions)
        #expect(try reader.record()?.sequence == 1)
        #expect(try reader.record()?.sequence == 2)
        #expect(try reader.record() == nil)
        #expect(reader.tornTail?.sequence == 3)
    }

    @Test("decisions that follow lost market updates are cut, as long as neither was known to be on the disk")
    func decisionsBeyondMarket() throws {
        let scratch = Scratch()
        let (journal, _) = try Journal.open(directory: scratch.path, options: .test)
        journal.addMarket(1...2)
        journal.add([1], position: 2)
        journal.addMarket(3...4)
        journal.add([2], position: 4)
        journal.add([3], position: 4)
        #expect(journal.close())
        let market = try scratch.bytes("market-0000000001.wj")
        try scratch.write(Array(market.dropLast(85)), to: "market-0000000001.wj")
        let (again, opening) = try Journal.open(directory: scratch.path, options: .test)
        #expect(opening.market.lastPosition == 2)
        #expect(opening.decisions.lastSequence == 1)
        #expect(opening.decisions.cut?.sequence == 2)
        #expect(again.close())
    }

    @Test("decisions that were on the disk prove that lost market updates were taken away")
    func decisionsOnTheDiskBeyondMarket() throws {
        let scratch = Scratch()
        let (journal, _) = try Journal.open(directory: scratch.path, options: .test)
        journal.addMarket(1...2)
        journal.addMarket(3...4)
        journal.add([1], position: 4)
        #expect(journal.settle())
        journal.add([2], position: 4)
        #expect(journal.close())
        let market = try scratch.bytes("market-0000000001.wj")
        try scratch.write(Array(market.dropLast(85)), to: "market-0000000001.wj")
        let error = #expect(throws: JournalError.self) { try Journal.open(directory: scratch.path, options: .test) }
        #expect(error?.kind == .position)
        #expect(error?.sequence == 1)
        #expect(try JournalVerifier.verify(directory: scratch.path).fault?.kind == .position)
    }
}
