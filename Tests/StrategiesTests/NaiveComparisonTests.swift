import Testing
import Trading

/// Whole series against the plain re-statement of each rule.
@Suite struct NaiveComparisonTests {
    let bars = walk(4_000, seed: 7)
    var closes: [Double] { bars.map(\.close) }

    func said(_ name: String, _ overrides: [(name: String, text: String)]) throws -> [Said] {
        signals(try make(name, overrides), bars).map { Said($0.index, $0.signal.direction) }
    }

    func expected(_ events: [Int]) -> [Said] {
        events.enumerated().filter { $0.element != 0 }.map { Said($0.offset, $0.element > 0 ? .long : .flat) }
    }

    @Test(arguments: [(1, 2), (5, 20), (50, 200)])
    func simpleAverages(_ fast: Int, _ slow: Int) throws {
        let closes = bars.map(\.closeUnits)
        let events = NaiveRules.crossings(
            closes.indices.map { NaiveRules.mean(closes, fast, at: $0) },
            closes.indices.map { NaiveRules.mean(closes, slow, at: $0) })
        let result = try said("sma-crossover", [("fast", "\(fast)"), ("slow", "\(slow)")])
        #expect(!result.isEmpty)
        #expect(result == expected(events))
    }

    @Test(arguments: [(1, 3), (12, 26), (20, 100)])
    func exponentialAverages(_ fast: Int, _ slow: Int) throws {
        let events = NaiveRules.crossings(
            NaiveRules.exponential(closes, fast), NaiveRules.exponential(closes, slow))
        let result = try said("ema-crossover", [("fast", "\(fast)"), ("slow", "\(slow)")])
        #expect(!result.isEmpty)
        #expect(result == expected(events))
    }

    @Test(arguments: [(2, 10.0, 90.0), (14, 30, 70), (21, 40, 60)])
    func relativeStrength(_ period: Int, _ low: Double, _ high: Double) throws {
        let index = NaiveRules.relativeStrength(closes, period)
        let entries = NaiveRules.crossings(index, index.map { _ in low }).map { $0 < 0 ? 1 : 0 }
        let exits = NaiveRules.crossings(index, index.map { _ in high }).map { $0 > 0 ? -1 : 0 }
        let result = try said(
            "rsi-mean-reversion", [("period", "\(period)"), ("low", "\(low)"), ("high", "\(high)")])
        #expect(!result.isEmpty)
        #expect(result == expected(zip(entries, exits).map { $0 != 0 ? $0 : $1 }))
    }

    @Test(arguments: [(3, 1.0), (20, 2), (50, 1.5)])
    func bollinger(_ period: Int, _ width: Double) throws {
        let closes = bars.map(\.closeUnits)
        let middle = closes.indices.map { NaiveRules.mean(closes, period, at: $0) }
        let upper = closes.indices.map { index in
            guard index + 1 >= period else { return Double.nan }
            let squares = closes[(index + 1 - period)...index].map { ($0 - middle[index]) * ($0 - middle[index]) }
            return middle[index] + width * (squares.reduce(0, +) / Double(period)).squareRoot()
        }
        let entries = NaiveRules.crossings(closes, upper).map { max($0, 0) }
        let exits = NaiveRules.crossings(closes, middle).map { min($0, 0) }
        let result = try said("bollinger-breakout", [("period", "\(period)"), ("width", "\(width)")])
        #expect(!result.isEmpty)
        #expect(result == expected(zip(entries, exits).map { $0 != 0 ? $0 : $1 }))
    }

    @Test(arguments: [(12, 26, 9), (3, 10, 5)])
    func macd(_ fast: Int, _ slow: Int, _ signal: Int) throws {
        let quick = NaiveRules.exponential(closes, fast, from: slow - fast)
        let steady = NaiveRules.exponential(closes, slow)
        let line = zip(quick, steady).map { $0 - $1 }
        let average = NaiveRules.exponential(line, signal, from: slow - 1)
        let result = try said("macd", [("fast", "\(fast)"), ("slow", "\(slow)"), ("signal", "\(signal)")])
        #expect(!result.isEmpty)
        #expect(result == expected(NaiveRules.crossings(line, average)))
    }

    @Test(arguments: [(10, 3.0), (7, 1)])
    func supertrend(_ period: Int, _ multiplier: Double) throws {
        let result = try said("supertrend", [("period", "\(period)"), ("multiplier", "\(multiplier)")])
        #expect(!result.isEmpty)
        #expect(result == expected(NaiveRules.supertrend(bars, period, multiplier)))
    }
}
