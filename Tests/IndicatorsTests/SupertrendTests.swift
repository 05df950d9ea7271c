import Indicators
import Testing

@Suite struct SupertrendTests {
    /// Bars of high = close + 1 and low = close - 1, so that the middle is the close. With a period of 1 the average
    /// true range is the bar's own true range.
    private func run(_ closes: [Double]) -> [Supertrend.Output] {
        Supertrend(period: 1, multiplier: 1).batch(
            high: closes.map { $0 + 1 }, low: closes.map { $0 - 1 }, close: closes)
    }

    @Test func startsDownAtTheUpperBand() {
        // Bar 1: true range 2, bands 8 and 12.
        let result = run([10, 10])
        #expect(result[0].line.isNaN && result[0].direction == .down)
        #expect(result[1] == .init(line: 12, direction: .down))
    }

    @Test func upperBandOnlyFallsWhileTheTrendIsDown() {
        // True range 2 on every bar: basic upper bands 12, 12, 11 and 12, of which the last does not raise the band.
        let lines = run([10, 10, 10, 9, 10]).dropFirst().map(\.line)
        #expect(lines == [12, 12, 11, 11])
    }

    @Test func aCloseAboveTheUpperBandTurnsTheTrendUp() {
        // Bar 2: high 15, low 13, true range 5; basic upper 19 does not lower the band of 12; 14 > 12 turns. The basic
        // lower 9 raises the lower band from 8. Bar 3: high 15, low 13, true range 2, lower band 12.
        let result = run([10, 10, 14, 14])
        #expect(result[2] == .init(line: 9, direction: .up))
        #expect(result[3] == .init(line: 12, direction: .up))
    }

    @Test func aCloseOnTheBandDoesNotTurnTheTrend() {
        // Bar 2: high 13, low 11, close 12 = the upper band.
        #expect(run([10, 10, 12])[2].direction == .down)
    }

    @Test func aCloseBelowTheLowerBandTurnsTheTrendDown() {
        // Up at bar 3 with the lower band at 12. Bar 4: close 11, high 12, low 10, true range 4: basic lower 7 does not
        // lower the band; 11 < 12 turns. The upper band: the close before (14) was above the band of 12, so basic, 15.
        let result = run([10, 10, 14, 14, 11])
        #expect(result[4] == .init(line: 15, direction: .down))
    }
}
