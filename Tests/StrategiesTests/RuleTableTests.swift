import Testing
import Trading

/// Each rule on a handful of candles whose indicator values are worked out beside them.
@Suite struct RuleTableTests {
    @Test func fastAverageCrossingAboveEntersAndBelowLeaves() throws {
        // fast: 10 10 12 12 11 11; slow: – 10 11 12 11.5 11
        let closes = [10.0, 10, 12, 12, 11, 11]
        #expect(
            try said("sma-crossover", [("fast", "1"), ("slow", "2")], closes: closes) == [
                Said(2, .long), Said(4, .flat),
            ])
    }

    @Test func theFirstCandleWithBothAveragesCannotSignal() throws {
        #expect(try said("sma-crossover", [("fast", "1"), ("slow", "2")], closes: [10, 12]) == [])
        #expect(try said("ema-crossover", [("fast", "1"), ("slow", "2")], closes: [10, 12]) == [])
    }

    @Test func touchingIsNotCrossing() throws {
        // fast: 12 11 11 12; slow: – 11.5 11 11.5: from below onto the line, then above it.
        let closes = [12.0, 11, 11, 12]
        #expect(try said("sma-crossover", [("fast", "1"), ("slow", "2")], closes: closes) == [Said(3, .long)])
    }

    @Test func exponentialAveragesCross() throws {
        // slow (3): – – 10 12 10; fast (1) is the close.
        let closes = [10.0, 10, 10, 14, 8]
        #expect(
            try said("ema-crossover", [("fast", "1"), ("slow", "3")], closes: closes) == [
                Said(3, .long), Said(4, .flat),
            ])
    }

    @Test func relativeStrengthFallingBelowLowEntersAndRisingAboveHighLeaves() throws {
        // changes +2 −1 −3 +6; RSI(2): – – 66.7 22.2 78.8
        let closes = [10.0, 12, 11, 8, 14]
        #expect(
            try said("rsi-mean-reversion", [("period", "2")], closes: closes) == [
                Said(3, .long), Said(4, .flat),
            ])
    }

    @Test func aRelativeStrengthThatBeginsBelowLowDoesNotEnter() throws {
        #expect(try said("rsi-mean-reversion", [("period", "2")], closes: [10, 8, 6, 4]) == [])
    }

    @Test func relativeStrengthLeavingItsMarkFromExactlyOnItCounts() throws {
        // changes +1 −1 −1; RSI(2): 50 25, and the mark is 50.
        let entry = try said("rsi-mean-reversion", [("period", "2"), ("low", "50")], closes: [10, 11, 10, 9])
        #expect(entry == [Said(3, .long)])
        // changes −1 +1 +1; RSI(2): 50 75
        let exit = try said(
            "rsi-mean-reversion", [("period", "2"), ("low", "10"), ("high", "50")], closes: [10, 9, 10, 11])
        #expect(exit == [Said(3, .flat)])
    }

    @Test func breakoutUsesThePopulationDeviation() throws {
        // Of 10 10 13 the mean is 11, the population deviation 1.414, the sample's 1.732: only the first is passed at
        // 1.3 deviations. Then 9 is below the mean 10.67.
        let closes = [10.0, 10, 10, 13, 9]
        #expect(
            try said("bollinger-breakout", [("period", "3"), ("width", "1.3")], closes: closes) == [
                Said(3, .long), Said(4, .flat),
            ])
    }

    @Test func breakoutWithShortsTradesBothBands() throws {
        // 7: mean 9, lower band 7.59; 10: mean 9, upper band 10.41.
        let closes = [10.0, 10, 10, 7, 10]
        let overrides = [("period", "3"), ("width", "1"), ("allow-short", "on")]
        #expect(try said("bollinger-breakout", overrides, closes: closes) == [Said(3, .short), Said(4, .flat)])
        #expect(try said("bollinger-breakout", [("period", "3"), ("width", "1")], closes: closes) == [Said(3, .flat)])
    }

    @Test func macdLineCrossesItsSignal() throws {
        // slow (2): – 10 10 12 10.67; line: – 0 0 1 −0.67; signal (2): – – 0 0.67 −0.22
        let closes = [10.0, 10, 10, 13, 10]
        #expect(
            try said("macd", [("fast", "1"), ("slow", "2"), ("signal", "2")], closes: closes) == [
                Said(3, .long), Said(4, .flat),
            ])
    }

    @Test func supertrendTurns() throws {
        // ATR(1): – 2 5 6. Upper band 12 holds on the third bar, whose close 14 is above it; lower band 9 holds on the
        // fourth, whose close 8 is below it.
        let bars = [
            bar(0, high: 11, low: 9, close: 10), bar(1, high: 11, low: 9, close: 10),
            bar(2, high: 15, low: 13, close: 14), bar(3, high: 10, low: 8, close: 8),
        ]
        let strategy = try make("supertrend", [("period", "1"), ("multiplier", "1")])
        #expect(
            signals(strategy, bars).map { Said($0.index, $0.signal.direction) } == [
                Said(2, .long), Said(3, .flat),
            ])
    }
}
