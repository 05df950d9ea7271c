import Ingestion
import Market
import Trading

// Market data: to the venue, to the kernel, to the screen.
extension EngineCore {
    /// Takes in one update of the stretch that was written down.
    func take(_ update: MarketUpdate) {
        let started = EngineClock.monotonic()
        switch update {
        case .quote(let id, let quote):
            exchange.quote(id, quote)
            markets[id.index].add(quote)
        case .print(let id, let print, let minute):
            exchange.print(id, print)
            markets[id.index].add(print, minute: minute)
            check(id, print.price, at: print.time)
        case .late(let id, let prints, let forming):
            markets[id.index].add(late: prints, forming: forming)
        case .depth(let id, let depth):
            markets[id.index].add(depth)
        case .book(let id, let depth):
            exchange.book(id, depth)
            markets[id.index].add(depth)
        case .bookLost(let id, let time):
            exchange.book(id, BookDepth(time: time, bids: [], asks: []))
        case .minute(let id, let candle):
            // First what acts, then what is looked at: an order must not wait for a day's high.
            exchange.minute(id, candle)
            markets[id.index].close(candle)
            keep([candle], id)
        case .bar(let id, let candle):
            exchange.bar(id, feed.timeframe, candle)
            markets[id.index].close(candle, timeframe: feed.timeframe)
            check(id, candle.close, at: candle.closeTime(feed.timeframe))
        case .missed(let id, let minutes):
            missed(id, minutes)
        case .filled(let id, let minutes):
            filled(id, minutes)
        case .revised(let id, let candle):
            markets[id.index].close(candle)
        case .link(let state):
            linkChanged(state)
        case .remark(let kind, let text, let isWarning):
            raise(isWarning ? .warning : .info, kind, "\(feed.source.text): \(text)")
        case .timer(let time):
            exchange.timer(time)
        case .finished(let time):
            finishFeed(at: time)
        }
        settle()
        health.record(stepNanoseconds: EngineClock.monotonic() - started)
    }

    /// Ends the session's market: nothing more will come. What works at the venue of a replay is cancelled, since its
    /// account ends with it; elsewhere it stays for the next session.
    func finishFeed(at time: Timestamp) {
        guard !isFeedFinished else { return }
        isFeedFinished = true
        if isEphemeral {
            exchange.endOfData()
            settle()
        }
        for index in feed.instruments.indices { markets[index].set(.finished) }
        let text = isEphemeral ? "the recording is over" : "the market has come to its end"
        log.write(.info, "\(text) at \(time)", at: time)
        notices.post(.info, text)
        isChanged = true
        marketFinished?()
    }

    private func check(_ id: InstrumentID, _ price: Price, at time: Timestamp) {
        for level in priceAlerts.take(id, at: price) {
            let instrument = instruments[id.index]
            raise(
                Alert(
                    time: time, priority: .warning, kind: "price-alert",
                    text: "\(instrument.pair) traded at \(instrument.text(price)), "
                        + "\(level.firesAbove ? "at or above" : "at or below") \(instrument.text(level.price))",
                    instrument: id))
            store(priceAlerts.text(instruments), for: PriceAlerts.key)
        }
    }

    // MARK: Strategies and their candles

    /// Loads the history of every instrument for the charts, and lets the strategies know what they missed. Once, before
    /// the first update.
    func begin(at time: Timestamp) {
        now = time
        for index in feed.instruments.indices {
            do {
                let history = try feed.history(index)
                markets[index].load(history: history, timeframe: feed.timeframe)
                keep(history, InstrumentID(index))
            } catch {
                raise(.warning, "no-history", error.description, instrument: InstrumentID(index))
            }
        }
        // Before anything acts on what may not be true.
        if isResumed {
            forgetPrices()
            reconcileAtStart()
        }
        if tradesAtVenue { comparison.next = EngineClock.monotonic() + EngineCore.questionPause }
        // Killed before the market's first word, an engine may not have come to the end of warming up.
        if isResumed && exchange.log.position > 0 { catchUp() } else { warmUp() }
        // A session that goes on enabled its strategies by this gate.
        if !isResumed { applyGateAtStart() }
        adoptOutsideChanges()
        log.write(.info, "the engine started with \(kernel.registrations.count) strategies", at: commandTime)
        refresh()
    }

