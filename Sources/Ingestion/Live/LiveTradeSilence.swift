import Market
import Venues

// Trades that come no more, though their connection stands, and trades that the venue counts anew.
extension LiveMarketState {
    /// How far behind the last trade the venue's last one must be to say that it counts anew: what is told out of its order is
    /// near.
    private static let farBehind: UInt64 = 100

    /// The venue's candle, closed or running, names the last trade that it is made of.
    mutating func compareTrades(_ kline: StreamKline) {
        guard kline.timeframe == .oneMinute, let last = kline.trades?.upperBound else { return }
        let place = kline.instrument
        restart(place, kline, last)
        markets[place].tradeSilence.note(candle: last, last: markets[place].lastTrade)
    }

    /// A second has passed: where trades stay behind candles, what is missing is noted, and another connection is made.
    mutating func replaceMute(at now: Timestamp) {
        for place in markets.indices {
            let newest = markets[place].tradeSilence.newest
            guard markets[place].tradeSilence.tick(), let newest else { continue }
            noteUnheard(place, upTo: newest, at: now)
            queue.append(
                .remark(
                    kind: "trades-silent",
                    text:
                        "\(instruments[place].pair): candles and no trades come; nothing acts on trades until another "
                        + "connection is made"))
            for number in connections.keys.sorted() {
                guard let connection = connections[number], connection.replace != nil, !connection.isReplaced else {
                    continue
                }
                demands.append(.replace(number))
            }
        }
    }

    /// Trades up to a number happened and were not heard: they are asked for, and late when they come.
    private mutating func noteUnheard(_ place: Int, upTo id: UInt64, at now: Timestamp) {
        guard let before = markets[place].lastTradeTime, let missing = markets[place].candles.expect(upTo: id) else {
            return
        }
        let time = max(before, venueTime.time(at: now) ?? before)
        markets[place].lastTrade = id
        markets[place].lastTradeTime = time
        note(TradeGaps.Gap(ids: missing, from: before, to: time, found: now), place)
    }

    /// A later minute than that of the last trade ends with a far lower number: the venue counts its trades anew, as one does
    /// that is wiped. What is known of the old ones would take every new one for a repetition.
    private mutating func restart(_ place: Int, _ kline: StreamKline, _ last: UInt64) {
        guard let known = markets[place].lastTrade, let time = markets[place].lastTradeTime,
            kline.candle.openTime > time.floored(to: .oneMinute), last < known, known - last > LiveMarketState.farBehind
        else { return }
        for closure in markets[place].gaps.abandon(markets[place].candles) { tell(closure, place) }
        markets[place].candles = CandleBuilder(instruments[place])
        markets[place].check = CandleCheck()
        markets[place].suspects = [:]
        markets[place].gaps = TradeGaps()
        markets[place].lastTrade = nil
        markets[place].lastTradeTime = nil
        markets[place].tradeSilence.lost()
        queue.append(
            .remark(
                kind: "trades-anew",
                text:
                    "\(instruments[place].pair): the venue counts its trades anew: the last was \(known) and is \(last)"
            ))
    }
}
