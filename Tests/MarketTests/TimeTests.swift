import Market
import Testing

@Suite struct TimeTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", Int64(0)), ("2023-03-24T12:40:00Z", 1_679_661_600), ("2000-02-29", 951_782_400),
        ("2023-01-01T02:00:00+02:00", 1_672_531_200), ("2022-12-31 18:30-05:30", 1_672_531_200),
        ("1969-12-31T23:59:59Z", -1), ("2099-12-31T23:59:59", 4_102_444_799),
    ])
    func `ISO 8601 is read`(text: String, seconds: Int64) {
        #expect(Timestamp(iso8601: text) == Timestamp(seconds: seconds))
    }

    @Test(arguments: [
        "", "2023", "2023-13-01", "2023-02-29", "2023-00-10", "2023-01-01T24:00", "2023-01-01T12:60", "2023-01-01Tx",
        "2023-01-01T12:00:00Zx", "20230101", "2023-1-1", "2023-01-01T12:00:00.", "2023-01-01T12:00+25:00",
    ])
    func `what is no date is refused`(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test func `writing and reading are inverse over two centuries`() {
        for day in stride(from: Int64(-40_000), through: 50_000, by: 37) {
            let instant = Timestamp(seconds: day * 86_400 + (day &* 7_919) % 86_400)
            #expect(Timestamp(iso8601: instant.description) == instant)
        }
    }

    @Test func `fractions of a second are kept to the nanosecond`() {
        #expect(Timestamp(iso8601: "2023-01-01T00:00:00.123456789Z")?.nanoseconds == 1_672_531_200_123_456_789)
        #expect(Timestamp(milliseconds: 1_672_531_200_005).description == "2023-01-01T00:00:00.005Z")
    }

    @Test func `an instant on the boundary belongs to the candle that begins there`() {
        let noon = Timestamp(iso8601: "2023-03-24T12:00:00Z")!
        #expect(noon.floored(to: .oneHour) == noon)
        #expect(noon.adding(nanoseconds: -1).floored(to: .oneHour) == noon.adding(seconds: -3_600))
        #expect(Timestamp(nanoseconds: -1).floored(to: .oneMinute) == Timestamp(seconds: -60))
    }

    @Test func `timeframes are read and written by their usual names`() {
        #expect(Timeframe.all.map(\.description).joined(separator: " ") == "1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d")
        #expect(Timeframe("4H") == Timeframe(seconds: 14_400))
        #expect(Timeframe("7m") == nil)
    }
}
