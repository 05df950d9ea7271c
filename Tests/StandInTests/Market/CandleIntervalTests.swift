import Market
import Testing

@testable import StandIn

@Suite("intervals of candles")
struct CandleIntervalTests {
    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(iso8601: text)) }

    @Test(
        "a candle opens where its kind begins",
        arguments: [
            (CandleInterval.oneSecond, "2024-02-29T13:47:11.500", "2024-02-29T13:47:11"),
            (.fifteenMinutes, "2024-02-29T13:47:11", "2024-02-29T13:45:00"),
            (.eightHours, "2024-02-29T13:47:11", "2024-02-29T08:00:00"),
            (.oneDay, "2024-02-29T13:47:11", "2024-02-29T00:00:00"),
            // 19782 = 3 × 6594 days lie before 2024-02-29.
            (.threeDays, "2024-02-29T13:47:11", "2024-02-29T00:00:00"),
            (.threeDays, "2024-02-28T13:47:11", "2024-02-26T00:00:00"),
            (.oneWeek, "2024-02-29T13:47:11", "2024-02-26T00:00:00"),
            (.oneWeek, "2024-02-26T00:00:00", "2024-02-26T00:00:00"),
            (.oneWeek, "2024-02-25T23:59:59", "2024-02-19T00:00:00"),
            (.oneMonth, "2024-02-29T13:47:11", "2024-02-01T00:00:00"),
        ])
    func opens(_ interval: CandleInterval, _ instant: String, _ expected: String) throws {
        #expect(interval.open(try time(instant)) == (try time(expected)))
    }

    @Test("months follow each other, whatever their lengths")
    func months() throws {
        var open = try time("2023-12-01")
        var opens: [String] = []
        for _ in 0..<4 {
            open = CandleInterval.oneMonth.next(after: open)
            opens.append(open.date)
        }
        #expect(opens == ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"])
    }

    @Test("a zone moves where days begin")
    func zones() throws {
        let open = CandleInterval.oneDay.open(try time("2024-02-29T17:00:00"), offset: 28_800)
        #expect(open == (try time("2024-02-29T16:00:00")))
    }
}