    /// On paper no order meets the quotes of before in a market that went on while nobody listened.
    private func forgetPrices() {
        guard feed.goesOnUnheard else { return }
        let forgotten = instruments.indices.map { MarketUpdate.bookLost(InstrumentID($0), feed.time) }
        guard exchange.begin(forgotten, upTo: feed.time) else { return }
        for update in forgotten { take(update) }
    }

    /// The first session on an account: strategies see the history, held instruments get a mark.
    private func warmUp() {
        markWithHistory()
        // Registering again changes nothing but what the strategy has seen; what is stored of it stays as it is. A
        // position that lost its protective orders gets them back here.
        isWarmingUp = true
        for registration in kernel.registrations {
            subscribe(registration)
            exchange.command(.register(registration, history: history(registration)), at: commandTime)
            settle()
        }
        isWarmingUp = false
    }

    /// A session that goes on: strategies are as they were and see, as history, what closed while no engine ran. Where
    /// that is more than the history holds they begin anew with it.
    private func catchUp() {
        for registration in kernel.registrations { subscribe(registration) }
        guard feed.followsWallClock, let last = lastHeardMinute else { return }
        var hasGap = false
        for index in feed.instruments.indices {
            let id = InstrumentID(index)
            let minutes = markets[index].view.minutes
            let missed = minutes.filter { $0.openTime >= last }
            guard let first = missed.first else { continue }
            hasGap = true
            catchUp(id, missed, isWhole: first.openTime == last)
        }
        if hasGap { markWithHistory() }
    }

    /// Lets the strategies of an instrument see minutes that closed while nobody listened, as the past: nothing is traded on
    /// them. Where they do not join what was seen before, strategies begin anew with the whole history.
    private func catchUp(_ id: InstrumentID, _ missed: [Candle], isWhole: Bool) {
        var closed: [(timeframe: Timeframe, candles: [Candle])] = []
        for candle in missed {
            for (timeframe, candle) in exchange.missed(id, candle) {
                if let place = closed.firstIndex(where: { $0.timeframe == timeframe }) {
                    closed[place].candles.append(candle)
                } else {
                    closed.append((timeframe, [candle]))
                }
            }
        }
        for registration in kernel.registrations where registration.instrument == id {
            if !isWhole {
                exchange.command(.register(registration, history: history(registration)), at: commandTime)
            } else if let candles = closed.first(where: { $0.timeframe == registration.timeframe })?.candles {
                exchange.command(.catchUp(registration.id, candles: candles), at: commandTime)
            }
        }
        settle()
    }

    /// Takes in minutes that a running session missed.
    private func missed(_ id: InstrumentID, _ minutes: [Candle]) {
        guard let first = minutes.first else { return }
        let last = markets[id.index].view.minutes.last
        for candle in minutes { markets[id.index].close(candle) }
        catchUp(id, minutes, isWhole: last.map { $0.closeTime(.oneMinute) == first.openTime } ?? true)
    }

    /// Takes in minutes that come behind later ones, which strategies saw without them: they begin anew with a history that
    /// has no hole there.
    private func filled(_ id: InstrumentID, _ minutes: [Candle]) {
        for candle in minutes { markets[id.index].close(candle) }
        for registration in kernel.registrations where registration.instrument == id {
            exchange.command(.register(registration, history: history(registration)), at: commandTime)
        }
        settle()
    }

    /// Says what became of the connection to the market.
    private func linkChanged(_ state: LinkState) {
        isChanged = true
        let venue = feed.source.text
        switch state {
        case .connecting: break
        case .live:
            if isLinkLost { raise(.info, "feed-back", "\(venue): data come again") }
            isLinkLost = false
        case .lost(let reason):
            guard !isLinkLost else { return }
            isLinkLost = true
            raise(
                .warning, "feed-lost",
                "\(venue): the connection was lost (\(reason)); nothing opens on old data until it is back")
        }
    }

