import Testing

@testable import Terminal

@Suite("Fuzzy matching")
struct FuzzyMatcherTests {
    private func ranked(_ query: String, _ candidates: [String]) -> [String] {
        FuzzyMatcher(query).rank(candidates) { $0 }.map(\.candidate)
    }

    @Test("letters in order match, others do not")
    func matches() {
        #expect(ranked("emo", ["ema-crossover", "macd", "rsi"]) == ["ema-crossover"])
        #expect(FuzzyMatcher("emo").match("ema-crossover")?.positions == [0, 1, 6])
        #expect(FuzzyMatcher("xyz").match("ema-crossover") == nil)
        #expect(FuzzyMatcher("aa").match("a") == nil)
        #expect(FuzzyMatcher("").match("anything")?.positions == [])
    }

    @Test("beginnings of words and runs come first")
    func ranks() {
        #expect(ranked("bt", ["debt report", "Backtests", "BTC/USDT"]).first == "BTC/USDT")
        #expect(ranked("close", ["disclose all", "close position", "c-l-o-s-e"]).first == "close position")
        #expect(ranked("pos", ["Compose", "Positions", "deposit"]) == ["Positions", "deposit", "Compose"])
    }

    @Test("capitals are exact, words come in any order")
    func respectsCase() {
        #expect(ranked("BTC", ["btc", "BTC"]) == ["BTC"])
        #expect(ranked("btc", ["btc", "BTC"]) == ["btc", "BTC"])
        #expect(ranked("sol close", ["close SOL position", "close BTC"]) == ["close SOL position"])
    }

    @Test("matched positions spell the query", arguments: 1...40 as ClosedRange<UInt64>)
    func spellsTheQuery(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func word(_ count: Int) -> String {
            String(
                (0..<count).map { _ in Character(["a", "b", "c", "-", "D"][Int.random(in: 0..<5, using: &generator)]) })
        }
        let candidate = word(14)
        let query = word(4)
        var rest = Array(candidate)[...]
        let isSubsequence = query.allSatisfy { letter in
            guard
                let at = rest.firstIndex(where: { $0 == letter || (letter != "D" && $0.lowercased() == String(letter)) }
                )
            else { return false }
            rest = rest[(at + 1)...]
            return true
        }
        let match = FuzzyMatcher(query).match(candidate)
        #expect((match != nil) == isSubsequence)
        if let match {
            let letters = Array(candidate)
            #expect(match.positions.map { letters[$0].lowercased() } == query.map { $0.lowercased() })
        }
    }
}
