import Market
import Storage
import Venues

// Trades: told as they come, those that were not heard asked for and put in their place.
extension LiveMarketState {
    mutating func takeTrade(_ trade: StreamTrade, at now: Timestamp) {
        let place = trade.instrument
        markets[place].tradeSilence.note(trade: trade.print.id)
        guard let step = build(place, trade.print, at: now) else { return }
        if let missing = step.missing {
            let before = markets[place].lastTradeTime ?? trade.print.time
            note(
                TradeGaps.Gap(ids: missing, from: before, to: max(before, trade.print.time), found: now), place)
        }
        // A late one is in its candle; what acts goes forward only.
        if let last = markets[place].lastTrade, trade.print.id <= last {
            return queue.append(.late(place, [trade.print], forming: markets[place].candles.current?.candle))
        }
        markets[place].lastTrade = trade.print.id
        markets[place].lastTradeTime = trade.print.time
        var print = trade.print
        print.time = now
        queue.append(.print(place, print, minute: markets[place].candles.newest?.candle))
    }

    /// Puts a trade into its candle, and says what follows from that.
    ///
    /// - Returns: `nil` for one that was there already.
    private mutating func build(_ place: Int, _ print: TradePrint, at now: Timestamp) -> CandleBuilder.Step? {
        let step = markets[place].candles.apply(print)
        guard step.verdict != .duplicate else { return nil }
        if let closed = step.closed {
            if let verdict = markets[place].check.note(closed) { judge(verdict, place) }
            tell(made: closed, place, at: now)
        }
        if let revised = step.revised, let verdict = markets[place].check.note(revised) {
            if case .differs = verdict.result, markets[place].check.isBeyondVenue(revised) {
                // The venue's candle closed without a trade that came late; more of them would have been told of.
                markets[place].suspects[revised.openTime] = nil
                queue.append(.revised(place, revised.candle))
                toStore.append((place, [revised.candle]))
            } else {
                judge(verdict, place)
            }
        }
        return step
    }

    /// Trades came that were asked for; `nil` when they could not be had.
    ///
    /// - Parameters:
    ///   - id: from which number on they were asked for.
    ///   - isFull: whether the venue may have more that would not have gone into the answer.
    mutating func answer(_ place: Int, trades: [TradePrint]?, from id: UInt64, isFull: Bool, at now: Timestamp) {
        time = now
        if let tape {
            tape.add(
                trades == nil ? .noTrades : .trades, place, [Int64(clamping: id), isFull ? 1 : 0],
                bytes: CapturedTrades.bytes(trades ?? [], of: instruments[place]), at: now)
        }
        guard let wanted = markets[place].gaps.wanted(from: id) else { return }
        if let trades {
            let late = trades.filter { wanted.contains($0.id) && build(place, $0, at: now) != nil }
            if !late.isEmpty {
                queue.append(.late(place, late, forming: markets[place].candles.current?.candle))
            }
            markets[place].gaps.answered(fetched: UInt64(late.count), last: trades.last?.id, isFull: isFull)
        }
        askForTrades(place, at: now)
    }

    /// Asks for what is missing, and tells what is over.
    mutating func askForTrades(_ place: Int, at now: Timestamp) {
        guard !markets[place].gaps.open.isEmpty else { return }
        for (gap, missing) in markets[place].gaps.confirmed(at: now, markets[place].candles) {
            log(gap, place, missing: missing)
        }
        let (over, question) = markets[place].gaps.advance(at: now, markets[place].candles)
        for closure in over { tell(closure, place) }
        if let question { demands.append(.trades(place, from: question)) }
    }

    mutating func note(_ gap: TradeGaps.Gap, _ place: Int) {
        if let given = markets[place].gaps.note(gap) { tell(given, place) }
    }

    mutating func tell(_ closure: TradeGaps.Closure, _ place: Int) {
        let gap = closure.gap
        log(gap, place, missing: closure.missing, closure.end)
        // Those that came by themselves after all are only in the log.
        if closure.end == .filled, gap.fetched == 0 { return }
        let stretch = "between \(gap.from) and \(gap.to)"
        let pair = instruments[place].pair
        guard closure.end != .filled else {
            return queue.append(
                .remark(
                    kind: "trades-fetched",
                    text: "\(pair): \(gap.size) trades \(stretch) were not heard; they have been fetched",
                    isWarning: false))
        }
        let reason =
            switch closure.end {
            case .tooLong: "they are too many to be fetched; candles are the venue's"
            case .absent: "the venue does not have them"
            case .filled, .unanswered: "the venue could not be asked for them in time; candles are its own"
            }
        queue.append(
            .remark(
                kind: "trade-gap",
                text: "\(pair): \(closure.missing) of \(gap.size) trades \(stretch) are missing: \(reason)"))
    }

    /// Has a stretch kept, or how it ended. A number beyond what the store counts with is none of a venue's.
    private mutating func log(_ gap: TradeGaps.Gap, _ place: Int, missing: UInt64, _ end: TradeGaps.End? = nil) {
        guard gap.ids.upperBound <= TradeGap.highest else { return }
        let kept = TradeGap(
            of: instruments[place], gap.ids, from: gap.from, to: gap.to, foundAt: gap.found, missing: missing)
        gapsToStore.append(end.map { kept.ended($0.state, missing: missing, at: time) } ?? kept)
    }
}

extension TradeGaps.End {
    /// How the log names it.
    fileprivate var state: TradeGap.State {
        switch self {
        case .filled: .filled
        case .tooLong: .tooLong
        case .absent: .absent
        case .unanswered: .unanswered
        }
    }
}
