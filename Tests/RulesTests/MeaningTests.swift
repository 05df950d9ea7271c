import Market
import Rules
import Testing
import Trading

/// What expressions mean, on closes worked out by hand.
@Suite struct MeaningTests {
    /// The candles on which a condition holds, once everything in it is defined.
    static func holds(_ condition: String, _ values: [Double]) throws -> [Int] {
        try signals(strategy(rules("name: a\nentry: \"\(condition)\"")), closes(values)).map(\.index)
    }

    static let values: [Double] = [10, 12, 11, 11, 15, 9, 9.5]

    @Test(
        "operators and functions",
        arguments: [
            ("close > 11", [1, 4]), ("close >= 11", [1, 2, 3, 4]), ("close == 11", [2, 3]),
            ("close != 11", [0, 1, 4, 5, 6]),
            ("close < 11 and close > 9", [0, 6]), ("close < 10 or close > 12", [4, 5, 6]), ("not close < 12", [1, 4]),
            ("not (close < 12) or close == 9", [1, 4, 5]), ("close * 2 - 1 == 21", [2, 3]),
            ("close + 1 * 2 == 13", [2, 3]), ("-close + 20 > 10", [5, 6]), ("close % 5 == 0", [0, 4]),
            ("close / 2 > 5.5", [1, 4]), ("2 * 3 > 5 and close == 15", [4]), ("abs(close - 10) >= 5", [4]),
            ("floor(close) == 9", [5, 6]), ("ceil(close) == 10", [0, 6]), ("round(close) == 10", [0, 6]),
            ("sign(close - 11) == -1", [0, 5, 6]), ("sqrt(close) == 3", [5]), ("min(close, 11) == 11", [1, 2, 3, 4]),
            ("max(close, 11) > 11", [1, 4]), ("when(close > 11, 1, 0) == 1", [1, 4]), ("close[1] == 11", [3, 4]),
            ("close > close[2]", [2, 4]), ("crosses_above(close, 11)", [1, 4]), ("crosses_below(close, 11)", [5]),
            ("sma(3) == 11", [2]), ("highest(close, 3) == 12", [2, 3]), ("lowest(close, 3) == 9", [5, 6]),
            ("bars_since(close == 12) == 2", [3]), ("(close > 11)[1]", [2, 5]), ("close / 0 > 1", []),
            ("close == open and high == low and volume == 0.01", []), ("minute == 3", [2]),
            (
                "weekday == 7 and hour == 0",
                [0, 1, 2, 3, 4, 5, 6]
            ),
        ] as [(String, [Int])])
    func means(_ condition: String, _ expected: [Int]) throws {
        #expect(try Self.holds(condition, Self.values) == expected)
    }

    @Test("until everything is defined nothing is said, whatever holds by then")
    func warmUp() throws {
        let made = try strategy(rules("name: a\nentry: close < sma(close, 4) or close > 0\nexit: close[5] < 0"))
        #expect(made.warmUp == 6)
        #expect(try signals(made, closes(Self.values)).map(\.index) == [5, 6])
    }

    @Test("a comparison with something undefined does not hold, and its negation does")
    func undefined() throws {
        #expect(try Self.holds("sqrt(close - 11) >= 0", Self.values) == [1, 2, 3, 4])
        #expect(try Self.holds("sqrt(close - 11) != 99", Self.values) == [1, 2, 3, 4])
        #expect(try Self.holds("not sqrt(close - 11) >= 0", Self.values) == [0, 5, 6])
        #expect(try Self.holds("not defined(sqrt(close - 11))", Self.values) == [0, 5, 6])
    }

    @Test("equal means of prices are equal, where decimal fractions would differ in the last digit")
    func ties() throws {
        // 0.1 + 0.2 and 0.3 differ in binary floating point; in whole units they do not.
        let values = [0.1, 0.2, 0.3, 0.1, 0.2, 0.3]
        #expect(try Self.holds("sma(close, 3) == sma(close, 3)[3]", values) == [5])
        #expect(try Self.holds("open + close[1] - close == close[1]", [0.2, 0.1, 0.3]) == [1, 2])
    }

    @Test("the first rule that holds is said: entry, short, cover, exit; a filter stops entries alone")
    func order() throws {
        let all = try rules(
            "name: a\nentry: close > 10\nshort: close < 20\nexit: close > 0\ncover: close > 0\nfilter: volume > 0")
        let said = try signals(strategy(all), closes([15, 5, 15])).map(\.signal.direction)
        #expect(said == [.long, .short, .long])
        let filtered = try rules("name: a\nentry: close > 10\nexit: close < 8\nfilter: close < 14")
        let closing = try signals(strategy(filtered), closes([12, 15, 7, 15, 13]))
        #expect(closing.map { "\($0.index) \($0.signal.direction.name)" } == ["0 long", "2 flat", "4 long"])
    }

    @Test("a signal says which rule fired and what it compared")
    func explanation() throws {
        let text = "name: a\ndefine: {mean: 'sma(close, 2)'}\nentry: close > mean and adx(2) >= 0\nexit: close < mean"
        let said = try signals(strategy(rules(text)), closes([1, 2, 3, 4, 5, 6]))
        #expect(said.first?.signal.rule == "entry")
        #expect(
            said.first?.signal.values
                == [NamedValue("close", 4), NamedValue("mean", 3.5), NamedValue("adx(2)", 100)])
    }

    @Test("what is said twice is done once, and what is fixed is worked out before")
    func sharing() throws {
        let once = try rules("name: a\nentry: crosses_above(ema(close, 3), 5)")
        let twice = try rules(
            "name: a\ndefine: {m: 'ema(close, 1 + 2)'}\nentry: crosses_above(m, 10 / 2) and (true or close > 3)\n"
                + "exit: crosses_below(ema(3), 5)")
        #expect(once.stepCount == 3 && twice.stepCount == 3)
        #expect(twice.indicators == ["ema(3)"])
    }

    @Test("distances and the size of an entry go with its signal; without one that is a distance there is no entry")
    func protection() throws {
        let text = "name: a\nentry: close > 1\nstop: close - 8\ntarget: 2 * (close - 8)\nsize: close / 20"
        let said = try signals(strategy(rules(text)), closes([10, 8, 16]))
        #expect(said.map(\.index) == [0, 2])
        #expect(said[0].signal.strength == 0.5 && said[1].signal.strength == 0.8)
        #expect(said[0].signal.protection == Protection(stopLoss: .percent(20), takeProfit: .percent(40)))
        #expect(said[1].signal.protection == Protection(stopLoss: .percent(50), takeProfit: .percent(100)))
    }
}
