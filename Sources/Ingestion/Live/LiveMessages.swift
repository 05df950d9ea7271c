import Market
import Venues

// What a venue says: decoded, checked, and told on.
extension LiveMarketState {
    mutating func heard(_ bytes: UnsafeRawBufferPointer, _ number: Int, at now: Timestamp) {
        time = now
        tape?.add(.text, number, [], bytes, at: now)
        // What a connection said before it ended, and comes late, was told by its successor.
        guard connections[number] != nil else { return }
        do throws(StreamDamage) {
            let message = try connections[number]!.decoder.decode(bytes)
            take(message, number, at: now)
        } catch {
            damage(error, number)
        }
    }

    mutating func take(_ message: MarketMessage, _ number: Int, at now: Timestamp) {
        switch message {
        case .depth:
            let place = connections[number]!.decoder.depth.instrument
            hear(place, number, sent: connections[number]!.decoder.depth.time, at: now)
            connections[number]!.silence.noteChange(place)
            markets[place].depthPatience = LiveMarketState.depthPatience
            takeDepth(place, connections[number]!.decoder.depth, at: now)
        case .bookTicker(let ticker):
            hear(ticker.instrument, number, sent: nil, at: now)
            connections[number]!.silence.noteOther(ticker.instrument)
            takeTicker(ticker, number, at: now)
        case .trade(let trade):
            hear(trade.instrument, number, sent: trade.eventTime, at: now)
            connections[number]!.silence.noteOther(trade.instrument)
            takeTrade(trade, at: now)
        case .kline(let kline):
            hear(kline.instrument, number, sent: kline.eventTime, at: now)
            compareTrades(kline)
            if kline.isClosed, kline.timeframe == .oneMinute { takeMinute(kline, at: now) }
        case .serverShutdown: demands.append(.replace(number))
        case .answer(let answer):
            if case .refused(_, let message) = answer.outcome {
                queue.append(.remark(kind: "feed-refused", text: "the venue refused a subscription: \(message)"))
            }
        case .aggregateTrade, .other: break
        }
    }

    /// Something of a market came.
    ///
    /// - Parameter sent: the venue's time when it sent it, where it says that.
    mutating func hear(_ place: Int, _ number: Int, sent: Timestamp?, at now: Timestamp) {
        if let sent {
            let isFirst = venueTime.time(at: now) == nil
            venueTime.hear(sent, at: now)
            if isFirst { for place in markets.indices { markets[place].minutes.begin(at: sent) } }
        }
        connections[number]!.lastHeard = now
        connections[number]!.isHeard = true
        quiet = 0
        patience = silentSeconds
        if !isLive {
            isLive = true
            queue.append(.link(.live))
            // What closed meanwhile is asked for at once, or as soon as the venue's time is known.
            for place in markets.indices {
                markets[place].minutes.heardAgain()
                askForMinutes(place, at: now)
            }
        }
        if markets[place].heardOn.insert(number).inserted {
            heed(markets[place].book.streamBegan(), place)
            askAgain(place)
        }
    }

    /// A change of a book came. On one of two connections it may come before the other has brought the one before it.
    mutating func takeDepth(_ place: Int, _ diff: DepthDiff, at now: Timestamp) {
        settleEarly(place, by: diff.time, at: now)
        if markets[place].heardOn.count > 1, markets[place].book.state == .live,
            diff.firstID > markets[place].book.lastID + 1
        {
            return markets[place].early.keep(diff)
        }
        apply(diff, place, at: now)
        settleEarly(place, at: now)
    }

    /// Applies what came early and continues the book now; all of it where what is between does not come any more.
    ///
    /// - Parameter sent: the venue's time.
    mutating func settleEarly(_ place: Int, by sent: Timestamp? = nil, at now: Timestamp) {
        guard markets[place].early.first != nil else { return }
        let isOver =
            markets[place].heardOn.count < 2 || (sent.map { markets[place].early.isOver(at: $0) } ?? false)
        while let next = markets[place].early.first {
            guard
                isOver || markets[place].book.state != .live || next.firstID <= markets[place].book.lastID + 1
            else { return }
            markets[place].early.removeFirst()
            apply(next, place, at: now)
        }
    }

