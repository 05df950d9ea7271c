public import Market

/// A run day by day, for pictures: the equity, and the price of what was traded. Approximations; the exact marks are in
/// `DailyEquity`.
public struct DayCurve: Sendable, Hashable {
    /// The first day, in days since the epoch.
    public var firstDay: Int64
    /// The equity it began with.
    public var initial: Double
    /// The open of the first candle.
    public var firstOpen: Double
    /// The last mark of each day; days without a candle keep the one before.
    public var equity: [Double]
    /// The last close of each day, likewise.
    public var close: [Double]

    /// The days of a result over its candles. O(candles).
    ///
    /// - Precondition: the candles of the run, one at least.
    public init(_ result: BacktestResult, _ series: CandleSeries) {
        firstDay = result.daily.firstDay
        initial = result.initialEquity.approximation
        equity = (0..<result.daily.count).map { result.daily.equity($0).approximation }
        let closes = DailyCloses(series, from: firstDay, count: equity.count)
        firstOpen = closes.firstOpen
        close = closes.values
    }

    /// What the cash would have become in the market from the first open on, without costs, day by day.
    public var hold: [Double] { firstOpen > 0 ? close.map { initial * $0 / firstOpen } : [] }

    /// One return a day, the first against the initial equity; empty when the account was lost on some day but the last.
    public var returns: [Double] {
        var before = initial
        var values: [Double] = []
        values.reserveCapacity(equity.count)
        for mark in equity {
            guard before > DailyReturns.ruin(initial) else { return [] }
            values.append(mark / before - 1)
            before = mark
        }
        return values
    }

    /// The start of the day `index`.
    public func day(_ index: Int) -> Timestamp { Timestamp(seconds: (firstDay + Int64(index)) * 86_400) }

    // MARK: Bytes

    /// The curve as bytes: the first day, then initial equity, first open, and equity and close of each day; 8 bytes each,
    /// little-endian.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24 + equity.count * 16)
        func add(_ bits: UInt64) { withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) } }
        add(UInt64(bitPattern: firstDay))
        for number in [initial, firstOpen] + zip(equity, close).flatMap({ [$0, $1] }) { add(number.bitPattern) }
        return bytes
    }

    /// The curve of bytes; `nil` when they are none.
    public init?(bytes: [UInt8]) {
        guard bytes.count >= 24, (bytes.count - 24) % 16 == 0 else { return nil }
        func bits(_ index: Int) -> UInt64 {
            bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)) }
        }
        firstDay = Int64(bitPattern: bits(0))
        // Days that no calendar has would be written as dates.
        guard abs(firstDay) < 100_000 else { return nil }
        initial = Double(bitPattern: bits(1))
        firstOpen = Double(bitPattern: bits(2))
        let days = (bytes.count - 24) / 16
        equity = (0..<days).map { Double(bitPattern: bits(3 + 2 * $0)) }
        close = (0..<days).map { Double(bitPattern: bits(4 + 2 * $0)) }
        guard initial.isFinite, firstOpen.isFinite, equity.allSatisfy(\.isFinite), close.allSatisfy(\.isFinite) else {
            return nil
        }
    }
}

/// The last closes of the days of a series.
struct DailyCloses {
    /// The open of the first candle; 0 without one.
    let firstOpen: Double
    /// One close a day; a day without a candle keeps the one before.
    let values: [Double]

    /// The closes of `count` days from a day on. O(candles).
    init(_ series: CandleSeries, from firstDay: Int64, count: Int) {
        var factor = 1.0
        for _ in 0..<series.instrument.priceScale { factor *= 10 }
        var values = [Double](repeating: 0, count: count)
        var next = 0
        var close = series.candles.first.map { Double($0.open.mantissa) / factor } ?? 0
        firstOpen = close
        for candle in series.candles {
            // A candle belongs to the day that it opened in, as its mark does.
            let day = Int(candle.openTime.day - firstDay)
            while next < min(day, count) {
                values[next] = close
                next += 1
            }
            close = Double(candle.close.mantissa) / factor
        }
        while next < count {
            values[next] = close
            next += 1
        }
        self.values = values
    }
}
