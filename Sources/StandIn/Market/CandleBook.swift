import Market
import Simulation
import Trading

/// The candles of one symbol: a day and more of minutes as they were told, and any older ones as functions of the seed.
///
/// A minute in which the exchange's own clients traded can't be had from the seed. It is kept beyond the day, too.
struct CandleBook: Sendable {
    /// How many minutes are kept as told: a day, and what the longest window needs besides.
    static let capacity = 1_500
    /// How many older minutes with trades of clients are kept.
    static let touchedCapacity = 20_000

    let instrument: InstrumentID
    /// Minutes without a gap, oldest first; the last one is still open.
    private(set) var minutes: [MarketCandle] = []
    private var touched: [Int64: MarketCandle] = [:]
    private var isTouched = false
    private var touchedMinutes: [Int64] = []

    init(instrument: InstrumentID) { self.instrument = instrument }

    /// Puts minutes of before the start in.
    mutating func begin(with history: [MarketCandle]) { minutes = history }

    /// Takes a trade in; minutes in between are flat.
    mutating func take(_ trade: PublicTrade) {
        roll(to: trade.time)
        if minutes.isEmpty { minutes.append(MarketCandle(openTime: CandleInterval.oneMinute.open(trade.time))) }
        minutes[minutes.count - 1].take(
            price: trade.price, quantity: trade.quantity, takerIsBuyer: !trade.isBuyerMaker, id: trade.id)
        if trade.taker != 0 { isTouched = true }
    }

    /// Opens the minute that holds `time`, so that those before it are closed.
    mutating func roll(to time: Timestamp) {
        let open = CandleInterval.oneMinute.open(time)
        while let last = minutes.last, last.openTime < open {
            if isTouched { remember(last) }
            minutes.append(MarketCandle(openTime: last.openTime.adding(seconds: 60), flatAt: last.close))
            if minutes.count > CandleBook.capacity + 500 { minutes.removeFirst(500) }
        }
    }

    private mutating func remember(_ minute: MarketCandle) {
        isTouched = false
        let number = minute.openTime.seconds / 60
        touched[number] = minute
        touchedMinutes.append(number)
        guard touchedMinutes.count > CandleBook.touchedCapacity else { return }
        for old in touchedMinutes.prefix(1_000) { touched[old] = nil }
        touchedMinutes.removeFirst(1_000)
    }

    /// The sum of the last `count` minutes, the open one included. O(count).
    func window(minutes count: Int) -> MarketCandle? {
        guard let first = minutes.suffix(count).first else { return nil }
        var sum = MarketCandle(openTime: first.openTime, flatAt: first.open)
        for minute in minutes.suffix(count) { sum.take(minute) }
        return sum
    }

    /// The candle of `interval` that is open or was the last to close before `time`, from the minutes kept.
    func candle(_ interval: CandleInterval, opening open: Timestamp, _ history: MarketHistory) -> MarketCandle {
        sum(from: open, to: interval.next(after: open), history)
    }

    /// The sum of the minutes in [from, to), as far as they have been told. O(minutes).
    func sum(from: Timestamp, to: Timestamp, _ history: MarketHistory) -> MarketCandle {
        var sum = MarketCandle(openTime: from)
        var time = from
        let kept = minutes.first?.openTime ?? to
        // Whole hours of the past are remembered by the history.
        while time < min(kept, to) {
            let hour = time.adding(seconds: 3_600)
            if time.seconds % 3_600 == 0, hour <= min(kept, to), !hasTouched(time) {
                sum.take(history.hour(instrument, time))
                time = hour
            } else {
                sum.take(touched[time.seconds / 60] ?? history.minute(instrument, time))
                time = time.adding(seconds: 60)
            }
        }
        if time >= kept, let first = minutes.first {
            let start = Int(max(0, time.seconds - first.openTime.seconds) / 60)
            let end = Int(max(0, to.seconds - first.openTime.seconds + 59) / 60)
            let places = min(start, minutes.count)..<max(min(start, minutes.count), min(end, minutes.count))
            for index in places { sum.take(minutes[index]) }
            // Nothing has traded yet in a candle that has just begun.
            if sum.isEmpty, let last = minutes[places].last ?? minutes.last {
                return MarketCandle(openTime: from, flatAt: last.close)
            }
        }
        return sum
    }

    private func hasTouched(_ hour: Timestamp) -> Bool {
        guard !touchedMinutes.isEmpty else { return false }
        let first = hour.seconds / 60
        return (first..<first + 60).contains { touched[$0] != nil }
    }
}
