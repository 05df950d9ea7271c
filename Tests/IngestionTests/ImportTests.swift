import Foundation
import Market
import Storage
import Testing

@testable import Ingestion

@Suite struct ImportTests {
    let directory = TemporaryDirectory()

    private func run(
        _ text: String, _ store: Store, _ options: ImportOptions = Sample.options
    ) throws -> ImportSummary {
        try CandleImport.run(try directory.write("file.csv", text), into: store, options, at: Sample.now)
    }

    private func stored(_ store: Store) throws -> [Candle] {
        try store.candles(venue: "BINANCE", symbol: "BTCUSDT", .oneMinute).candles
    }

    @Test func rowsBecomeExactCandles() throws {
        let store = try Store.inMemory()
        let summary = try run(
            Sample.header + "1672531200000,16541.77,16544.76,16538.45,16543.67,83.08143\n", store)
        #expect(summary.taken == 1 && summary.rows == 1 && summary.isClean)
        #expect(
            try stored(store) == [
                Candle(
                    openTime: Timestamp(milliseconds: 1_672_531_200_000), open: Price(mantissa: 1_654_177_000_000),
                    high: Price(mantissa: 1_654_476_000_000), low: Price(mantissa: 1_653_845_000_000),
                    close: Price(mantissa: 1_654_367_000_000), volume: Quantity(mantissa: 8_308_143_000))
            ])
        let instrument = try store.instrument(venue: "BINANCE", symbol: "BTCUSDT")
        #expect(instrument?.base.code == "BTC" && instrument?.quote == .usdt)
        #expect(instrument?.rules.minimumNotional == 0 && instrument?.rules.quantityStep.mantissa == 1)
    }

    @Test func importingAgainChangesNothingAndSaysSo() throws {
        let store = try Store.inMemory()
        _ = try run(Sample.file(0..<500), store)
        let again = try run(Sample.file(0..<500), store)
        #expect(again.taken == 0 && again.unchanged == 500 && again.isClean)
        #expect(try stored(store).count == 500)
    }

    @Test func rowsThatAreCloserThanTheLengthAskedForAreRefusedBeforeAnythingIsStored() throws {
        let store = try Store.inMemory()
        var options = Sample.options
        options.timeframe = .oneHour
        #expect {
            try run(Sample.file(0..<500), store, options)
        } throws: { "\($0)".contains("its rows are 1m apart, not 1h") }
        #expect(try store.instrument(venue: "BINANCE", symbol: "BTCUSDT") == nil)
    }

    @Test func oneRowOffTheBeatDoesNotDecideHowFarApartRowsAre() throws {
        let store = try Store.inMemory()
        let lines = Sample.file(0..<50).split(separator: "\n").map(String.init)
        let fields = lines[10].split(separator: ",")
        let time = try #require(Int64(fields[0])) + 30_000
        let stray = (["\(time)"] + fields.dropFirst().map(String.init)).joined(separator: ",")
        let text = (lines[...10] + [stray] + lines[11...]).joined(separator: "\n") + "\n"
        #expect(try run(text, store).taken == 50)
    }

    @Test func filesMayComeInAnyOrderAndOverlap() throws {
        let store = try Store.inMemory()
        #expect(try run(Sample.file(100..<200), store).gaps.isEmpty)
        let second = try run(Sample.file(0..<50), store)
        #expect(second.taken == 50)
        let third = try run(Sample.file(40..<120), store)
        #expect(third.taken == 50 && third.unchanged == 30 && third.gaps.isEmpty)
        #expect(try store.series()[0].missing == 0)
    }

    @Test func gapsAreListedAsIntervals() throws {
        let store = try Store.inMemory()
        let text = Sample.header + [0, 1, 5, 6, 20].map { Sample.row($0) }.joined()
        let summary = try run(text, store)
        #expect(
            summary.gaps == [
                Gap(from: Sample.time(2), to: Sample.time(5)), Gap(from: Sample.time(7), to: Sample.time(20)),
            ])
        #expect(summary.missing == 16)
        // What another file holds is missing no more.
        _ = try run(Sample.file(2..<5), store)
        #expect(try run(text, store).gaps == [Gap(from: Sample.time(7), to: Sample.time(20))])
    }

    @Test func badRowsAreRefusedWithLineAndReasonAndTheOthersTaken() throws {
        let rows: [(String, Refusal.Kind)] = [
            ("1672531200000,1,2,3\n", .columns),
            ("tomorrow,1,2,1,1,1\n", .time),
            ("999,1,2,1,1,1\n", .time),
            ("4200000000000000000,1,2,1,1,1\n", .time),
            ("1672531200000,1,2,1,x,1\n", .number),
            ("1672531200000,1,2,1,1,\n", .number),
            ("1672531200000,1,2,1,1,nan\n", .number),
            ("1672531200000,2000,2001,1999,2000,99999999999\n", .number),
            ("1672531201000,1,2,1,1,1\n", .offGrid),
            ("1672531200000,1,2,1.5,1.6,1\n", .inconsistent),
            ("1672531200000,3,2,1,1,1\n", .inconsistent),
            ("1672531200000,0,2,0,1,1\n", .inconsistent),
            ("1672531200000,-1,2,-1,1,1\n", .inconsistent),
            ("1672531200000,1,2,1,1,-1\n", .inconsistent),
        ]
        for (row, kind) in rows {
            let store = try Store.inMemory()
            let summary = try run(Sample.header + row + Sample.row(1), store)
            #expect(summary.taken == 1, "\(row)")
            #expect(summary.refusals.map(\.kind) == [kind], "\(row)")
            #expect(summary.refusals.first?.line == 2 && summary.refusals.first?.text.isEmpty == false)
        }
    }

    @Test func duplicatesAreCountedAndContradictionsRefusedWithBoth() throws {
        let store = try Store.inMemory()
        let summary = try run(
            Sample.header + Sample.row(0) + Sample.row(0) + Sample.row(1) + Sample.row(0)
                + Sample.row(1, price: 200), store)
        #expect(summary.taken == 2 && summary.duplicates == 2 && summary.refused == 1)
        #expect(summary.refusals[0].line == 6 && summary.refusals[0].kind == .conflict)
        #expect(summary.refusals[0].text.contains("200.25/202/198/201"))
        #expect(summary.refusals[0].text.contains("100.25/102/98/101"))
        #expect(summary.refusals[0].text.contains("line 4"))
    }

    @Test func aRowOlderThanTheOneBeforeIsRefused() throws {
        let store = try Store.inMemory()
        let summary = try run(Sample.header + Sample.row(0) + Sample.row(5) + Sample.row(3) + Sample.row(6), store)
        #expect(summary.taken == 3 && summary.refusedByKind == [.order: 1])
        #expect(summary.refusals[0].line == 4 && summary.refusals[0].text.contains("line 3"))
    }

    @Test func aFileFromNewestToOldestIsTurnedAround() throws {
        let store = try Store.inMemory()
        let text = Sample.header + (0..<300).reversed().map { Sample.row($0) }.joined()
        let summary = try run(text, store)
        #expect(summary.runsBackward && summary.taken == 300 && summary.isClean && summary.gaps.isEmpty)
        #expect(try run(Sample.file(0..<300), store).unchanged == 300)
    }

    @Test func storedCandlesAreKeptUnlessTheyAreToBeReplaced() throws {
        let store = try Store.inMemory()
        _ = try run(Sample.file(0..<3), store)
        let changed = Sample.header + Sample.row(1, price: 300)
        let kept = try run(changed, store)
        #expect(kept.refusedByKind == [.conflict: 1] && kept.refusals[0].text.contains("that is stored"))
        var options = Sample.options
        options.replacesStored = true
        #expect(try run(changed, store, options).replaced == 1)
        #expect(try stored(store)[1].open == Price(mantissa: 30_025_000_000))
    }

    @Test func aSpikeThatComesBackIsListedAndTaken() throws {
        let store = try Store.inMemory()
        var rows = (0..<300).map { Sample.row($0) }
        rows[150] = "\(Sample.start + 150 * 60_000),100.25,900,98,101,1.5\n"
        let summary = try run(Sample.header + rows.joined(), store)
        #expect(summary.taken == 300 && summary.suspicious == 1)
        #expect(summary.suspicions[0].line == 152 && summary.suspicions[0].time == Sample.time(150))
        #expect(summary.suspicions[0].text.contains("high 900"))
    }

    @Test func aLastingMoveIsNoSpike() throws {
        let store = try Store.inMemory()
        let rows = (0..<300).map { Sample.row($0, price: $0 < 150 ? 100 : 900) }
        #expect(try run(Sample.header + rows.joined(), store).suspicious == 0)
    }

    @Test func quoteVolumeTakenForBaseVolumeIsNoticed() throws {
        let store = try Store.inMemory()
        let header = "timestamp,open,high,low,close,volume,quote_volume\n"
        let right = "1672531200,100,102,98,101,2,200.5\n"
        let wrong = "1672531260,100,102,98,101,200.5,2\n"
        let summary = try run(header + right + wrong, store)
        #expect(summary.suspicions.map(\.line) == [3] && summary.taken == 2)
    }

    @Test func zeroVolumesAndRoundedNumbersAreCounted() throws {
        let store = try Store.inMemory()
        let summary = try run(
            Sample.header + Sample.row(0, volume: "0") + Sample.row(1, volume: "0.123456785000001"), store)
        #expect(summary.zeroVolume == 1 && summary.rounded == 1)
        #expect(try stored(store)[1].volume == Quantity(mantissa: 12_345_679))
    }

    @Test func aStoredInstrumentKeepsItsScales() throws {
        let store = try Store.inMemory()
        let instrument = Instrument(
            venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt, priceScale: 2,
            quantityScale: 5, rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
        _ = try store.declare([instrument])
        let summary = try run(Sample.header + Sample.row(0, volume: "1.234567"), store)
        #expect(summary.instrument == instrument && summary.rounded == 1)
        #expect(try stored(store)[0].open == Price(mantissa: 10_025))
    }

    @Test func anotherTimeframeThanAskedForIsNamed() throws {
        let store = try Store.inMemory()
        let text = Sample.header + (0..<20).map { Sample.row($0 * 60) }.joined()
        let error = #expect(throws: IngestionError.self) { try run(text, store) }
        #expect(error?.detail.contains("1h apart, not 1m") == true)
        var options = Sample.options
        options.timeframe = nil
        #expect(try run(text, store, options).timeframe == .oneHour)
    }

    @Test func anUnknownQuoteAsksForIt() throws {
        let store = try Store.inMemory()
        var options = ImportOptions(venue: "X", symbol: "FOOBAR")
        let error = #expect(throws: IngestionError.self) { try run(Sample.file(0..<3), store, options) }
        #expect(error?.detail.contains("--base and --quote") == true)
        options.base = Currency("FOO")
        options.quote = Currency("BAR")
        #expect(try run(Sample.file(0..<3), store, options).taken == 3)
    }

    @Test func stoppingKeepsWholeBatchesAndGoingOnCompletesThem() throws {
        let store = try Store.inMemory()
        let file = try directory.write("big.csv", Sample.file(0..<100_000))
        let stopped = try CandleImport.run(file, into: store, Sample.options, at: Sample.now) { $0.rows < 60_000 }
        #expect(stopped.isCancelled && stopped.taken == 60_000)
        let rest = try CandleImport.run(file, into: store, Sample.options, at: Sample.now)
        #expect(rest.unchanged == 60_000 && rest.taken == 40_000)
    }

    @Test func progressReachesTheEnd() throws {
        let store = try Store.inMemory()
        let file = try directory.write("big.csv", Sample.file(0..<50_000))
        var last: ImportProgress?
        _ = try CandleImport.run(file, into: store, Sample.options, at: Sample.now) {
            #expect($0.rows >= last?.rows ?? 0)
            last = $0
            return true
        }
        #expect(last?.rows == 50_000 && last?.share == 1)
    }

    @Test func theFirstHundredRefusalsAreListedAndAllCounted() throws {
        let store = try Store.inMemory()
        let text = Sample.header + String(repeating: "x,1,2,1,1,1\n", count: 5_000) + Sample.row(0)
        let summary = try run(text, store)
        #expect(summary.refused == 5_000 && summary.refusals.count == 100 && summary.taken == 1)
    }

    @Test func readingWithoutAStoreGivesTheSameCandles() throws {
        let store = try Store.inMemory()
        let text = Sample.header + [0, 1, 1, 5, 3, 6].map { Sample.row($0) }.joined()
        let file = try directory.write("file.csv", text)
        let (series, summary) = try CandleImport.read(file, Sample.options)
        let stored = try CandleImport.run(file, into: store, Sample.options, at: Sample.now)
        #expect(try series.candles == self.stored(store))
        #expect(summary.refusedByKind == stored.refusedByKind && summary.gaps == stored.gaps)
        #expect(summary.duplicates == 1)
    }
}
