import Market
import Trading

/// How far the price went against and for a round trip while it was held, before fees.
struct Excursion: Sendable, Hashable {
    /// The maximum adverse excursion (MAE): the worst price's distance from the average entry, as a share of it, 0 or more.
    let adverse: Double
    /// The maximum favourable excursion (MFE): the best price's distance, likewise.
    let favorable: Double

    /// No excursion.
    static let none = Excursion(adverse: 0, favorable: 0)

    private init(adverse: Double, favorable: Double) {
        self.adverse = adverse
        self.favorable = favorable
    }

    /// The excursions of trips over the candles that they were held in, one a trip. O(candles held + trips · log candles).
    static func excursions(of trips: [RoundTrip], over candles: MetCandles) -> [Excursion] {
        trips.map { Excursion($0, candles) }
    }

    init(_ trip: RoundTrip, _ candles: MetCandles) {
        guard !trip.quantity.isZero, !trip.entryNotional.isZero else {
            adverse = 0
            favorable = 0
            return
        }
        func price(_ notional: Money) -> Price {
            candles.base.instrument.averagePrice(notional, trip.quantity, rounding: .halfEven)
        }
        let entry = price(trip.entryNotional)
        let exit = price(trip.exitNotional)
        var low = min(entry, exit)
        var high = max(entry, exit)
        candles.visit(from: trip.openedAt) { candle in
            if candle.openTime < trip.closedAt {
                low = min(low, candle.low)
                high = max(high, candle.high)
                return true
            }
            guard candle.openTime == trip.closedAt, trip.exitPurpose.isProtective else { return false }
            // Fills carry their candle's open time. A protective order met the open of that candle and then the path
            // inside it, which goes to the extreme that hurts the position first; a rule's order met the open alone.
            low = min(low, candle.open)
            high = max(high, candle.open)
            if trip.exitPurpose == .takeProfit {
                if trip.side == .buy, candle.open < exit { low = min(low, candle.low) }
                if trip.side == .sell, candle.open > exit { high = max(high, candle.high) }
            }
            return false
        }
        let base = Double(entry.mantissa)
        let below = Double(entry.mantissa - low.mantissa) / base
        let above = Double(high.mantissa - entry.mantissa) / base
        adverse = trip.side == .buy ? below : above
        favorable = trip.side == .buy ? above : below
    }
}

/// The candles that orders met: the shorter ones inside a base candle, or the base candle where it holds none.
struct MetCandles {
    /// The candles that mark the instrument.
    let base: CandleSeries
    private let detail: [Candle]

    /// Base candles and the shorter ones of the same market; `nil` where orders met those of the base.
    init(_ base: CandleSeries, detail: CandleSeries? = nil) {
        self.base = base
        self.detail = detail?.candles ?? []
    }

    /// Hands out those that open at `first` or later, oldest first, until `body` returns `false`.
    func visit(from first: Timestamp, _ body: (Candle) -> Bool) {
        let timeframe = base.timeframe
        // The base candle that the instant lies in may have opened before it.
        let place = base.candles.place { $0.closeTime(timeframe) <= first }
        guard place < base.candles.count else { return }
        let start = place > 0 ? base.candles[place - 1].closeTime(timeframe) : base.candles[0].openTime
        var next = detail.place { $0.openTime < start }
        for candle in base.candles[place...] {
            let end = candle.closeTime(timeframe)
            let earlier = next
            while next < detail.count, detail[next].openTime < end {
                if detail[next].openTime >= first, !body(detail[next]) { return }
                next += 1
            }
            if next == earlier, candle.openTime >= first, !body(candle) { return }
        }
    }
}

extension OrderPurpose {
    /// Whether orders of it rest at the venue, or the venue itself, may fill inside a candle.
    fileprivate var isProtective: Bool {
        self == .stopLoss || self == .takeProfit || self == .trailingStop || self == .liquidation
    }
}
