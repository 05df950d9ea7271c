import Foundation
import Market
import Parquet
import Storage
import Testing

@testable import Ingestion

/// Candles in Parquet: out of a store and into another, and from the files of others.
@Suite struct ParquetTests {
    let directory = TemporaryDirectory()

    /// An instrument with nothing at its default.
    static let instrument = Instrument(
        venue: "BINANCE", symbol: "PEPEUSDT", kind: .linearPerpetual, base: Currency("PEPE")!, quote: .usdt,
        priceScale: 12, quantityScale: 4,
        rules: InstrumentRules(
            tick: Price(mantissa: 100_000), quantityStep: Quantity(mantissa: 10_000),
            marketQuantityStep: Quantity(mantissa: 20_000), minimumQuantity: Quantity(mantissa: 30_000),
            maximumQuantity: Quantity(mantissa: 9_000_000_000_000),
            maximumMarketQuantity: Quantity(mantissa: 70_000_000_000), minimumNotional: 500_000_000,
            priceBand: .percent(5)))

    private func candles(_ count: Int) -> [Candle] {
        (0..<count).map { index in
            let price = 1_234_567 + Int64(index % 977) * 13
            return Candle(
                openTime: Sample.time(index), open: Price(mantissa: price), high: Price(mantissa: price + 40),
                low: Price(mantissa: price - 21), close: Price(mantissa: price + 7),
                volume: Quantity(mantissa: Int64(index) * 1_000_003 % 700_000_000_007))
        }
    }

    /// Writes a file of candles whose columns are given, a minute a row.
    private func write(
        _ columns: [(ParquetColumn, ColumnValues.Values)], keyValues: [(key: String, value: String)] = [],
        missing: (column: Int, row: Int)? = nil
    ) throws -> String {
        var writer = ParquetWriter(columns.map(\.0), keyValues: keyValues)
        let values = columns.enumerated().map { index, column in
            ColumnValues(
                column.1,
                isPresent: column.0.isOptional
                    ? (0..<column.1.count).map { missing?.column != index || missing?.row != $0 } : nil)
        }
        return try directory.write("other.parquet", writer.rowGroup(values) + writer.finish())
    }

    private func times(_ rows: Int) -> (ParquetColumn, ColumnValues.Values) {
        (.timestamp("Date", .nanoseconds), .integers((0..<rows).map { Sample.time($0).nanoseconds }))
    }

    private func prices(_ price: [Double]) -> [(ParquetColumn, ColumnValues.Values)] {
        ["Open", "High", "Low", "Close", "Volume"].map { (.double($0, isOptional: true), .doubles(price)) }
    }

    @Test("A store that is written out and read in somewhere else is the same to the digit, rules and all")
    func roundTrip() throws {
        let here = try Store.inMemory()
        // More than a row group, so that one is written while the store is read.
        let candles = candles(140_000)
        try here.write(candles, of: Self.instrument, .oneMinute, at: Sample.now)
        let path = directory.path + "/out.parquet"
        let count = try CandleExport.write(
            here, venue: "BINANCE", symbol: "PEPEUSDT", .oneMinute, from: nil, to: nil, .parquet, to: path)
        #expect(count == 140_000)
        let there = try Store.inMemory()
        let options = ImportOptions(venue: nil, symbol: nil, timeframe: nil)
        let summary = try CandleImport.run(path, into: there, options, at: Sample.now)
        #expect(summary.taken == 140_000 && summary.isClean && summary.rounded == 0)
        #expect(try there.instruments() == [Self.instrument])
        #expect(try there.candles(venue: "BINANCE", symbol: "PEPEUSDT", .oneMinute).candles == candles)
        let again = try CandleImport.run(path, into: there, options, at: Sample.now)
        #expect(again.taken == 0 && again.unchanged == 140_000 && again.isClean)
        // The same under another name keeps scales and rules.
        let renamed = try CandleImport.read(path, ImportOptions(venue: "other", symbol: "kPEPE-USD", timeframe: nil))
        #expect(renamed.series.instrument.name == "OTHER:KPEPE-USD" && renamed.series.candles == candles)
        #expect(renamed.series.instrument.rules == Self.instrument.rules)
    }

