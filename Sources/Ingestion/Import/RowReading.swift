import Market

/// Reads the rows of a file and hands them, checked, to a sink in batches.
struct RowReading {
    /// How many candles are handed on at once: some days of minutes, one transaction of the store.
    static let batchSize = 40_000
    /// The most rows of a file that runs backward: they must be held in memory to be turned around.
    static let largestBackwardFile = 20_000_000

    var check: RowCheck
    private var parser: RowParser
    private let file: CandleFile
    private let progress: ((ImportProgress) -> Bool)?
    private let start: ContinuousClock.Instant
    private var sinceProgress = 0

    init(
        _ file: CandleFile, _ summary: ImportSummary, start: ContinuousClock.Instant,
        progress: ((ImportProgress) -> Bool)?
    ) {
        self.file = file
        self.progress = progress
        self.start = start
        let instrument = summary.instrument
        check = RowCheck(summary)
        parser = RowParser(
            file.layout, priceScale: instrument.priceScale, quantityScale: instrument.quantityScale,
            timeframe: summary.timeframe)
    }

    /// Reads the file to its end, or until `progress` says stop.
    ///
    /// - Parameters:
    ///   - known: finds a candle of the file that was handed on already.
    ///   - store: takes the next batch.
    /// - Throws: `IngestionError` when the file can't be read, and what the closures throw.
    mutating func run(
        known: (Timestamp) throws -> Candle?, store: ([Candle], [Int], inout ImportSummary) throws -> Void
    ) throws {
        if file.probe.runsBackward {
            try readBackward(known: known, store: store)
        } else {
            try readRows { reading, candle, line in
                try reading.check.add(candle, line: line, known: known)
                if reading.check.candles.count >= RowReading.batchSize { try reading.flush(store) }
            }
        }
        try flush(store)
        finish()
    }

    private mutating func flush(_ store: ([Candle], [Int], inout ImportSummary) throws -> Void) throws {
        let (candles, lines) = check.take()
        if !candles.isEmpty { try store(candles, lines, &check.summary) }
    }

    /// Rows from newest to oldest are read wholly, then checked from the last to the first.
    private mutating func readBackward(
        known: (Timestamp) throws -> Candle?, store: ([Candle], [Int], inout ImportSummary) throws -> Void
    ) throws {
        check.summary.runsBackward = true
        var rows: [(candle: Candle, line: Int)] = []
        try readRows { reading, candle, line in
            guard rows.count < RowReading.largestBackwardFile else {
                throw IngestionError(
                    .notCandles, reading.file.path,
                    "it runs from newest to oldest and is too long to be turned around; sort it by time first")
            }
            rows.append((candle, line))
        }
        for (candle, line) in rows.reversed() {
            try check.add(candle, line: line, known: known)
            if check.candles.count >= RowReading.batchSize { try flush(store) }
        }
    }

    private mutating func readRows(_ body: (inout RowReading, Candle, Int) throws -> Void) throws {
        let reader = file.lines
        var isHeader = file.layout.hasHeader
        while true {
            let (isThere, bytes) = try reader.next()
            guard isThere else { return }
            let line = reader.lineNumber
            guard let bytes else {
                check.summary.rows += 1
                check.summary.refuse(
                    line, .length, "the line is longer than \(LineReader.longestLine >> 10) KiB; no row of candles is")
                continue
            }
            if isHeader {
                if bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) { isHeader = false }
                continue
            }
            if reader.lastLineIsOpen, reader.source.damage != nil {
                // What is left of a row whose end is lost: its last number may be cut.
                check.summary.rows += 1
                check.summary.refuse(line, .columns, "the data end in this row")
                return
            }
            switch parser.parse(bytes) {
            case .candle(let candle, let isRounded, let contradictsQuoteVolume):
                check.summary.rows += 1
                if isRounded { check.summary.rounded += 1 }
                if contradictsQuoteVolume {
                    check.summary.suspect(
                        line, candle.openTime,
                        "quote volume ÷ volume is not a price between low and high; were the two mistaken?")
                }
                try body(&self, candle, line)
            case .blank: break
            case .refused(let kind, let column):
                check.summary.rows += 1
                let layout = file.layout
                let timeframe = parser.timeframe
                check.summary.refuse(
                    line, kind, RowReading.explanation(kind, column, bytes, layout, timeframe))
            }
            sinceProgress += 1
            if sinceProgress >= 20_000, !report() { return }
        }
    }

    /// Tells how far it has come; whether to go on.
    private mutating func report() -> Bool {
        sinceProgress = 0
        guard let progress else { return true }
        let source = file.lines.source
        let goesOn = progress(
            ImportProgress(
                bytesRead: source.position, totalBytes: source.size, rows: check.summary.rows,
                seconds: start.duration(to: .now).seconds))
        if !goesOn { check.summary.isCancelled = true }
        return goesOn
    }

    private mutating func finish() {
        let source = file.lines.source
        check.summary.damage = source.damage
        if source.hasTrailingGarbage {
            check.summary.remarks.append("bytes behind the compressed data were ignored")
        }
        if !check.summary.isCancelled { _ = report() }
    }

    private static func explanation(
        _ kind: Refusal.Kind, _ column: String, _ line: UnsafeRawBufferPointer, _ layout: Layout,
        _ timeframe: Timeframe
    ) -> String {
        let fields = Fields.split(line, separator: layout.separator).map { field in
            let text = String(decoding: field.prefix(40).map { $0 < 0x20 ? 0x3F : $0 }, as: UTF8.self)
            return field.count > 40 ? text + "…" : text
        }
        func field(_ name: String) -> String {
            let places = [
                "time": layout.time, "open": layout.open, "high": layout.high, "low": layout.low,
                "close": layout.close, "volume": layout.volume,
            ]
            return places[name].flatMap { $0 < fields.count ? fields[$0] : nil } ?? ""
        }
        switch kind {
        case .columns:
            return "\(column) field\(column == "1" ? "" : "s"), at least \(layout.last + 1) expected"
        case .time:
            return "'\(field("time"))' is no time between 2009 and 2100 (seconds, milliseconds, microseconds or "
                + "nanoseconds since 1970, or ISO 8601 in UTC)"
        case .number: return "\(column) '\(field(column))' is no number that fits"
        case .offGrid: return "'\(field("time"))' is not on a whole \(timeframe)"
        case .inconsistent:
            let prices = ["open", "high", "low", "close"].map { "\($0) \(field($0))" }.joined(separator: ", ")
            return "\(prices), volume \(field("volume")): low ≤ open and close ≤ high, prices above zero and a volume "
                + "not below were expected"
        case .order, .conflict, .length: return ""
        }
    }
}

extension Duration {
    /// The length in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