    private mutating func apply(_ diff: DepthDiff, _ place: Int, at now: Timestamp) {
        // Behind changes that are missing nobody knows what the book was like.
        if diff.firstID <= markets[place].book.lastID + 1 {
            if let feature = markets[place].sample(before: diff.time) { features.append((place, feature)) }
        } else {
            markets[place].sampler.pass(over: diff.time)
        }
        let step = markets[place].book.apply(diff)
        if case .wantsSnapshot(.stale(.gap)) = step { gaps += 1 }
        heed(step, place)
        askAgain(place)
        guard markets[place].book.state == .live, step != .ignored else { return }
        settleLag(place, at: now)
        judge(markets[place].tops.note(markets[place].book), place)
        show(place, at: now)
    }

    mutating func show(_ place: Int, at now: Timestamp) {
        guard var depth = markets[place].book.depth(levels: shownLevels) else { return }
        depth.time = now
        queue.append(.depth(place, depth))
    }

    mutating func takeTicker(_ ticker: BookTicker, _ number: Int, at now: Timestamp) {
        let isFirst = markets[ticker.instrument].tickersOn.insert(number).inserted
        guard ticker.updateID > markets[ticker.instrument].lastTicker else { return }
        markets[ticker.instrument].lastTicker = ticker.updateID
        // A connection leaves none out from its first one on; what is between that and the last of another was told by the
        // other alone, or still comes on it and is passed over.
        if isFirst { markets[ticker.instrument].tops.reset() }
        judge(markets[ticker.instrument].tops.note(ticker), ticker.instrument)
        compareLag(ticker, at: now)
        guard let quote = ticker.quote(at: now), quote.bid < quote.ask else { return }
        queue.append(.quote(ticker.instrument, quote))
    }

    /// Tells a minute that was made from trades, where there are none of the venue; one that lacks trades is none.
    mutating func tell(made minute: BuiltCandle, _ place: Int, at now: Timestamp) {
        guard makesMinutes, minute.isWhole else { return }
        tell(place, markets[place].minutes.close(minute.candle, at: venueTime.time(at: now) ?? now))
    }

    mutating func takeMinute(_ kline: StreamKline, at now: Timestamp) {
        let place = kline.instrument
        guard kline.candle.isConsistent else {
            return queue.append(
                .remark(
                    kind: "candle-damaged",
                    text:
                        "\(instruments[place].pair) \(kline.candle.openTime): the venue's candle contradicts itself; it "
                        + "is asked for again"))
        }
        // A last trade may still be on its way; what contradicts a minute later does so for good.
        let settled = markets[place].suspects.filter { $0.key < kline.candle.openTime }
        for (time, fields) in settled.sorted(by: { $0.key < $1.key }) {
            markets[place].suspects[time] = nil
            queue.append(
                .remark(
                    kind: "candle-differs",
                    text: "\(instruments[place].pair) \(time): the venue's candle and its trades differ in \(fields); "
                        + "the venue's counts"))
        }
        if let verdict = markets[place].check.note(kline) { judge(verdict, place) }
        if let built = markets[place].candles.close(at: kline.candle.closeTime(.oneMinute)),
            let verdict = markets[place].check.note(built)
        {
            judge(verdict, place)
        }
        tell(place, markets[place].minutes.close(kline.candle, at: venueTime.time(at: now) ?? now))
        askForMinutes(place, at: now)
    }

    mutating func judge(_ verdict: CandleCheck.Verdict, _ place: Int) {
        switch verdict.result {
        case .differs(let fields): markets[place].suspects[verdict.openTime] = fields
        case .equal, .incomplete: markets[place].suspects[verdict.openTime] = nil
        }
    }

    mutating func damage(_ damage: StreamDamage, _ number: Int) {
        connections[number]!.damaged += 1
        let count = connections[number]!.damaged
        if count == 1 || count == LiveMarketState.mostDamaged {
            queue.append(.remark(kind: "feed-damaged", text: "a message can't be read: \(damage)"))
        }
        // Nobody knows of which book it was.
        for place in markets.indices { heed(markets[place].book.markStale(.damaged), place) }
        if count == LiveMarketState.mostDamaged { demands.append(.replace(number)) }
    }

    /// A book whose top is not the venue's is no book.
    mutating func judge(_ result: TopCheck.Result, _ place: Int) {
        guard case .disagreed = result else { return }
        heed(markets[place].book.markStale(.disagreed), place)
    }

    /// Has a book asked for that wants to be, unless it is already.
    mutating func heed(_ step: BookStep, _ place: Int) {
        guard case .wantsSnapshot(let reason) = step else { return }
        if case .stale = reason {
            markets[place].lag.reset()
            withdraw(place)
        }
        guard !markets[place].isAskingForBook else { return }
        markets[place].isAskingForBook = true
        demands.append(.book(place, losses: losses))
    }
}