    @Test("The forms of a derived timeframe hold the same candles", arguments: ["15m", "1d"])
    func forms(_ name: String) throws {
        let store = try Store.inMemory()
        var all = candles(4_000)
        all.removeSubrange(100..<107)
        try store.write(all, of: Self.instrument, .oneMinute, at: Sample.now)
        let timeframe = try #require(Timeframe(name))
        var read: [[Candle]] = []
        for format in CandleExport.Format.allCases where format != .json {
            let path = directory.path + "/out.\(format)"
            let (from, to) = (Sample.time(1), Sample.time(3_999))
            let count = try CandleExport.write(
                store, venue: "BINANCE", symbol: "PEPEUSDT", timeframe, from: from, to: to, format, to: path)
            let expected = try store.candles(venue: "BINANCE", symbol: "PEPEUSDT", timeframe, from: from, to: to)
            #expect(count == expected.candles.count && count > 0)
            let options = ImportOptions(venue: "BINANCE", symbol: "PEPEUSDT", timeframe: timeframe)
            let (series, summary) = try CandleImport.read(path, options)
            #expect(summary.isClean && summary.taken == count)
            // Scales may differ where the file does not name them.
            read.append(series.candles)
            if format == .parquet {
                #expect(zip(series.candles, expected.candles).allSatisfy { $0.hasSameNumbers(as: $1) })
                let file = try ParquetFile(path: path)
                var partial = try file.cursor(6)
                #expect(
                    try partial.next(count).values == .booleans(expected.candles.map { $0.flags.contains(.isPartial) }))
            }
        }
        #expect(zip(read[0], read[1]).allSatisfy { $0.openTime == $1.openTime })
    }

    @Test("A number too large for a decimal of eighteen digits is refused with its row, and no file is left")
    func tooLarge() throws {
        var series = CandleSeries(instrument: Self.instrument, timeframe: .oneDay, candles: [])
        let price = Price(mantissa: 1)
        series.candles = [
            Candle(
                openTime: .epoch, open: price, high: price, low: price, close: price,
                volume: Quantity(mantissa: 1_000_000_000_000_000_000))
        ]
        let path = directory.path + "/out.parquet"
        let error = #expect(throws: IngestionError.self) { try CandleExport.write(series, .parquet, to: path) }
        #expect(error?.detail.contains("row 1, column volume: 1000000000000000000 has more than the 18 digits") == true)
        #expect(error?.detail.contains("csv and json hold it") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
    }

    @Test("Floating-point numbers mean the shortest decimal that reads back as the same one")
    func doubles() throws {
        let values = [0.1, 0.30000000000000004, 16_541.77, 1e-8, 123_456.789012345]
        let path = try write([times(5)] + prices(values))
        let (series, summary) = try CandleImport.read(path, Sample.options)
        let expected: [Int64] = [10_000_000, 30_000_000, 1_654_177_000_000, 1, 12_345_678_901_234]
        #expect(series.candles.map(\.open.mantissa) == expected)
        #expect(series.candles.map(\.volume.mantissa) == expected)
        // Seventeen digits of the second, nine decimals of the last: more than the scale holds.
        #expect(summary.rounded == 2 && summary.isClean)
    }

    @Test("Whole numbers, texts and dates are read as they are in tables")
    func otherTypes() throws {
        let names = ["open", "high", "low", "close", "volume"]
        func texts(_ value: String) -> ColumnValues.Values { .bytes([Array(value.utf8)[...]]) }
        let numbers = names.map { (ParquetColumn.integer($0), ColumnValues.Values.integers([7])) }
        let written = names.map { (ParquetColumn.text($0), texts("7.00")) }
        let milliseconds = (ParquetColumn.integer("ts"), ColumnValues.Values.integers([Sample.start]))
        let iso = (ParquetColumn.text("time"), texts("2023-01-01T00:00:00Z"))
        for columns in [[milliseconds] + numbers, [iso] + written, [times(1)] + written, [iso] + numbers] {
            let series = try CandleImport.read(try write(columns), Sample.options).series
            #expect(series.candles.map(\.openTime) == [Sample.time(0)])
            #expect(series.candles.map(\.volume.mantissa) == [700_000_000])
        }
    }

    @Test("A row that is no candle is refused with its number and what stands there")
    func refusals() throws {
        let table: [(values: [Double], missing: (Int, Int)?, text: String)] = [
            ([1, .nan, 1], nil, "open 'nan' is no number that fits"),
            ([1, .infinity, 1], nil, "open 'inf' is no number that fits"),
            ([1, 1e300, 1], nil, "open '1e+300' is no number that fits"),
            ([1, -1, 1], nil, "open -1.0, high -1.0, low -1.0, close -1.0, volume -1.0: low ≤ open"),
            ([1, 2, 1], (3, 1), "low 'null' is no number that fits"),
        ]
        for (values, missing, text) in table {
            let path = try write([times(3)] + prices(values), missing: missing.map { (column: $0.0, row: $0.1) })
            let (series, summary) = try CandleImport.read(path, Sample.options)
            #expect(series.candles.count == 2 && summary.refused == 1 && summary.rows == 3)
            #expect(summary.refusals[0].line == 2 && summary.refusals[0].text.contains(text))
        }
        let odd: (ParquetColumn, ColumnValues.Values) = (
            .timestamp("time", .microseconds), .integers([Sample.start * 1_000, Sample.start * 1_000 + 61_000_000, 5])
        )
        let summary = try CandleImport.read(try write([odd] + prices([1, 1, 1])), Sample.options).summary
        #expect(summary.refusedByKind == [.offGrid: 1, .time: 1])
    }

    @Test("Columns that are missing or of a type that holds no number are named")
    func wrongColumns() throws {
        func detail(_ columns: [(ParquetColumn, ColumnValues.Values)]) throws -> String? {
            let path = try write(columns)
            let error = #expect(throws: IngestionError.self) { try CandleImport.read(path, Sample.options) }
            #expect(error?.exitCode == 65)
            return error?.detail
        }
        let few = try detail([times(1)] + prices([1]).dropLast())
        #expect(few == "the schema lacks volume; it has: date, open, high, low, close")
        let flags = try detail([times(1)] + prices([1]).dropLast() + [(.boolean("volume"), .booleans([true]))])
        #expect(flags?.contains("the column volume is of the type BOOLEAN; numbers, decimals or text") == true)
        let when = try detail([(.boolean("time"), .booleans([true]))] + prices([1]))
        #expect(when?.contains("the column time is of the type BOOLEAN; a timestamp, a date") == true)
    }

    @Test("What a file says of its series is checked before it is believed")
    func metadata() throws {
        let honest = SeriesOrigin(Self.instrument, .oneMinute)
        let path = try write([times(2)] + prices([1, 1]), keyValues: honest.keyValues)
        let read = try CandleImport.read(path, ImportOptions(venue: nil, symbol: nil, timeframe: nil))
        #expect(read.series.instrument == Self.instrument && read.series.timeframe == .oneMinute)
        for (key, value) in [
            ("price_scale", "17"), ("quantity_scale", "5"), ("tick", "0"), ("tick", "x"), ("kind", "bond"),
            ("timeframe", "7m"), ("base", ""), ("venue", " "), ("price_band", "-1"), ("minimum_quantity", "0.00001"),
        ] {
            var pairs = honest.keyValues
            pairs[pairs.firstIndex { $0.key == "wick." + key }!].value = value
            let path = try write([times(2)] + prices([1, 1]), keyValues: pairs)
            let error = #expect(throws: IngestionError.self) {
                try CandleImport.read(path, ImportOptions(venue: nil, symbol: nil, timeframe: nil))
            }
            #expect(error?.detail.contains("its metadata say '\(value)' for wick.\(key); ") == true)
        }
        let silent = try write([times(2)] + prices([1, 1]))
        let error = #expect(throws: IngestionError.self) {
            try CandleImport.read(silent, ImportOptions(venue: nil, symbol: "BTCUSDT", timeframe: nil))
        }
        #expect(error?.detail.contains("say --venue and --symbol") == true)
    }

    @Test("Rows before a damaged page are taken, and the damage is told")
    func damage() throws {
        let path = directory.path + "/out.parquet"
        let series = CandleSeries(instrument: Self.instrument, timeframe: .oneMinute, candles: candles(50_000))
        try CandleExport.write(series, .parquet, to: path)
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        // Somewhere in the pages of the last price.
        bytes[bytes.count / 2] ^= 0xFF
        let damaged = try directory.write("damaged.parquet", bytes)
        let (read, summary) = try CandleImport.read(damaged, ImportOptions(venue: nil, symbol: nil, timeframe: nil))
        #expect(summary.damage?.contains("row group 1, column ") == true && !summary.isClean)
        #expect([0, 20_000, 40_000].contains(read.candles.count))
        #expect(read.candles == Array(series.candles[..<read.candles.count]))
        let cut = try directory.write("cut.parquet", Array(bytes.dropLast(3)))
        let error = #expect(throws: IngestionError.self) { try CandleImport.read(cut, Sample.options) }
        #expect(error?.kind == .notCandles && error?.detail.contains("does not end with PAR1") == true)
    }

    @Test("Damage anywhere gives candles that were written, or an error")
    func fuzz() throws {
        let path = directory.path + "/out.parquet"
        let series = CandleSeries(instrument: Self.instrument, timeframe: .oneMinute, candles: candles(300))
        try CandleExport.write(series, .parquet, to: path)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var state: UInt64 = 5
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<400 {
            var damaged = bytes
            for _ in 0...random(3) { damaged[random(bytes.count)] = UInt8(random(256)) }
            if random(4) == 0 { damaged.removeLast(random(bytes.count)) }
            let file = try directory.write("fuzz.parquet", damaged)
            _ = try? CandleImport.read(file, Sample.options)
        }
    }

    @Test("A volume of quotes is held against that of the base; one of another type does not matter")
    func quoteVolume() throws {
        let columns = [times(2)] + prices([100, 100])
        let honest = (ParquetColumn.double("quote_volume"), ColumnValues.Values.doubles([10_000, 10_000]))
        let mistaken = (ParquetColumn.double("quote_volume"), ColumnValues.Values.doubles([10_000, 1]))
        let flag = (ParquetColumn.boolean("quote_volume"), ColumnValues.Values.booleans([true, false]))
        for (column, count) in [(honest, 0), (mistaken, 1), (flag, 0)] {
            let summary = try CandleImport.read(try write(columns + [column]), Sample.options).summary
            #expect(summary.suspicious == count && summary.isClean && summary.taken == 2)
        }
    }

    @Test("A file from newest to oldest is turned around")
    func backward() throws {
        let times = ColumnValues.Values.integers((0..<5_000).map { Sample.start / 1_000 - Int64($0) * 60 })
        let path = try write([(.integer("time"), times)] + prices(Array(repeating: 2, count: 5_000)))
        let (series, summary) = try CandleImport.read(path, Sample.options)
        #expect(summary.runsBackward && series.candles.count == 5_000 && summary.isClean && summary.gaps.isEmpty)
    }

    @Test("Book features have the columns of their table, and what is unknown is null", arguments: [3, 140_000])
    func features(_ count: Int) throws {
        let store = try Store.inMemory()
        let features = (0..<count).map { index in
            BookFeature(
                time: Sample.time(0).adding(seconds: Int64(index)), imbalance: 0.5, spreadBps: 0.25,
                depthRatio: index % 3 == 1 ? nil : 2)
        }
        let definition = BookFeature.Definition()
        try store.write(features, of: Self.instrument, definition, at: Sample.now)
        let path = directory.path + "/book.parquet"
        let series = try #require(try store.featureSeries().first)
        #expect(try FeatureExport.write(store, series, from: nil, to: nil, .parquet, to: path) == count)
        let file = try ParquetFile(path: path)
        #expect(file.columns.map(\.name) == ["timestamp", "imbalance", "spread_bps", "depth_ratio", "symbol"])
        #expect(file.keyValues.contains { $0.key == "wick.levels" && $0.value == "10" })
        var times = try file.cursor(0)
        #expect(try times.next(count).values == .integers(features.map { $0.time.nanoseconds / 1_000 }))
        var ratios = try file.cursor(3)
        let read = try ratios.next(count)
        #expect(read.isPresent == features.map { $0.depthRatio != nil })
        #expect(read.values == .doubles(features.map { $0.depthRatio ?? 0 }))
    }
}
