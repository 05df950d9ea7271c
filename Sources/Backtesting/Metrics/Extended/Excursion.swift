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
    static func excursions(of trips: [RoundTrip], over series: CandleSeries) -> [Excursion] {
        trips.map { Excursion($0, series) }
    }

    init(_ trip: RoundTrip, _ series: CandleSeries) {
        guard !trip.quantity.isZero, !trip.entryNotional.isZero else {
            adverse = 0
            favorable = 0
            return
        }
        func price(_ notional: Money) -> Price {
            series.instrument.averagePrice(notional, trip.quantity, rounding: .halfEven)
        }
        let entry = price(trip.entryNotional)
        let exit = price(trip.exitNotional)
        var low = min(entry, exit)
        var high = max(entry, exit)
        let candles = series.candles
        var index = Excursion.firstIndex(in: candles, from: trip.openedAt)
        while index < candles.count, candles[index].openTime < trip.closedAt {
            low = min(low, candles[index].low)
            high = max(high, candles[index].high)
            index += 1
        }
        if index < candles.count, candles[index].openTime == trip.closedAt, trip.exitPurpose.isProtective {
            // Fills carry their candle's open time. A protective order met the open of that candle and then the path
            // inside it, which goes to the extreme that hurts the position first; a rule's order met the open alone.
            let candle = candles[index]
            low = min(low, candle.open)
            high = max(high, candle.open)
            if trip.exitPurpose == .takeProfit {
                if trip.side == .buy, candle.open < exit { low = min(low, candle.low) }
                if trip.side == .sell, candle.open > exit { high = max(high, candle.high) }
            }
        }
        let base = Double(entry.mantissa)
        let below = Double(entry.mantissa - low.mantissa) / base
        let above = Double(high.mantissa - entry.mantissa) / base
        adverse = trip.side == .buy ? below : above
        favorable = trip.side == .buy ? above : below
    }

    /// Where the first candle that opens at `time` or later stands.
    private static func firstIndex(in candles: [Candle], from time: Timestamp) -> Int {
        var low = 0
        var high = candles.count
        while low < high {
            let middle = (low + high) / 2
            if candles[middle].openTime < time {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}

extension OrderPurpose {
    /// Whether orders of it rest at the venue, or the venue itself, may fill inside a candle.
    fileprivate var isProtective: Bool {
        self == .stopLoss || self == .takeProfit || self == .trailingStop || self == .liquidation
    }
}
