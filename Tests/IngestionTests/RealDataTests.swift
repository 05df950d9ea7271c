import Market
import Storage
import Testing

@testable import Ingestion

/// Runs where real candles lie beside the package or under WICK_TEST_DATA; they are not part of it.
@Suite(.enabled(if: RealData.isThere, "no real candles: set WICK_TEST_DATA to the folder that holds market/"))
struct RealDataTests {
    private func read(_ name: String, _ symbol: String, _ timeframe: Timeframe) throws -> (CandleSeries, ImportSummary)
    {
        try CandleImport.read(
            RealData.file(name), ImportOptions(venue: "binance", symbol: symbol, timeframe: timeframe))
    }

    @Test func aYearOfMinutesDerivesTheHoursAndDaysOfAnotherProgram() throws {
        let store = try Store.inMemory()
        let summary = try CandleImport.run(
            RealData.file("binance-spot-BTCUSDT-1m-2023.csv.gz"), into: store, Sample.options, at: Sample.now)
        #expect(summary.taken == 525_520 && summary.zeroVolume == 72 && summary.isClean)
        #expect(
            summary.gaps == [
                Gap(from: Timestamp(iso8601: "2023-03-24T12:40:00Z")!, to: Timestamp(iso8601: "2023-03-24T14:00:00Z")!)
            ])
        let (hours, _) = try read("binance-spot-BTCUSDT-1h-2023.csv.gz", "BTCUSDT", .oneHour)
        let derived = try store.candles(venue: "BINANCE", symbol: "BTCUSDT", .oneHour).candles
        #expect(derived.count == 8_759 && hours.candles.count == 8_759)
        #expect(zip(derived, hours.candles).allSatisfy { $0.openTime == $1.openTime && $0.hasSameNumbers(as: $1) })
        let partial = derived.filter { $0.flags.contains(.isPartial) }
        #expect(partial.map(\.openTime.description) == ["2023-03-24T12:00:00Z"] && partial[0].minutes == 40)
        let (days, _) = try read("binance-spot-BTCUSDT-1d-2017_2026.csv.gz", "BTCUSDT", .oneDay)
        let year = days.candles.filter { $0.openTime.date.hasPrefix("2023") }
        let derivedDays = try store.candles(venue: "BINANCE", symbol: "BTCUSDT", .oneDay).candles
        #expect(derivedDays.count == 365 && year.count == 365)
        #expect(zip(derivedDays, year).allSatisfy { $0.openTime == $1.openTime && $0.hasSameNumbers(as: $1) })
    }

    @Test func otherSeriesAreTakenWithoutARefusal() throws {
        let (ether, summary) = try read("binance-spot-ETHUSDT-1m-2023-08.csv.gz", "ETHUSDT", .oneMinute)
        #expect(ether.candles.count == 44_640 && summary.isClean && summary.gaps.isEmpty)
        let (ripple, _) = try read("binance-usdm-XRPUSDT-5m-2021-11-15_21.csv.gz", "XRPUSDT", Timeframe("5m")!)
        #expect(ripple.candles.count == 1_999 && ripple.instrument.quantityScale == 4)
        let (coinbase, daily) = try CandleImport.read(
            RealData.file("lean-coinbase-BTCUSD-1d.csv.gz"),
            ImportOptions(venue: "coinbase", symbol: "BTCUSD", timeframe: .oneDay))
        #expect(coinbase.candles.count == 1_318 && daily.isClean && !daily.gaps.isEmpty)
    }
}