    /// The open time of the first minute that the last session did not see closed.
    private var lastHeardMinute: Timestamp? {
        exchange.marketTime > .epoch ? exchange.marketTime.floored(to: .oneMinute) : nil
    }

    /// Gives the kernel the prices that are known before the first event, so that what is held is valued and orders can be
    /// sized: the last candle of the history, or the entry price of what is held without one. The venue doesn't see them.
    ///
    /// The minute that has just closed is as new as the session; an older candle is as old as it is. A price that is known
    /// already gives way to a later one only.
    private func markWithHistory() {
        for index in instruments.indices {
            let id = InstrumentID(index)
            let last = markets[index].view.minutes.last
            let isMarked = kernel.mark(id) != nil
            var heard = feed.startTime
            if let close = last?.closeTime(.oneMinute) {
                if isMarked && close <= exchange.marketTime { continue }
                if close.adding(seconds: 60) < heard { heard = close }
            } else if isMarked {
                continue
            }
            let held = kernel.positions.first { $0.instrument == id && !$0.isFlat }
            guard let price = last?.close ?? held?.averagePrice(instruments[index]), price.mantissa > 0 else {
                continue
            }
            exchange.mark(id, Quote(time: heard, bid: price, ask: price, bidSize: .zero, askSize: .zero))
        }
        settle()
    }

    /// Stores closed minutes of the synthetic market, where that is asked for.
    private func keep(_ candles: [Candle], _ id: InstrumentID) {
        // A venue's market stores its own, and elsewhere.
        guard configuration.storesCandles, configuration.account == nil, !isEphemeral, !candles.isEmpty else { return }
        record(.candles(candles, instruments[id.index]))
    }

    /// Sees to it that the candles a strategy listens to are derived.
    func subscribe(_ registration: StrategyRegistration) {
        exchange.subscribe(
            CandleSubscription(
                registration.instrument, registration.timeframe,
                recent: markets[registration.instrument.index].view.minutes))
    }

    /// The closed candles that a strategy may have seen by now.
    func history(_ registration: StrategyRegistration) -> [Candle] {
        CandleSubscriptions.history(
            markets[registration.instrument.index].view.minutes, base: feed.timeframe,
            timeframe: registration.timeframe)
    }

    private func refresh() {
        isChanged = true
        areOrdersChanged = true
    }
}

extension EngineCore {
    /// The wall clock did not pass as time did.
    func clockStepped(_ nanoseconds: Int64) {
        let seconds = Double(nanoseconds / 1_000_000) / 1_000
        raise(
            .warning, "clock-step",
            "the clock stepped \(seconds < 0 ? "back" : "ahead") by \(abs(seconds)) s; "
                + (seconds < 0
                    ? "the engine's time goes on at half its pace until they agree"
                    : "it is followed once it has stood there for ten seconds"))
    }

    /// The session ends: whoever still waits is answered, a last snapshot comes out.
    func end() {
        for waiting in waiting {
            if let order = kernel.order(waiting.order) { tell(.order(order, waiting.verdict), waiting.reply) }
        }
        waiting = []
        storePeaks()
        endSession()
        log.write(.info, "the engine stopped", at: commandTime)
        publishNow()
    }

    /// Connects the background runs.
    func connect(_ runner: BacktestRunner) {
        runBacktest = { runner.run($0) }
        cancelBacktest = { runner.cancel($0) }
    }

    /// Shows the runs of earlier sessions behind those of this one.
    func backtestsLoaded(_ views: [BacktestView]) {
        let known = backtests.map(\.id)
        backtests += views.filter { !known.contains($0.id) }
        isChanged = true
    }

    /// Shows how a background run stands.
    func backtestChanged(_ view: BacktestView, replacing id: Int64) {
        if let index = backtests.firstIndex(where: { $0.id == id }) {
            backtests[index] = view
        } else {
            backtests.insert(view, at: 0)
        }
        if backtests.count > 200 { backtests.removeLast() }
        switch view.state {
        case .done: notices.post(.info, "the backtest of \(view.request.classTitle) is done")
        case .failed(let reason): notices.post(.error, "the backtest of \(view.request.classTitle) failed: \(reason)")
        case .running, .cancelled: break
        }
        isChanged = true
    }
}
