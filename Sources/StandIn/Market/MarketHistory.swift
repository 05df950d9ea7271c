import Dispatch
import Market
import Simulation
import Synchronization
import Trading

/// The past of the synthetic market as the venue tells it: any minute of any year, hours remembered once they were asked
/// for.
final class MarketHistory: Sendable {
    /// How many hours are remembered.
    private static let capacity = 200_000

    private let market: SyntheticMarket
    private let hours = Mutex<[HourKey: MarketCandle]>([:])

    private struct HourKey: Hashable {
        var instrument: Int
        var hour: Int64
    }

    init(_ market: SyntheticMarket) { self.market = market }

    /// The candle of the minute that begins at `open`, as it is once it is over. Some microseconds.
    func minute(_ instrument: InstrumentID, _ open: Timestamp) -> MarketCandle {
        var candle = MarketCandle(openTime: open)
        for print in market.prints(instrument, from: open, to: open.adding(seconds: 60)) { candle.take(print) }
        return candle
    }

    /// The candle of the hour that begins at `open`.
    func hour(_ instrument: InstrumentID, _ open: Timestamp) -> MarketCandle {
        let key = HourKey(instrument: instrument.index, hour: open.seconds / 3_600)
        if let known = hours.withLock({ $0[key] }) { return known }
        var candle = MarketCandle(openTime: open)
        for minute in 0..<60 { candle.take(self.minute(instrument, open.adding(seconds: Int64(minute) * 60))) }
        hours.withLock { hours in
            if hours.count >= MarketHistory.capacity { hours.removeAll(keepingCapacity: true) }
            hours[key] = candle
        }
        return candle
    }

    /// Makes the hours in [from, to) that are not remembered, on all processors: a year of them is half a million minutes.
    func prepare(_ instrument: InstrumentID, from: Timestamp, to: Timestamp) {
        let first = from.seconds / 3_600
        let missing = hours.withLock { hours in
            (first..<max(first, to.seconds / 3_600)).filter {
                hours[HourKey(instrument: instrument.index, hour: $0)] == nil
            }
        }
        // All at once only when they stay remembered.
        guard missing.count > 48, missing.count < MarketHistory.capacity / 2 else { return }
        let part = 24
        DispatchQueue.concurrentPerform(iterations: (missing.count + part - 1) / part) { number in
            for hour in missing[(number * part)...].prefix(part) {
                _ = self.hour(instrument, Timestamp(seconds: hour * 3_600))
            }
        }
    }

    /// Trades in [from, to), numbered as trades of before the start are: by their minute.
    func trades(_ instrument: InstrumentID, from: Timestamp, to: Timestamp) -> [PublicTrade] {
        market.prints(instrument, from: from, to: to).map(PublicTrade.init)
    }

    /// The first minute whose trades can have an id of at least `id`.
    static func minute(ofID id: Int64) -> Timestamp {
        Timestamp(seconds: min(max(id >> 16, 0), 60_000_000) * 60)
    }

    /// The lowest id of a trade in the minute that holds `time`.
    static func firstID(at time: Timestamp) -> Int64 { (time.seconds / 60) << 16 }
}

extension PublicTrade {
    init(_ print: TradePrint) {
        self.init(
            id: Int64(truncatingIfNeeded: print.id), time: print.time, price: print.price, quantity: print.quantity,
            isBuyerMaker: print.aggressor == .sell)
    }
}

extension MarketCandle {
    mutating func take(_ print: TradePrint) {
        take(
            price: print.price, quantity: print.quantity, takerIsBuyer: print.aggressor == .buy,
            id: Int64(truncatingIfNeeded: print.id))
    }
}
