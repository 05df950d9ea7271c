import CZlib
import Foundation
import Market
import Testing

@testable import Ingestion

@Suite("Playing what was captured")
struct CapturePlaybackTests {
    /// What a playback says, taken after each thing that it meets.
    private func told(_ playback: CapturePlayback) throws -> [String] {
        var updates: [LiveUpdate] = []
        while let next = playback.nextTime { try playback.play(before: next.adding(nanoseconds: 1), into: &updates) }
        try playback.play(before: playback.end, into: &updates)
        return updates.map { "\($0)" }
    }

    @Test("a market says the same from its capture as it said while it was captured", arguments: 0..<8)
    func same(_ seed: Int) throws {
        let folder = TemporaryDirectory()
        let path = folder.path + "/a.wickcap"
        let next = seed % 2 == 0 ? nil : CaptureScript.start.adding(seconds: -600)
        // Some captures are of several parts.
        let writer = try CaptureWriter(to: path, partBytes: seed < 4 ? 1 << 30 : 4_000)
        var script = CaptureScript(seed: UInt64(seed + 1), next: next, tape: writer)
        for _ in 0..<20 {
            script.run(200)
            writer.flush()
            script.captureBooks()
        }
        writer.close()
        #expect(seed < 4 || writer.progress.parts > 1)
        let live = script.told.map { "\($0)" }
        let again = try told(try CapturePlayback(path))
        #expect(live.count > 1_000)
        #expect(again == live)
    }

    @Test("what is captured changes nothing of what the market says")
    func unchanged() throws {
        let folder = TemporaryDirectory()
        let writer = try CaptureWriter(to: folder.path + "/a.wickcap")
        var with = CaptureScript(seed: 3, next: nil, tape: writer)
        var without = CaptureScript(seed: 3, next: nil, tape: nil)
        with.run(1_000)
        without.run(1_000)
        writer.close()
        #expect(with.told.map { "\($0)" } == without.told.map { "\($0)" })
    }

    @Test("a later part that is played alone has its books as soon as they were kept")
    func laterPart() throws {
        let folder = TemporaryDirectory()
        let writer = try CaptureWriter(to: folder.path + "/a.wickcap", partBytes: 1)
        var script = CaptureScript(seed: 2, next: nil, tape: writer)
        // Until both books stand at the end of a part.
        repeat { script.run(20) } while script.books.contains { $0 == nil }
        writer.flush()
        let part = writer.progress.parts
        script.listen(to: [0, 1])
        script.captureBooks()
        let books = script.books
        writer.close()
        let playback = try CapturePlayback(folder.path + "/a.\(part).wickcap")
        var updates: [LiveUpdate] = []
        try playback.play(before: playback.end.adding(seconds: 1), into: &updates)
        for place in [0, 1] {
            let shown = updates.compactMap { if case .depth(place, let depth) = $0 { depth } else { nil } }.last
            #expect(shown.map { Array($0.bids.prefix(5)) } == books[place]?.bids)
            #expect(shown.map { Array($0.asks.prefix(5)) } == books[place]?.asks)
        }
    }

    @Test("the end of a capture that was killed is told")
    func torn() throws {
        let folder = TemporaryDirectory()
        let path = folder.path + "/a.wickcap"
        let writer = try CaptureWriter(to: path)
        var script = CaptureScript(seed: 1, next: nil, tape: writer)
        script.run(300)
        writer.flush()
        let again = try told(try CapturePlayback(path))
        #expect(Array(again.dropLast()) == script.told.map { "\($0)" })
        #expect(again.last?.contains("capture-torn") == true)
        writer.close()
    }

    @Test("answers that can't be read and messages that are missing are remarked on, and the rest goes on")
    func remarks() throws {
        let folder = TemporaryDirectory()
        let path = folder.path + "/a.wickcap"
        let writer = try CaptureWriter(to: path)
        writer.begin(CaptureScript.head(next: nil))
        let time = CaptureScript.start
        writer.add(.open, 1, at: time)
        writer.add(.book, 0, [5], bytes: Array("{}".utf8), at: time)
        writer.add(.book, 9, [5], bytes: Array("{}".utf8), at: time)
        writer.add(.minutes, 0, [0, 60], bytes: Array("[1]".utf8), at: time)
        writer.add(.lost, 4, at: time)
        let quote = #"{"u":1,"s":"BTCUSDT","b":"99","B":"1","a":"101","A":"2"}"#
        writer.add(.text, 1, bytes: Array(quote.utf8), at: time)
        writer.close()
        let all = try told(try CapturePlayback(path))
        #expect(all.count { $0.contains("capture-damaged") } == 3)
        #expect(all.count { $0.contains("capture-lost") && $0.contains("4 messages") } == 1)
        #expect(all.contains { $0.hasPrefix("quote(0") })
    }

    @Test("a file that is neither is refused in words", arguments: ["", "a,b,c\n1,2,3\n", "{\"e\":\"trade\"}\n"])
    func refused(_ text: String) throws {
        let folder = TemporaryDirectory()
        let path = try folder.write("a.txt", text)
        let error = #expect(throws: IngestionError.self) { try CapturePlayback(path) }
        #expect(error?.kind == .notCapture)
        let named = try folder.write("a.wickcap", text)
        #expect(throws: IngestionError.self) { try CapturePlayback(named) }
    }

    @Test("a capture of a venue that is not known is refused by its name")
    func foreignVenue() throws {
        let folder = TemporaryDirectory()
        let writer = try CaptureWriter(to: folder.path + "/a.wickcap")
        var head = CaptureScript.head(next: nil)
        head.venue = "ELSEWHERE"
        writer.begin(head)
        writer.close()
        let error = #expect(throws: IngestionError.self) { try CapturePlayback(folder.path + "/a.wickcap") }
        #expect(error?.detail.contains("ELSEWHERE") == true)
    }
}
