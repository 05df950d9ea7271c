import Market

/// Reads the rows of `/api/v3/klines`:
/// `[openTime, "open", "high", "low", "close", "baseVolume", closeTime, …]`, times in milliseconds.
///
/// A general decoder would make a string of every number; here the decimals go straight from the bytes into fixed point.
/// Elements behind the seventh may be anything, and more of them may come.
struct KlineScanner {
    let instrument: Instrument
    let query: CandleQuery
    private(set) var page = CandlePage()
    private var last: Int64?

    /// Why a body is no list of candles that answers the query.
    struct Damage: Error {
        var text: String
    }

    /// The candles of a body.
    ///
    /// - Throws: `Damage` for a body that is not what was asked for as a whole. A row whose numbers make no candle is a
    ///   refusal of the page, and the others are taken.
    static func scan(
        _ body: [UInt8], _ query: CandleQuery, of instrument: Instrument
    ) throws(Damage) -> CandlePage {
        var scanner = KlineScanner(instrument: instrument, query: query)
        let result = body.withUnsafeBufferPointer { bytes -> Result<Void, Damage> in
            Result { () throws(Damage) in try scanner.scan(bytes) }
        }
        try result.get()
        return scanner.page
    }

    private init(instrument: Instrument, query: CandleQuery) {
        self.instrument = instrument
        self.query = query
    }

    private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) throws(Damage) {
        var cursor = JSONCursor(bytes)
        guard cursor.take(0x5B) else { throw Damage(text: "a list of candles was expected") }
        var count = 0
        if !cursor.take(0x5D) {
            page.candles.reserveCapacity(query.limit)
            repeat {
                count += 1
                guard count <= query.limit else { throw Damage(text: "more than the \(query.limit) candles asked for") }
                guard scanRow(&cursor) else { throw Damage(text: "row \(count) is no candle, at byte \(cursor.index)") }
            } while cursor.take(0x2C)
            guard cursor.take(0x5D) else { throw Damage(text: "the list does not end, at byte \(cursor.index)") }
        }
        guard cursor.isAtEnd() else { throw Damage(text: "something follows the list, at byte \(cursor.index)") }
        if let outside { throw Damage(text: outside) }
    }

    /// What is wrong with the times of the rows as an answer to the query.
    private var outside: String?

    /// Reads one row; whether it has the form of one.
    private mutating func scanRow(_ cursor: inout JSONCursor) -> Bool {
        guard cursor.take(0x5B), let open = cursor.integer(), cursor.take(0x2C),
            let first = cursor.plainString(), cursor.take(0x2C), let high = cursor.plainString(), cursor.take(0x2C),
            let low = cursor.plainString(), cursor.take(0x2C), let close = cursor.plainString(), cursor.take(0x2C),
            let volume = cursor.plainString(), cursor.take(0x2C), let end = cursor.integer()
        else { return false }
        while cursor.take(0x2C) { guard cursor.skipValue() else { return false } }
        guard cursor.take(0x5D) else { return false }
        guard isAnswer(open, end) else { return true }
        let time = Timestamp(milliseconds: open)
        guard open % (query.timeframe.seconds * 1_000) == 0 else {
            refuse(time, .offGrid, "its time is not on a whole \(query.timeframe)")
            return true
        }
        var isRounded = false
        func price(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
            KlineScanner.mantissa(bytes, instrument.priceScale, &isRounded)
        }
        guard let first = price(first), let high = price(high), let low = price(low), let close = price(close),
            let volume = KlineScanner.mantissa(volume, instrument.quantityScale, &isRounded)
        else {
            refuse(time, .number, "a price or the volume is no number that fits")
            return true
        }
        let candle = Candle(
            openTime: time, open: Price(mantissa: first), high: Price(mantissa: high), low: Price(mantissa: low),
            close: Price(mantissa: close), volume: Quantity(mantissa: volume))
        guard candle.isConsistent else {
            refuse(
                time, .inconsistent,
                "low ≤ open and close ≤ high, prices above zero and a volume not below were expected")
            return true
        }
        if isRounded { page.rounded += 1 }
        page.candles.append(candle)
        return true
    }

    /// Whether the times of a row answer the query; the first that do not are noted.
    private mutating func isAnswer(_ open: Int64, _ end: Int64) -> Bool {
        let length = query.timeframe.seconds * 1_000
        let times = query.from.milliseconds..<(query.to?.milliseconds ?? Timestamp.plausible.upperBound.milliseconds)
        defer { last = open }
        if !times.contains(open) {
            outside = outside ?? "a candle of \(open) ms, which was not asked for"
        } else if let last, open <= last {
            outside = outside ?? "a candle of \(open) ms behind one of \(last) ms"
        } else if end < open || end >= open + length {
            outside = outside ?? "a candle from \(open) to \(end) ms, which is no \(query.timeframe)"
        }
        return outside == nil
    }

    private mutating func refuse(_ time: Timestamp, _ kind: CandleRefusal.Kind, _ text: String) {
        page.refusals.append(CandleRefusal(time: time, kind: kind, text: "\(time): \(text)"))
    }

    /// A decimal at a scale; one with further decimals is rounded half to even.
    private static func mantissa(_ bytes: UnsafeBufferPointer<UInt8>, _ scale: Int, _ isRounded: inout Bool) -> Int64? {
        switch DecimalText.mantissa(bytes: bytes, scale: scale) {
        case .success(let value): return value
        case .failure(.tooManyDecimals):
            isRounded = true
            return try? DecimalText.mantissa(bytes: bytes, scale: scale, rounding: .halfEven).get()
        case .failure: return nil
        }
    }
}
