import GRDB
public import Market

extension Store {
    /// The closed candles of a series whose whole interval lies in [from, to), oldest first.
    ///
    /// A timeframe that is stored itself is read as it is, unless minutes reach further over the range asked for;
    /// others derive from minutes, or from the longest stored timeframe that divides them. A derived candle inside an
    /// outage is marked partial, or absent when nothing is there; the last one is left out until its last minute is
    /// there. A year of minutes takes some tens of milliseconds.
    ///
    /// - Parameters:
    ///   - from: the earliest open time; `nil` from the first.
    ///   - to: the latest close time; `nil` to the last.
    /// - Throws: `StoreError` of the kind `notFound`, naming what there is, when neither the timeframe nor one that it
    ///   derives from is stored.
    public func candles(
        venue: String, symbol: String, _ timeframe: Timeframe, from: Timestamp? = nil, to: Timestamp? = nil
    ) throws(StoreError) -> CandleSeries {
        try read { database in
            let source = try source(of: timeframe, venue, symbol, from: from, to: to, database)
            var all: [Candle] = []
            try forEachPart(source, timeframe, from: from, to: to, part: .max, database) { all = $0 }
            return CandleSeries(instrument: source.instrument, timeframe: timeframe, candles: all)
        }
    }

    /// Hands on the candles that `candles(venue:symbol:_:from:to:)` gives, oldest first, in parts, so that memory does not
    /// grow with their number. All are of one moment of the store.
    ///
    /// - Parameters:
    ///   - part: how many candles at least are handed on at once, but for the last of them.
    ///   - body: takes the instrument and the next candles; it is not called when there are none.
    /// - Throws: `StoreError`, as `candles(venue:symbol:_:from:to:)`, and what `body` throws.
    public func readCandles(
        venue: String, symbol: String, _ timeframe: Timeframe, from: Timestamp? = nil, to: Timestamp? = nil, part: Int,
        _ body: (Instrument, [Candle]) throws -> Void
    ) throws {
        // What the hands throw is no trouble of the store and passes as it is.
        var foreign: (any Error)?
        do {
            try read { database in
                let source = try source(of: timeframe, venue, symbol, from: from, to: to, database)
                try forEachPart(source, timeframe, from: from, to: to, part: part, database) { candles in
                    do { try body(source.instrument, candles) } catch {
                        foreign = error
                        throw error
                    }
                }
            }
        } catch { throw foreign ?? error }
    }

    /// The stored minutes from the first open to the last close of longer candles; `nil` where no minutes of the instrument are
    /// stored.
    ///
    /// - Throws: `StoreError`.
    public func minutes(under series: CandleSeries) throws(StoreError) -> CandleSeries? {
        let (venue, symbol) = (series.instrument.venue, series.instrument.symbol)
        guard let first = series.candles.first, let last = series.candles.last,
            try self.series(venue: venue, symbol: symbol).contains(where: { $0.timeframe == .oneMinute })
        else { return nil }
        return try candles(
            venue: venue, symbol: symbol, .oneMinute, from: first.openTime, to: last.closeTime(series.timeframe))
    }

    /// The last `count` closed candles before `end`, oldest first; fewer when there are no more. For warming up and for
    /// the screen.
    ///
    /// - Throws: `StoreError`, as `candles(venue:symbol:_:from:to:)`.
    public func lastCandles(
        _ count: Int, venue: String, symbol: String, _ timeframe: Timeframe, before end: Timestamp? = nil
    ) throws(StoreError) -> CandleSeries {
        // Gaps may hide some of the span asked for, so it is doubled until there are enough or no more.
        let all = try series(venue: venue, symbol: symbol)
        let last = all.map(\.end).max() ?? .epoch
        let first = all.map(\.firstOpen).min() ?? .epoch
        let to = min(end ?? last, last).floored(to: timeframe)
        var span = timeframe.nanoseconds.multipliedReportingOverflow(by: Int64(max(count, 1)))
        while true {
            let from =
                span.overflow || to.nanoseconds - first.nanoseconds < span.partialValue
                ? first : to.adding(nanoseconds: -span.partialValue)
            var series = try candles(venue: venue, symbol: symbol, timeframe, from: from, to: to)
            if series.candles.count >= count || from <= first {
                series.candles.removeFirst(max(0, series.candles.count - count))
                return series
            }
            span = span.partialValue.multipliedReportingOverflow(by: 2)
        }
    }

    /// The newest `count` candles before `end` with none missing among them, oldest first; none when the timeframe is not
    /// stored itself, or with other scales than the instrument's.
    ///
    /// - Throws: `StoreError`.
    public func newestRun(
        _ count: Int, of instrument: Instrument, _ timeframe: Timeframe, before end: Timestamp? = nil
    ) throws(StoreError) -> [Candle] {
        let stored = try series(venue: instrument.venue, symbol: instrument.symbol).first { $0.timeframe == timeframe }
        guard count > 0, let stored, stored.instrument.priceScale == instrument.priceScale,
            stored.instrument.quantityScale == instrument.quantityScale
        else { return [] }
        let candles = try lastCandles(
            count, venue: instrument.venue, symbol: instrument.symbol, timeframe, before: end
        ).candles
        let first = candles.indices.dropFirst().last { candles[$0].openTime != candles[$0 - 1].closeTime(timeframe) }
        return Array(candles[(first ?? candles.startIndex)...])
    }

    /// The stored candle of this open time, or `nil`.
    ///
    /// - Throws: `StoreError`.
    public func candle(
        at time: Timestamp, of instrument: Instrument, _ timeframe: Timeframe
    ) throws(StoreError) -> Candle? {
        try read { database in
            let stored = try series(venue: instrument.venue, symbol: instrument.symbol, database)
            guard let series = stored.first(where: { $0.timeframe == timeframe }) else { return nil }
            var found: Candle?
            try forEachCandle(series.row, timeframe, from: time, through: time, database) { found = $0 }
            return found
        }
    }

