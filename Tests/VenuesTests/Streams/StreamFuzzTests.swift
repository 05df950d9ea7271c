import Foundation
import Market
import Testing

@testable import Venues

/// Damaged, hostile and random messages: none ends the process, and what is taken is what a general decoder reads.
@Suite("fuzzing the decoders")
struct StreamFuzzTests {
    private static let symbols = StreamSamples.instruments.map(\.symbol)
    /// What mutations put in.
    private static let pieces: [[UInt8]] =
        [
            "\"", "\\", "{", "}", "[", "]", ":", ",", " ", "\n", "\t", "0", "-1", "1e9", "1E999", "0.0", "-0", "null",
            "true",
            "9223372036854775807", "9223372036854775808", "99999999999999999999999999999", "\\u0000", "\\ud800", "\\\"",
            "\"e\":", "\"e\":\"trade\",", "\"s\":\"BTCUSDT\",", "\"u\":1,", "\"b\":[],", "\"a\":[[\"1\",\"1\"]],",
            "[[[[[[[[",
            "\"data\":{", "{\"data\":", "\u{0}", "ä", "😀", "\"p\":\"1\"", "\"\":", "1700000000123", "BNBBTC",
        ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x80]]

    private static func mutated(_ seed: [UInt8], _ numbers: inout SeededNumbers) -> [UInt8] {
        var bytes = seed
        for _ in 0..<Int.random(in: 1...4, using: &numbers) {
            let place = Int.random(in: 0...bytes.count, using: &numbers)
            let end = min(bytes.count, place + Int.random(in: 0...8, using: &numbers))
            switch Int.random(in: 0..<8, using: &numbers) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: pieces.randomElement(using: &numbers)!, at: place)
            case 2: bytes.replaceSubrange(place..<end, with: pieces.randomElement(using: &numbers)!)
            case 3 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
            // Digits for digits keep a message readable, and its numbers other ones.
            case 4 where place < bytes.count && (0x30...0x39).contains(bytes[place]):
                bytes[place] = UInt8.random(in: 0x30...0x39, using: &numbers)
            case 5: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 6: bytes.removeLast(bytes.count - place)
            default:
                let other = Array(StreamSamples.all.randomElement(using: &numbers)!.utf8)
                let from = Int.random(in: 0...other.count, using: &numbers)
                bytes.insert(contentsOf: other[from..<min(other.count, from + 24)], at: place)
            }
        }
        return bytes
    }

    /// Fields of an object in another order, with others among them.
    private static func shuffled(_ text: String, _ numbers: inout SeededNumbers) -> [UInt8] {
        guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else { return [] }
        var fields = object.sorted { $0.key < $1.key }.map { key, value in
            let data = try? JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed)
            return "\"\(key)\":" + String(decoding: data ?? Data(), as: UTF8.self)
        }
        fields += ["\"unknown\":{\"e\":\"trade\",\"s\":[null,-1.5e-3]}", "\"z\":\"\\u00e9\\n\""]
        return Array("{\(fields.shuffled(using: &numbers).joined(separator: " ,\n"))}".utf8)
    }

    @Test("mutated messages are refused, or read as a general decoder reads them", arguments: 0..<8)
    func mutations(_ part: Int) {
        var numbers = SeededNumbers(seed: UInt64(part + 1))
        var decoder = MarketStreamDecoder(StreamSamples.instruments)
        var (taken, refused) = (0, 0)
        let seeds = StreamSamples.all + StreamSamples.all.map { StreamSamples.wrapped($0) }
        for _ in 0..<4_000 {
            let bytes = Self.mutated(Array(seeds.randomElement(using: &numbers)!.utf8), &numbers)
            do {
                let message = try StreamSamples.decode(bytes, with: &decoder)
                taken += 1
                #expect(
                    Foundational.agrees(message, decoder.depth, bytes, symbols: Self.symbols, scales: (8, 8)),
                    "\(message) of \(String(decoding: bytes, as: UTF8.self))")
            } catch {
                refused += 1
                #expect(error.excerpt.count < 1_200)
            }
        }
        // Neither may be rare, or nothing would be tried.
        #expect(taken > 100 && refused > 1_000)
    }

    @Test("fields in any order say the same")
    func orders() throws {
        var numbers = SeededNumbers(seed: 9)
        for text in StreamSamples.all {
            let expected = try StreamSamples.decode(text)
            for _ in 0..<50 {
                var decoder = MarketStreamDecoder(StreamSamples.instruments)
                let message = try StreamSamples.decode(Self.shuffled(text, &numbers), with: &decoder)
                #expect(message == expected.0)
                if message == .depth { #expect(decoder.depth == expected.1) }
            }
        }
    }

    @Test("no beginning of a message is a message")
    func truncations() {
        var decoder = MarketStreamDecoder(StreamSamples.instruments)
        for text in StreamSamples.all.flatMap({ [$0, StreamSamples.wrapped($0)] }) {
            let bytes = Array(text.utf8)
            for length in 0..<bytes.count {
                #expect(throws: StreamDamage.self) { try StreamSamples.decode(Array(bytes[..<length]), with: &decoder) }
            }
        }
    }

    @Test("random bytes are read or refused like anything else")
    func noise() {
        var numbers = SeededNumbers(seed: 3)
        var decoder = MarketStreamDecoder(StreamSamples.instruments)
        let marks = Array("{}[]\":,0123456789.eEsubapqtTmM-+ \\ntrue".utf8)
        for round in 0..<10_000 {
            let length = Int.random(in: 0...64, using: &numbers)
            let bytes = (0..<length).map { _ in
                round % 2 == 0 ? UInt8.random(in: 0...255, using: &numbers) : marks.randomElement(using: &numbers)!
            }
            guard let message = try? StreamSamples.decode(bytes, with: &decoder) else { continue }
            #expect(Foundational.agrees(message, decoder.depth, bytes, symbols: Self.symbols, scales: (8, 8)))
        }
    }

    @Test("memory stays what the largest message needs, whatever comes")
    func memory() throws {
        var decoder = MarketStreamDecoder(StreamSamples.instruments)
        let levels = (1...DepthDiff.mostLevels).map { "[\"\($0)\",\"1\"]" }.joined(separator: ",")
        let large =
            #"{"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":1,"u":1,"b":[\#(levels)],"a":[\#(levels)]}"#
        _ = try StreamSamples.decode(large, with: &decoder)
        let most = decoder.depth.bids.capacity
        let more = Array(large.replacing("\"b\":[", with: "\"b\":[[\"0.5\",\"1\"],", maxReplacements: 1).utf8)
        let cut = Array(large.utf8.dropLast(9))
        for _ in 0..<5 {
            for bytes in [more, cut] {
                #expect(throws: StreamDamage.self) { try StreamSamples.decode(bytes, with: &decoder) }
            }
        }
        #expect(decoder.depth.bids.capacity <= most && decoder.depth.asks.capacity <= most)
    }

    @Test("mutated books and trades by REST are refused, or read as a general decoder reads them")
    func bodies() {
        var numbers = SeededNumbers(seed: 5)
        let book = Array(
            #"{"lastUpdateId":10,"bids":[["4.0","431.5"],["3.9","1"]],"asks":[["4.2","12"],["5","1"]]}"#.utf8)
        let trade = Array("[\(MarketDataBodiesTests.trade)]".utf8)
        struct Trade: Decodable {
            var id: Int64
            var price: String
            var time: Int64
        }
        var taken = 0
        for _ in 0..<6_000 {
            let bytes = Self.mutated(book, &numbers)
            let found = bytes.withUnsafeBytes { try? DepthSnapshot.decode($0, limit: 100, of: StreamSamples.bitcoin) }
            if let found {
                taken += 1
                let read = try? JSONDecoder().decode(Foundational.Book.self, from: Data(bytes))
                #expect(read?.lastUpdateId == found.lastID)
                #expect(zip(found.bids, read?.bids ?? []).allSatisfy { $1.equals($0, (8, 8)) })
            }
            let others = Self.mutated(trade, &numbers)
            let prints = others.withUnsafeBytes { try? TradeBodies.trades($0, of: StreamSamples.bitcoin) }
            if let prints {
                let read = try? JSONDecoder().decode([Trade].self, from: Data(others))
                #expect(read?.map(\.id) == prints.map { Int64($0.id) })
            }
            _ = others.withUnsafeBytes { try? TradeBodies.aggregateTrades($0, of: StreamSamples.bitcoin) }
        }
        #expect(taken > 20)
    }
}
