import Market

/// Checks candles in the order of the file and gathers those that may be stored.
///
/// A row must be newer than the one before it. One of the same time, or an older one, is a duplicate when its numbers
/// equal those known for its time, and refused when they differ or when nothing is known of it.
struct RowCheck {
    var summary: ImportSummary
    /// The candles gathered, oldest first.
    private(set) var candles: [Candle] = []
    /// The lines they stand on.
    private(set) var lines: [Int] = []
    private var last: (candle: Candle, line: Int)?
    private var outliers = OutlierWatch()

    init(_ summary: ImportSummary) { self.summary = summary }

    /// Takes the next candle; `known` finds a candle of this file that was handed on already.
    mutating func add(_ candle: Candle, line: Int, known: (Timestamp) throws -> Candle?) rethrows {
        if let last, candle.openTime <= last.candle.openTime {
            try addOlder(candle, line: line, last: last, known: known)
            return
        }
        if let finding = outliers.add(candle, line: line) { suspect(finding) }
        if candle.volume.isZero { summary.zeroVolume += 1 }
        candles.append(candle)
        lines.append(line)
        last = (candle, line)
        if summary.firstOpen == nil { summary.firstOpen = candle.openTime }
        summary.lastOpen = candle.openTime
    }

    /// Gives what was gathered to be stored, and begins anew.
    mutating func take() -> (candles: [Candle], lines: [Int]) {
        defer {
            candles.removeAll(keepingCapacity: true)
            lines.removeAll(keepingCapacity: true)
        }
        return (candles, lines)
    }

    private mutating func addOlder(
        _ candle: Candle, line: Int, last: (candle: Candle, line: Int), known: (Timestamp) throws -> Candle?
    ) rethrows {
        let place = gathered(candle.openTime)
        guard let other = try place.map({ candles[$0] }) ?? known(candle.openTime) else {
            summary.refuse(
                line, .order,
                "\(candle.openTime) is older than \(last.candle.openTime) on line \(last.line); sort the rows by time")
            return
        }
        if other.hasSameNumbers(as: candle) {
            summary.duplicates += 1
        } else {
            let source = place.map { "line \(lines[$0])" } ?? "an earlier row"
            let instrument = summary.instrument
            summary.refuse(
                line, .conflict,
                "\(candle.openTime): \(candle.text(instrument)) contradicts \(other.text(instrument)) of \(source)")
        }
    }

    private func gathered(_ time: Timestamp) -> Int? {
        var low = 0
        var high = candles.count
        while low < high {
            let middle = (low + high) / 2
            if candles[middle].openTime < time { low = middle + 1 } else { high = middle }
        }
        return low < candles.count && candles[low].openTime == time ? low : nil
    }

    private mutating func suspect(_ finding: OutlierWatch.Finding) {
        let instrument = summary.instrument
        let candle = finding.candle
        summary.suspect(
            finding.line, candle.openTime,
            """
            the \(finding.isHigh ? "high \(instrument.plain(candle.high))" : "low \(instrument.plain(candle.low))") \
            stands \(instrument.plain(Price(mantissa: finding.excess))) out of both neighbours, \
            \(finding.excess / max(finding.usual, 1)) times the usual range
            """)
    }
}

extension Candle {
    func hasSameNumbers(as other: Candle) -> Bool {
        open == other.open && high == other.high && low == other.low && close == other.close && volume == other.volume
    }

    func text(_ instrument: Instrument) -> String {
        let prices = [open, high, low, close].map { instrument.plain($0) }.joined(separator: "/")
        return "\(prices) volume \(DecimalText.text(Int128(volume.mantissa), scale: instrument.quantityScale))"
    }
}

extension Instrument {
    /// The price without trailing zeros.
    func plain(_ price: Price) -> String { DecimalText.text(Int128(price.mantissa), scale: priceScale) }
}
