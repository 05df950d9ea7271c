import Backtesting
import Market
import Testing
import Trading

/// Strategies that go from long to short in one step.
@Suite struct ReversalTests {
    @Test func allInReversesIntoAllOfTheEquity() throws {
        let result = try Backtest.run(
            walk(3_000, seed: 5, instrument: GoldenTests.perpetual),
            configuration(
                "sma-crossover", [("fast", "5"), ("slow", "20"), ("allow-short", "on")],
                instrument: GoldenTests.perpetual))
        #expect(result.refusals.count == 0, "\(result.refusals.firstReason)")
        #expect(result.trips.contains { $0.side == .sell })
        // After the first entry the strategy is never flat: each trip begins where the last one ended.
        for (before, after) in zip(result.trips, result.trips.dropFirst()) {
            #expect(before.closedAt == after.openedAt)
            #expect(before.side != after.side)
        }
    }
}
