import Testing

@testable import Journal

@Suite("What is kept of a journal")
struct KeepingTests {
    private var small: JournalOptions {
        var options = JournalOptions.test
        options.segmentBytes = 1000
        return options
    }

    @Test("pruned segments are gone, and the rest is whole")
    func prune() throws {
        let scratch = Scratch()
        try scratch.fill(100, options: small)
        let before = try JournalSegment.list(.decisions, in: scratch.path)
        let result = try JournalPruner.prune(directory: scratch.path, stream: .decisions, olderThan: 50)
        #expect(result.segments > 0)
        let first = try #require(result.pruning?.firstSequence)
        #expect(first <= 50)
        #expect(first + UInt64(before[0].records) > 50)
        #expect(result.records == first - 1)
        let verification = try JournalVerifier.verify(directory: scratch.path)
        #expect(verification.fault == nil)
        #expect(verification.decisions.firstSequence == first)
        #expect(verification.decisions.records == 101 - first)
        #expect(try scratch.records().map(\.sequence) == Array(first...100))
        let (journal, opening) = try Journal.open(directory: scratch.path, options: small)
        #expect(opening.decisions.lastSequence == 100)
        #expect(journal.close())
    }

    @Test("a trial removes nothing")
    func trial() throws {
        let scratch = Scratch()
        try scratch.fill(100, options: small)
        let names = scratch.names
        let result = try JournalPruner.prune(
            directory: scratch.path, stream: .decisions, olderThan: 50, isTrial: true)
        #expect(result.segments > 0)
        #expect(scratch.names == names)
    }

    @Test("the segment that is written stays, however old it is")
    func newestStays() throws {
        let scratch = Scratch()
        try scratch.fill(100, options: small)
        let last = try JournalSegment.list(.decisions, in: scratch.path).last
        _ = try JournalPruner.prune(directory: scratch.path, stream: .decisions, olderThan: .max)
        #expect(try JournalSegment.list(.decisions, in: scratch.path).map(\.number) == [last?.number])
    }

    @Test("segments that are gone without a pruning, or more than it took, are damage")
    func tampering() throws {
        let scratch = Scratch()
        try scratch.fill(100, options: small)
        let result = try JournalPruner.prune(directory: scratch.path, stream: .decisions, olderThan: 30)
        let kept = try #require(result.pruning)
        let segments = try JournalSegment.list(.decisions, in: scratch.path)
        let record = try scratch.bytes("decisions.pruned")
        try SystemFiles().remove(scratch.path + "/decisions.pruned")
        #expect(try JournalVerifier.verify(directory: scratch.path).fault?.kind == .missingSegment)
        try scratch.write(record, to: "decisions.pruned")
        #expect(try JournalVerifier.verify(directory: scratch.path).fault == nil)
        var changed = record
        changed[12] ^= 1
        try scratch.write(changed, to: "decisions.pruned")
        #expect(try JournalVerifier.verify(directory: scratch.path).fault?.kind == .header)
        try scratch.write(record, to: "decisions.pruned")
        try SystemFiles().remove(segments[0].path)
        #expect(segments[0].number == kept.firstSegment)
        #expect(try JournalVerifier.verify(directory: scratch.path).fault?.kind == .missingSegment)
    }

    @Test("a pruning that was interrupted is completed when the journal is opened")
    func interruptedPruning() throws {
        let scratch = Scratch()
        try scratch.fill(100, options: small)
        let first = try scratch.bytes("decisions-0000000001.wj")
        _ = try JournalPruner.prune(directory: scratch.path, stream: .decisions, olderThan: 50)
        try scratch.write(first, to: "decisions-0000000001.wj")
        #expect(try JournalVerifier.verify(directory: scratch.path).fault == nil)
        let (journal, _) = try Journal.open(directory: scratch.path, options: small)
        #expect(journal.close())
        #expect(!scratch.names.contains("decisions-0000000001.wj"))
    }

    @Test("an override moves the damaged part aside, goes on before it, and is written down")
    func override() throws {
        let scratch = Scratch()
        try scratch.fill(30, options: small)
        let name = "decisions-0000000002.wj"
        let original = try scratch.bytes(name)
        var bytes = original
        bytes[128 + 85 * 3 + 50] ^= 0xFF
        try scratch.write(bytes, to: name)
        let segments = try JournalSegment.list(.decisions, in: scratch.path)
        let bad = segments[1].firstSequence + 3
        var options = small
        options.override = JournalOverride(origin: "trader", reason: "the disk was replaced")
        let (journal, opening) = try Journal.open(directory: scratch.path, options: options)
        #expect(opening.accepted.map(\.sequence) == [bad])
        #expect(opening.decisions.lastSequence == bad - 1)
        #expect(journal.close())
        let aside = scratch.names.filter { $0.contains(".damaged-") }
        #expect(aside.count == segments.count - 1)
        #expect(try scratch.bytes(try #require(aside.first { $0.hasPrefix(name) })) == bytes)
        let records = try scratch.records()
        #expect(records.count == Int(bad))
        #expect(records.last?.kind == ReservedKind.override)
        var reader = try #require(records.last).reader
        #expect(try reader.text() == "trader")
        #expect(try reader.text() == "the disk was replaced")
        #expect(try reader.text() == opening.accepted.first?.description)
        #expect(try JournalVerifier.verify(directory: scratch.path).fault == nil)
    }

    @Test("an override of an undamaged journal changes nothing")
    func needlessOverride() throws {
        let scratch = Scratch()
        try scratch.fill(30, options: small)
        let names = scratch.names
        var options = small
        options.override = JournalOverride(origin: "trader", reason: "to be sure")
        let (journal, opening) = try Journal.open(directory: scratch.path, options: options)
        #expect(opening.accepted.isEmpty)
        #expect(journal.close())
        #expect(scratch.names == names)
        #expect(try scratch.records().count == 30)
    }

    @Test("an override gets past a segment that is missing or whose header is damaged")
    func overrideOfSegments() throws {
        for isMissing in [true, false] {
            let scratch = Scratch()
            try scratch.fill(60, options: small)
            let second = try JournalSegment.list(.decisions, in: scratch.path)[1]
            if isMissing {
                try SystemFiles().remove(second.path)
            } else {
                try scratch.write([1, 2, 3], to: "decisions-0000000002.wj")
            }
            var options = small
            options.override = JournalOverride(origin: "trader", reason: "no other way")
            let (journal, opening) = try Journal.open(directory: scratch.path, options: options)
            #expect(opening.accepted.count == 1)
            #expect(opening.decisions.lastSequence == second.firstSequence - 1)
            #expect(journal.add([5]) == second.firstSequence + 1)
            #expect(journal.close())
            #expect(try JournalVerifier.verify(directory: scratch.path).fault == nil)
        }
    }

    @Test("the list tells records and times of every segment")
    func list() throws {
        let scratch = Scratch()
        try scratch.fill(100, options: small)
        let segments = try JournalSegment.list(.decisions, in: scratch.path)
        #expect(segments.map(\.records).reduce(0, +) == 100)
        #expect(segments.first?.firstTime == 1)
        #expect(segments.last?.lastTime == 100)
        for (one, next) in zip(segments, segments.dropFirst()) {
            #expect(one.firstSequence + one.records == next.firstSequence)
            #expect(one.lastTime == Int64(next.firstSequence) - 1)
        }
    }
}
