import Market
import Parquet

/// The rows of a file of candles in their order, whatever the form of the file.
protocol CandleRows: AnyObject {
    /// The file.
    var path: String { get }
    /// What its first rows tell.
    var probe: CandleProbe { get }
    /// What it says of its series itself; `nil` for a form that can't, or one that doesn't.
    var origin: SeriesOrigin? { get }
    /// How many bytes there are; 0 where that is unknown.
    var size: Int64 { get }
    /// About how many of them were read.
    var position: Int64 { get }
    /// What is wrong with the file as a whole, once its rows have been read up to that point.
    var damage: String? { get }
    /// Whether bytes follow the data that belong to nothing.
    var hasTrailingGarbage: Bool { get }
    /// Says what the rows are of, before the first is read.
    func begin(_ instrument: Instrument, _ timeframe: Timeframe)
    /// The next row, or `nil` at the end.
    func nextRow() throws(IngestionError) -> CandleRow?
}

/// A row of a file of candles.
struct CandleRow {
    /// Its line, or its row where there are no lines; from 1.
    var number: Int
    /// What it holds.
    var content: Content

    /// What a row can hold.
    enum Content {
        /// A candle; whether a number had to be rounded, and whether its two volumes contradict each other.
        case candle(Candle, isRounded: Bool, contradictsQuoteVolume: Bool)
        /// What is no candle, and why, in words.
        case refused(Refusal.Kind, String)
    }
}

/// Opens files of candles.
enum CandleFile {
    /// The rows of a file: of columns where it begins as Parquet does, whatever its name, else of lines of text.
    ///
    /// - Throws: `IngestionError`, saying what was expected, when it can't be opened or holds no recognisable rows.
    static func open(path: String, base: String?) throws(IngestionError) -> any CandleRows {
        ParquetFile.isParquet(path: path)
            ? try ParquetRows(path: path, base: base) : try TextRows(path: path, base: base)
    }
}
