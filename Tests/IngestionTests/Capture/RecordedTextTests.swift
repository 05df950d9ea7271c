import Foundation
import Market
import Testing

@testable import Ingestion

@Suite("Recordings in plain text")
struct RecordedTextTests {
    private static let start: Int64 = 1_714_953_600_000

    private static func line(_ milliseconds: Int64, _ json: String) -> String {
        "\((start + milliseconds) * 1_000_000) \(json)\n"
    }

    private static func trade(_ id: Int, _ price: String, at milliseconds: Int64) -> String {
        line(
            milliseconds,
            #"{"stream":"btcusdt@trade","data":{"e":"trade","E":\#(start + milliseconds),"s":"BTCUSDT","t":\#(id),"#
                + #""p":"\#(price)","q":"0.50000000","T":\#(start + milliseconds),"m":false,"M":true}}"#)
    }

    private static func quote(_ id: Int, at milliseconds: Int64) -> String {
        line(
            milliseconds,
            #"{"stream":"btcusdt@bookTicker","data":{"u":\#(id),"s":"BTCUSDT","b":"100.00000000","B":"1.00100000","#
                + #""a":"100.05000000","A":"2.00000000"}}"#)
    }

    /// Trades through three minutes and a quote.
    private static let text =
        trade(1, "100.10000000", at: 30_000) + quote(7, at: 30_500) + trade(2, "100.30000000", at: 61_000)
        + trade(3, "100.20000000", at: 100_000) + trade(4, "100.40000000", at: 121_000)

    private func updates(_ path: String, known: [Instrument] = []) throws -> (CapturePlayback, [LiveUpdate]) {
        let playback = try CapturePlayback(path, known: known)
        var updates: [LiveUpdate] = []
        while let next = playback.nextTime {
            try playback.play(before: next.adding(nanoseconds: 50_000_000), into: &updates)
        }
        try playback.play(before: playback.end, into: &updates)
        return (playback, updates)
    }

    @Test("a recording tells its instrument, its rules as far as numbers show them, and its span")
    func survey() throws {
        let folder = TemporaryDirectory()
        let (playback, _) = try updates(try folder.write("a.txt", Self.text))
        let instrument = try #require(playback.instruments.first)
        #expect(instrument.name == "BINANCE:BTCUSDT")
        #expect(instrument.pair == "BTC/USDT")
        #expect(instrument.rules.tick == Price(mantissa: 1_000_000))
        #expect(instrument.rules.quantityStep == Quantity(mantissa: 100_000))
        #expect(playback.begin == Timestamp(milliseconds: Self.start + 30_000))
        #expect(playback.end == Timestamp(milliseconds: Self.start + 121_000))
    }

    @Test("an instrument that is known keeps its rules")
    func known() throws {
        let folder = TemporaryDirectory()
        let (playback, _) = try updates(try folder.write("a.txt", Self.text), known: [CaptureScript.instruments[0]])
        #expect(playback.instruments == [CaptureScript.instruments[0]])
    }

    @Test("trades and quotes come as they were received, and minutes are made from the trades")
    func played() throws {
        let folder = TemporaryDirectory()
        let (_, updates) = try updates(try folder.write("a.txt", Self.text))
        let prints = updates.compactMap { if case .print(0, let print, _) = $0 { print.time } else { nil } }
        #expect(prints == [30_000, 61_000, 100_000, 121_000].map { Timestamp(milliseconds: Self.start + $0) })
        let quotes = updates.compactMap { if case .quote(0, let quote) = $0 { quote } else { nil } }
        #expect(quotes.map(\.ask.mantissa) == [100_05000000])
        // Of the first minute only a part was seen, and the last is not over.
        let minutes = updates.compactMap { if case .minute(0, let candle) = $0 { candle } else { nil } }
        #expect(minutes.map(\.openTime) == [Timestamp(milliseconds: Self.start + 60_000)])
        #expect(minutes.first?.open.mantissa == 100_30000000)
        #expect(minutes.first?.close.mantissa == 100_20000000)
    }

    @Test("a recording packed by gzip says the same")
    func packed() throws {
        let folder = TemporaryDirectory()
        let (_, plain) = try updates(try folder.write("a.txt", Self.text))
        let (_, packed) = try updates(try folder.write("a.txt.gz", gzip(Array(Self.text.utf8))))
        #expect(plain.map { "\($0)" } == packed.map { "\($0)" })
    }

    @Test("lines that are none are passed over and counted")
    func unreadable() throws {
        let folder = TemporaryDirectory()
        let text = Self.text + "nonsense\n\n12 \n" + Self.trade(5, "100.5", at: 122_000)
        let (_, updates) = try updates(try folder.write("a.txt", text))
        let remarks = updates.compactMap { if case .remark(_, let text, _) = $0 { text } else { nil } }
        #expect(remarks == ["2 lines of the recording are no time and message and were passed over"])
        #expect(updates.count { if case .print = $0 { true } else { false } } == 5)
    }

    @Test("a recording of a symbol in a currency that is not known is refused")
    func unknownQuote() throws {
        let folder = TemporaryDirectory()
        let text = Self.text.replacingOccurrences(of: "BTCUSDT", with: "BTCXYZ")
        let path = try folder.write("a.txt", text)
        let error = #expect(throws: IngestionError.self) { try CapturePlayback(path) }
        #expect(error?.detail == "no message in it names a symbol of Binance Spot")
    }

    @Test(
        "the recorded stream of BTCUSDT plays through: its trades, its book, its official minutes, and twice the same",
        .enabled(if: RecordedStream.isThere, "the recorded stream is not here"))
    func recorded() throws {
        let (playback, updates) = try updates(RecordedStream.path)
        #expect(updates.count { if case .print = $0 { true } else { false } } == 9_757)
        #expect(updates.count { if case .depth = $0 { true } else { false } } > 3_000)
        #expect(!updates.contains { if case .remark(let kind, _, _) = $0 { kind == "feed-damaged" } else { false } })
        let minutes = updates.compactMap { if case .minute(0, let candle) = $0 { candle } else { nil } }
        let official = try RecordedStream.officialMinutes()
        #expect(minutes.count == official.count)
        for (minute, row) in zip(minutes, official) {
            #expect(minute.openTime.milliseconds == Int64(row[0]))
            let instrument = playback.instruments[0]
            #expect(
                [minute.open, minute.high, minute.low, minute.close]
                    == (try row[1...4].map { try instrument.price($0) }))
            #expect(minute.volume == (try instrument.quantity(row[5])))
        }
        let (_, again) = try self.updates(RecordedStream.path)
        #expect(again.map { "\($0)" } == updates.map { "\($0)" })
    }
}