    /// The stored series that candles are taken from.
    private func source(
        of timeframe: Timeframe, _ venue: String, _ symbol: String, from: Timestamp?, to: Timestamp?,
        _ database: Database
    ) throws -> SeriesRecord {
        let stored = try series(venue: venue, symbol: symbol, database)
        guard let source = Store.source(of: timeframe, in: stored, from: from, to: to) else {
            throw StoreError(.notFound, path: path, detail: Store.missing(venue, symbol, timeframe, stored))
        }
        return source
    }

    private static func missing(
        _ venue: String, _ symbol: String, _ timeframe: Timeframe, _ stored: [SeriesRecord]
    ) -> String {
        let name = "\(venue):\(symbol)"
        if stored.isEmpty { return "no candles of \(name) are stored; import some with `wick data import`" }
        let there = stored.map(\.timeframe.description).joined(separator: ", ")
        return "\(name) is stored in \(there), and \(timeframe) does not derive from that"
    }

    /// The stored series that candles of `timeframe` are best taken from.
    static func source(
        of timeframe: Timeframe, in stored: [SeriesRecord], from: Timestamp?, to: Timestamp?
    ) -> SeriesRecord? {
        func reach(_ series: SeriesRecord) -> Int64 {
            let start = max(series.firstOpen, from ?? series.firstOpen)
            let end = min(series.end, to ?? series.end)
            return end.nanoseconds(since: start)
        }
        let itself = stored.first { $0.timeframe == timeframe }
        let derivable = stored.filter { $0.timeframe < timeframe && timeframe.seconds % $0.timeframe.seconds == 0 }
        let basis = derivable.first { $0.timeframe == .oneMinute } ?? derivable.last
        guard let itself else { return basis }
        guard let basis, reach(basis) > reach(itself) else { return itself }
        return basis
    }

    /// Hands on closed candles whenever there are `part` of them, and the rest at the end.
    private func forEachPart(
        _ source: SeriesRecord, _ timeframe: Timeframe, from: Timestamp?, to: Timestamp?, part: Int,
        _ database: Database, _ body: ([Candle]) throws -> Void
    ) throws {
        let step = timeframe.nanoseconds
        // Times far outside what is stored say no more than its ends do.
        let to = to.map { min(max($0, .epoch), source.end) }
        var first = source.firstOpen.floored(to: timeframe)
        if let from = from.map({ min(max($0, .epoch), source.end) }) {
            let floored = from.floored(to: timeframe)
            first = max(first, floored == from ? floored : floored.adding(nanoseconds: step))
        }
        // The last interval that has wholly ended by `to`.
        let through = min(source.lastOpen, (to ?? source.end).floored(to: timeframe).adding(nanoseconds: -1))
        guard first <= through else { return }
        var candles: [Candle] = []
        // A part ends with a block, so it may be longer by one.
        let most = min(source.count, Int(through.nanoseconds(since: first) / step) + 1)
        candles.reserveCapacity(part < most ? part + CandleBlock.slotCount : most)
        func handOn() throws {
            guard candles.count >= part else { return }
            try body(candles)
            candles.removeAll(keepingCapacity: true)
        }
        if source.timeframe == timeframe {
            try forEachCandle(source.row, timeframe, from: first, through: through, database, afterBlock: handOn) {
                candles.append($0)
            }
        } else {
            var resampler = CandleResampler(to: timeframe)
            let minutes = UInt32(source.timeframe.minutes)
            var last: Candle?
            try forEachCandle(
                source.row, source.timeframe, from: first, through: through, database, afterBlock: handOn
            ) { candle in
                var candle = candle
                candle.minutes = minutes
                if let complete = resampler.add(candle) { candles.append(complete) }
                last = candle
            }
            if let last, let candle = resampler.finish() {
                let intervalEnd = candle.closeTime(timeframe)
                // Ended when its last minute is there, or when later candles prove it.
                if last.closeTime(source.timeframe) == intervalEnd || source.end > intervalEnd {
                    candles.append(candle)
                }
            }
        }
        if !candles.isEmpty { try body(candles) }
    }

    /// Calls `body` with each stored candle of a series from `from` through `through`, by open time, oldest first, and
    /// `afterBlock` between blocks of them.
    func forEachCandle(
        _ series: Int64, _ timeframe: Timeframe, from: Timestamp, through: Timestamp, _ database: Database,
        afterBlock: () throws -> Void = {}, _ body: (Candle) -> Void
    ) throws {
        let step = timeframe.nanoseconds
        let firstBlock = CandleBlock.number(of: from, timeframe)
        let statement = try database.cachedStatement(
            sql: "SELECT id, data FROM candle_blocks WHERE id BETWEEN ? AND ? ORDER BY id")
        let rows = try Row.fetchCursor(
            statement,
            arguments: [
                CandleBlock.row(series: series, block: firstBlock),
                CandleBlock.row(series: series, block: CandleBlock.number(of: through, timeframe)),
            ])
        while let row = try rows.next() {
            let id: Int64 = row[0]
            let start = (id & 0xFFFF_FFFF) * step * Int64(CandleBlock.slotCount)
            try row.withUnsafeData(atIndex: 1) { data in
                try (data ?? .init()).withUnsafeBytes { bytes in
                    try CandleBlock.forEach(in: bytes, start: start, step: step) { candle in
                        if candle.openTime >= from && candle.openTime <= through { body(candle) }
                    }
                }
            }
            try afterBlock()
        }
    }
}
