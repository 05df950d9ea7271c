import Market

/// Reads the rows of a file and hands them, checked, to a sink in batches.
struct RowReading {
    /// How many candles are handed on at once: some days of minutes, one transaction of the store.
    static let batchSize = 40_000
    /// The most rows of a file that runs backward: they must be held in memory to be turned around.
    static let largestBackwardFile = 20_000_000

    var check: RowCheck
    private let file: any CandleRows
    private let progress: ((ImportProgress) -> Bool)?
    private let start: ContinuousClock.Instant
    private var sinceProgress = 0

    init(
        _ file: any CandleRows, _ summary: ImportSummary, start: ContinuousClock.Instant,
        progress: ((ImportProgress) -> Bool)?
    ) {
        self.file = file
        self.progress = progress
        self.start = start
        check = RowCheck(summary)
        file.begin(summary.instrument, summary.timeframe)
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
        while let row = try file.nextRow() {
            check.summary.rows += 1
            switch row.content {
            case .candle(let candle, let isRounded, let contradictsQuoteVolume):
                if isRounded { check.summary.rounded += 1 }
                if contradictsQuoteVolume {
                    check.summary.suspect(
                        row.number, candle.openTime,
                        "quote volume ÷ volume is not a price between low and high; were the two mistaken?")
                }
                try body(&self, candle, row.number)
            case .refused(let kind, let text): check.summary.refuse(row.number, kind, text)
            }
            sinceProgress += 1
            if sinceProgress >= 20_000, !report() { return }
        }
    }

    /// Tells how far it has come; whether to go on.
    private mutating func report() -> Bool {
        sinceProgress = 0
        guard let progress else { return true }
        let goesOn = progress(
            ImportProgress(
                bytesRead: file.position, totalBytes: file.size, rows: check.summary.rows,
                seconds: start.duration(to: .now).seconds))
        if !goesOn { check.summary.isCancelled = true }
        return goesOn
    }

    private mutating func finish() {
        check.summary.damage = file.damage
        if file.hasTrailingGarbage {
            check.summary.remarks.append("bytes behind the compressed data were ignored")
        }
        if !check.summary.isCancelled { _ = report() }
    }
}

extension Duration {
    /// The length in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
