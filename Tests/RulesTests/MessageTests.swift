import Settings
import Testing

/// What is said of files that are wrong: everything at once, each pointing at its sign.
@Suite struct MessageTests {
    /// The problems of a file whose entry is this expression, beside a parameter `fast` and a definition `mean`.
    static func problems(entry: String) -> [RuleFileProblem] {
        problems(
            """
            name: test
            timeframe: 5m
            parameters:
              fast: {default: 10, min: 1, max: 50}
              loud: {default: off}
            define:
              mean: sma(close, fast)
            entry: \(entry)
            """)
    }

    static func problems(_ yaml: String) -> [RuleFileProblem] {
        do {
            _ = try RuleFile(text: yaml, name: "test.yaml")
            return []
        } catch {
            return error.problems
        }
    }

    @Test(
        "an expression that is wrong is pointed at",
        arguments: [
            ("crosses_above(emaa(close, fast), mean)", 15, 4, "there is no function 'emaa'; did you mean 'ema'?"),
            ("clsoe > mean", 1, 5, "there is no 'clsoe'; did you mean 'close'?"),
            ("close > meen", 9, 4, "there is no 'meen'; did you mean 'mean'?"),
            ("close", 1, 5, "a condition was expected here, not a number; compare it with something"),
            ("close > loud", 9, 4, "a number was expected here, not a condition"),
            ("loud and close", 10, 5, "a condition was expected here, not a number; compare it with something"),
            (
                "sma(close, close) > 1", 12, 5,
                "a number of candles of sma must not change from candle to candle; "
                    + "expected a number or a parameter, as in sma(value, window)"
            ),
            (
                "ema(close, fast, 3) > 1", 1, 3,
                "ema takes 2 arguments, ema(value, window), or one less for the close; "
                    + "here are 3"
            ),
            ("crosses_above(close) or loud", 1, 13, "crosses_above takes 2 arguments, crosses_above(a, b); here are 1"),
            ("sma(close, 0) > 1", 12, 1, "the window of sma, '0', is 0; expected a whole number in 1…5000"),
            (
                "sma(close, fast / 4) > 1", 12, 8,
                "the window of sma, 'fast / 4', is 2.5; expected a whole number in "
                    + "1…5000"
            ),
            ("bollinger(20, 2) > close", 1, 9, "bollinger has several lines; choose one: .upper, .middle, .lower"),
            ("bollinger(20, 2).top > close", 18, 3, "bollinger has no 'top'; it has upper, middle, lower"),
            ("close.upper > 1", 7, 5, "'.upper': there are no lines to choose from here"),
            ("close > ", 8, 1, "a value, a name or '(' was expected here, not the end"),
            ("close > 1 2", 11, 1, "an operator or the end was expected here, not the number 2"),
            ("(close > 1", 11, 1, "')' was expected here, not the end"),
            ("close = 1", 7, 1, "an operator or the end was expected here, not '='; a comparison is '=='"),
            ("close > 1 & loud", 11, 1, "an operator or the end was expected here, not '&'; write 'and'"),
            ("1 < close < 2", 11, 1, "comparisons can't follow one another; write 'a < b and b < c'"),
            ("close[fast * close] > 1", 7, 12, "how many candles ago must not change from candle to candle"),
            ("close[-1] > 1", 7, 2, "how many candles ago, '-1', is -1; expected a whole number in 0…5000"),
            ("close@1x > 1", 6, 3, "'1x' is no timeframe; there are 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d"),
            ("close@3m > 1", 6, 3, "3m is no multiple of 5m, the candles that the strategy sees"),
            ("entry_price@1h > 1", 1, 11, "'entry_price' is of now; a longer timeframe can't say anything about it"),
            ("(close@1h)@4h > 1", 7, 3, "a timeframe within a timeframe has no meaning"),
            ("macd(26, 12, 9).line > 0", 1, 15, "the fast window of macd, 26, must be below the slow one, 12"),
            ("sma > close", 1, 3, "'sma' is a function: sma(value, window)"),
            ("20d > close", 1, 3, "a value, a name or '(' was expected here, not '20d'"),
        ] as [(String, Int, Int, String)])
    func pointed(_ entry: String, _ column: Int, _ width: Int, _ message: String) {
        let problems = Self.problems(entry: entry)
        #expect(problems.map(\.text) == [message])
        #expect(problems.first?.line == 8 && problems.first?.key == "entry")
        // The expression begins behind `entry: `.
        #expect(problems.first?.column == column + 7)
        #expect(problems.first?.width == width)
    }

    @Test("everything wrong with a file is said at once, in the order of its lines, with a mark below")
    func allAtOnce() {
        let problems = Self.problems(
            """
            name: two words
            colour: red
            parameters:
              fast: {default: 10, min: 1}
            define:
              close: sma(open, 3)
              twice: twoce + 1
            entry: twice > smma(3)
            stop: close > 1
            """)
        #expect(
            problems.map { "\($0.line):\($0.column) \($0.key)" } == [
                "0:0 ", "2:1 colour", "4:10 parameters.fast.default", "6:3 define.close", "7:10 define.twice",
                "8:16 entry", "9:7 stop",
            ])
        let entry = problems.first { $0.key == "entry" }
        #expect(
            entry?.description == """
                test.yaml:8:16: entry: there is no function 'smma'; did you mean 'sma'?
                  8 | entry: twice > smma(3)
                    |                ^^^^
                """)
    }

    @Test("a mark finds its sign over folded lines, in quotes and behind signs of several bytes")
    func places() {
        let folded = Self.problems("name: a\nentry: >\n  close > 1\n  and clsoe > 2\n")
        #expect(folded.map { [$0.line, $0.column, $0.width] } == [[4, 7, 5]])
        let quoted = Self.problems("name: a\nentry: \"close > 1 and clsoe > 2\"\n")
        #expect(quoted.map { [$0.line, $0.column, $0.width] } == [[2, 23, 5]])
        let plain = Self.problems("name: a\nentry: close > 1\n  and clsoe > 2\n")
        #expect(plain.map { [$0.line, $0.column, $0.width] } == [[3, 7, 5]])
        let json = Self.problems("{\"name\": \"a\", \"summary\": \"für ×\", \"entry\": \"clsoe > 1\"}")
        #expect(json.map { [$0.line, $0.column, $0.width] } == [[1, 45, 5]])
    }

    @Test("a file that can't be read or is no YAML is said to be so")
    func unreadable() {
        #expect(throws: RuleFileError.self) { try RuleFile("/nowhere/rules.yaml") }
        #expect(Self.problems("name: [").first?.text.hasPrefix("it is no YAML") == true)
        #expect(
            Self.problems("name: a").map(\.text) == [
                "there is neither an 'entry' nor a 'short'; the strategy would never trade"
            ])
    }
}
