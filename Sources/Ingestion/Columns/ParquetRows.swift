import Market
import Parquet

/// The rows of a Parquet file of candles.
///
/// Columns are found by the same names as those of tables in text. Only those that are needed are read, some thousand rows
/// of each at a time.
final class ParquetRows: CandleRows {
    let path: String
    let probe: CandleProbe
    let origin: SeriesOrigin?
    let size: Int64
    private(set) var damage: String?

    private let file: ParquetFile
    private let layout: Layout
    private var readers: [ColumnReader]
    private var rules = RowRules(priceScale: 8, quantityScale: 8, timeframe: .oneMinute)
    private var times = TimeParser()
    /// How many rows were read before those in memory, how many these are, and which comes next.
    private var before = 0
    private var loaded = 0
    private var next = 0

    /// How many rows are in memory at once.
    private static let batch = 4_096
    /// How many rows are looked at before.
    private static let probed = 2_000

    /// Opens a file and looks at its first rows.
    ///
    /// - Throws: `IngestionError`, saying what was expected, when it can't be opened or holds no recognisable columns.
    init(path: String, base: String?) throws(IngestionError) {
        self.path = path
        do throws(ParquetError) {
            file = try ParquetFile(path: path)
        } catch {
            throw IngestionError(error, path)
        }
        size = file.size
        origin = try SeriesOrigin(file.keyValues, path: path)
        switch Layout.find(file.columns.map(\.name), base: base ?? origin?.instrument.base.code) {
        case .success(let layout): self.layout = layout
        case .failure(let problem): throw IngestionError(.notCandles, path, problem.text(in: "schema"))
        }
        readers = try ParquetRows.open(file, layout, path)
        probe = try ParquetRows.probe(readers, path)
    }

    var position: Int64 {
        file.rowCount > 0 ? Int64(Double(size) * Double(before + next) / Double(file.rowCount)) : size
    }
    var hasTrailingGarbage: Bool { false }

    func begin(_ instrument: Instrument, _ timeframe: Timeframe) {
        rules = RowRules(
            priceScale: instrument.priceScale, quantityScale: instrument.quantityScale, timeframe: timeframe)
        for place in 1...4 { readers[place].scale = instrument.priceScale }
        readers[5].scale = instrument.quantityScale
    }

    func nextRow() throws(IngestionError) -> CandleRow? {
        if next == loaded {
            before += loaded
            try load()
        }
        guard next < loaded else { return nil }
        defer { next += 1 }
        return CandleRow(number: before + next + 1, content: content(next))
    }

    private func content(_ row: Int) -> CandleRow.Content {
        var isRounded = false
        var problem: String?
        func number(_ place: Int) -> Int64 {
            switch readers[place].number(row) {
            case .exact(let value): return value
            case .rounded(let value):
                isRounded = true
                return value
            case .unreadable:
                problem = problem ?? ParquetRows.fields[place]
                return 0
            }
        }
        func refused(_ kind: Refusal.Kind, _ column: String) -> CandleRow.Content {
            .refused(
                kind,
                RowExplanation.text(kind, column: column, needed: layout.last + 1, rules.timeframe) { name in
                    ParquetRows.fields.firstIndex(of: name).map { readers[$0].text(row) } ?? ""
                })
        }
        guard let time = readers[0].time(row, &times) else { return refused(.time, "time") }
        let candle = Candle(
            openTime: time, open: Price(mantissa: number(1)),
            high: Price(mantissa: number(2)), low: Price(mantissa: number(3)),
            close: Price(mantissa: number(4)),
            volume: Quantity(mantissa: number(5)))
        if let problem { return refused(.number, problem) }
        if let (kind, column) = rules.problem(candle) { return refused(kind, column) }
        var quoteVolume: Int64?
        if readers.count > 6, case .exact(let value) = readers[6].number(row) { quoteVolume = value }
        return .candle(
            candle, isRounded: isRounded, contradictsQuoteVolume: rules.contradicts(candle, quoteVolume: quoteVolume))
    }

    /// Reads the next rows of all columns. Where damage stands among them, those before it are still taken.
    private func load() throws(IngestionError) {
        (loaded, next) = (0, 0)
        guard damage == nil else { return }
        var count = ParquetRows.batch
        while true {
            var further = readers
            do throws(ParquetError) {
                loaded = try ParquetRows.load(&further, count, asNumbers: true)
                readers = further
                return
            } catch {
                if error.kind == .cannotRead { throw IngestionError(error, path) }
                count /= 2
                if count == 0 {
                    damage = error.description
                    return
                }
            }
        }
    }

    private static func load(
        _ readers: inout [ColumnReader], _ count: Int, asNumbers: Bool
    ) throws(ParquetError) -> Int {
        let loaded = try readers[0].load(count, asNumbers: false)
        for place in readers.indices.dropFirst() { _ = try readers[place].load(count, asNumbers: asNumbers) }
        return loaded
    }

    /// What the columns that are read hold, in the order of `readers`.
    private static let fields = ["time", "open", "high", "low", "close", "volume"]

    private static func open(
        _ file: ParquetFile, _ layout: Layout, _ path: String
    ) throws(IngestionError) -> [ColumnReader] {
        var readers: [ColumnReader] = []
        let places = [layout.time, layout.open, layout.high, layout.low, layout.close, layout.volume]
        for place in places {
            do throws(ParquetError) {
                readers.append(try ColumnReader(file, place))
            } catch {
                throw IngestionError(error, path)
            }
            let isTime = readers.count == 1
            guard isTime ? readers[0].holdsTimes : readers[readers.count - 1].holdsNumbers else {
                let column = file.columns[place]
                throw IngestionError(
                    .notCandles, path,
                    "the column \(column.name) is of the type \(column.typeName); "
                        + (isTime ? "a timestamp, a date, numbers or text" : "numbers, decimals or text")
                        + " were expected")
            }
        }
        // A volume of quotes that can't be read only means that it can't be looked at.
        if let place = layout.quoteVolume, let reader = try? ColumnReader(file, place), reader.holdsNumbers {
            readers.append(reader)
        }
        return readers
    }

    private static func probe(_ readers: [ColumnReader], _ path: String) throws(IngestionError) -> CandleProbe {
        var readers = readers
        var times = TimeParser()
        var builder = CandleProbe.Builder()
        var count = probed
        while count > 0 {
            var further = readers
            guard let loaded = try? load(&further, count, asNumbers: false) else {
                // What is damaged is told when it is read.
                count /= 2
                continue
            }
            readers = further
            for row in 0..<loaded {
                builder.add(
                    prices: (1...4).map { Array(readers[$0].text(row).utf8) }, volume: Array(readers[5].text(row).utf8),
                    time: readers[0].time(row, &times))
            }
            break
        }
        return builder.probe
    }
}

extension IngestionError {
    /// The error of a Parquet file.
    init(_ error: ParquetError, _ path: String) {
        switch error.kind {
        case .cannotOpen: self.init(.cannotOpen, path, error.description)
        case .cannotRead: self.init(.cannotRead, path, error.description)
        case .malformed, .unsupported: self.init(.notCandles, path, error.description)
        case .outOfRange: self.init(.cannotWrite, path, error.description)
        }
    }
}
