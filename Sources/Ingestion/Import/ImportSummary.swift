public import Market

/// A row that was not taken.
public struct Refusal: Sendable, Hashable {
    /// Its line in the file, from 1.
    public var line: Int
    /// What is wrong with it.
    public var kind: Kind
    /// What was seen and what was expected, in words.
    public var text: String

    /// What can be wrong with a row.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Fewer fields than the columns need, or a line that is no text.
        case columns
        /// The time is none, or not between 2009 and 2100.
        case time
        /// A field is no number, or one that doesn't fit.
        case number
        /// The time is not on a whole candle.
        case offGrid = "off-grid"
        /// The prices contradict each other, or are not positive.
        case inconsistent
        /// It is older than the row before it, and nothing is known of its time.
        case order
        /// Another row or a stored candle of the same time has other numbers.
        case conflict
        /// The line is longer than any row.
        case length
    }
}

/// A row that was taken and deserves a look.
public struct Suspicion: Sendable, Hashable {
    /// Its line in the file, from 1.
    public var line: Int
    /// Its open time.
    public var time: Timestamp
    /// Why, in words.
    public var text: String
}

/// What came of reading a file of candles.
public struct ImportSummary: Sendable {
    /// The file.
    public var path: String
    /// What the candles are of.
    public var instrument: Instrument
    /// Their length.
    public var timeframe: Timeframe
    /// How many rows the file has, without header and blank lines.
    public var rows = 0
    /// How many candles are new.
    public var taken = 0
    /// How many took the place of stored ones with other numbers; only when asked to.
    public var replaced = 0
    /// How many were stored already with the same numbers.
    public var unchanged = 0
    /// How many repeat an earlier row of the file.
    public var duplicates = 0
    /// How many rows were not taken, by what is wrong with them.
    public var refusedByKind: [Refusal.Kind: Int] = [:]
    /// The first refused rows; all are counted.
    public var refusals: [Refusal] = []
    /// How many rows deserve a look.
    public var suspicious = 0
    /// The first of them.
    public var suspicions: [Suspicion] = []
    /// How many candles have no volume.
    public var zeroVolume = 0
    /// How many rows have a number that was rounded to the decimals of the instrument.
    public var rounded = 0
    /// The open time of the first candle of the file.
    public var firstOpen: Timestamp?
    /// The open time of the last.
    public var lastOpen: Timestamp?
    /// The stretches without candles between the two, as they are after the import.
    public var gaps: [Gap] = []
    /// Whether the file runs from the newest candle to the oldest.
    public var runsBackward = false
    /// What is wrong with the file as a whole (compressed data that end in the middle), or `nil`.
    public var damage: String?
    /// Remarks that are no fault: bytes behind the data, a last line without an end.
    public var remarks: [String] = []
    /// Whether the progress callback asked to stop; what was taken until then is stored.
    public var isCancelled = false
    /// How long it took, in seconds.
    public var seconds = 0.0

    /// How many refused rows and suspicions are listed; all are counted.
    public static let listLimit = 100

    init(path: String, instrument: Instrument, timeframe: Timeframe) {
        self.path = path
        self.instrument = instrument
        self.timeframe = timeframe
    }

    /// How many rows were not taken.
    public var refused: Int { refusedByKind.values.reduce(0, +) }

    /// How many candles are missing between the first and the last of the file.
    public var missing: Int { gaps.reduce(0) { $0 + $1.count(of: timeframe) } }

    /// Whether everything in the file is stored now and nothing is wrong with it.
    public var isClean: Bool { refused == 0 && damage == nil && !isCancelled }

    mutating func refuse(_ line: Int, _ kind: Refusal.Kind, _ text: @autoclosure () -> String) {
        refusedByKind[kind, default: 0] += 1
        if refusals.count < ImportSummary.listLimit {
            refusals.append(Refusal(line: line, kind: kind, text: text()))
        }
    }

    mutating func suspect(_ line: Int, _ time: Timestamp, _ text: @autoclosure () -> String) {
        suspicious += 1
        if suspicions.count < ImportSummary.listLimit {
            suspicions.append(Suspicion(line: line, time: time, text: text()))
        }
    }
}

/// How far an import has come.
public struct ImportProgress: Sendable, Hashable {
    /// Bytes of the file read.
    public var bytesRead: Int64
    /// Bytes of the file; 0 when unknown.
    public var totalBytes: Int64
    /// Rows read.
    public var rows: Int
    /// Seconds since the start.
    public var seconds: Double

    /// The share done, 0…1; `nil` when the size is unknown.
    public var share: Double? { totalBytes > 0 ? min(1, Double(bytesRead) / Double(totalBytes)) : nil }

    /// Rows a second so far.
    public var rate: Double { seconds > 0 ? Double(rows) / seconds : 0 }
}
