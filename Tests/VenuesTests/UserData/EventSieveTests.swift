import Market
import Testing

@testable import Venues

@Suite("each report of an order passes once, and none that was overtaken")
struct EventSieveTests {
    private static let new: [String: String?] = [
        "x": "\"NEW\"", "X": "\"NEW\"", "t": "-1", "l": "\"0\"", "z": "\"0\"", "I": "1", "N": "null", "n": "\"0\"",
    ]
    private static let cancel: [String: String?] = [
        "x": "\"CANCELED\"", "X": "\"CANCELED\"", "C": "\"my-1\"", "c": "\"x\"", "t": "-1", "I": "9",
    ]
    private static func trade(_ id: Int, _ sum: String) -> [String: String?] {
        ["t": "\(id)", "I": "\(id + 1)", "z": "\"\(sum)\""]
    }
    private static func amend(_ id: Int, _ quantity: String) -> [String: String?] {
        ["x": "\"REPLACED\"", "X": "\"NEW\"", "t": "-1", "I": "\(id)", "q": "\"\(quantity)\"", "z": "\"0\""]
    }

    private func passing(_ reports: [[String: String?]]) throws -> [Bool] {
        var sieve = EventSieve()
        return try reports.map { sieve.passes(try UserExamples.read($0), of: SpotExamples.btc) }
    }

    @Test("reports in their order all pass")
    func usual() throws {
        #expect(
            try passing([Self.new, Self.trade(1, "0.004"), Self.trade(2, "0.008"), Self.cancel]) == [
                true, true, true, true,
            ])
    }

    @Test("a trade between two orders of the account passes for each of them")
    func bothSides() throws {
        var other = Self.trade(1, "0.004")
        other["i"] = "78"
        #expect(try passing([Self.trade(1, "0.004"), other, other]) == [true, true, false])
    }

    @Test("the second of two equal ones does not")
    func repeated() throws {
        #expect(
            try passing([Self.new, Self.new, Self.trade(1, "0.004"), Self.trade(1, "0.004")]) == [
                true, false, true, false,
            ])
        #expect(try passing([Self.cancel, Self.cancel]) == [true, false])
    }

    @Test("an acceptance behind a fill does not")
    func lateAcceptance() throws { #expect(try passing([Self.trade(1, "0.004"), Self.new]) == [true, false]) }

    @Test("an acceptance behind the end does not")
    func acceptanceAfterEnd() throws { #expect(try passing([Self.cancel, Self.new]) == [true, false]) }

    @Test("a fill passes whatever was told before")
    func lateFill() throws {
        #expect(try passing([Self.cancel, Self.trade(2, "0.008"), Self.trade(1, "0.004")]) == [true, true, true])
    }

    @Test("of two amendments the later one counts")
    func amendments() throws {
        #expect(try passing([Self.amend(5, "0.008"), Self.amend(4, "0.009")]) == [true, false])
        #expect(try passing([Self.amend(4, "0.009"), Self.amend(5, "0.008")]) == [true, true])
    }

    @Test("orders of one number in two symbols are two")
    func symbols() throws {
        var sieve = EventSieve()
        let other = SpotExamples.instrument("ETHUSDT", "ETH", "USDT")
        let report = try UserExamples.read()
        #expect(sieve.passes(report, of: SpotExamples.btc) && sieve.passes(report, of: other))
    }

    @Test("what is remembered is bounded")
    func bounded() {
        var recent = Recent<Int, Int>(capacity: 3)
        for number in 0..<10 { recent.put(number, number * 2) }
        #expect((0..<10).map { recent[$0] } == [nil, nil, nil, nil, nil, nil, nil, 14, 16, 18])
        recent.put(8, 1)
        #expect(recent[7] == 14 && recent[8] == 1)
        let isNew = recent.insert(9, 7)
        #expect(!isNew && recent[9] == 18)
    }
}
