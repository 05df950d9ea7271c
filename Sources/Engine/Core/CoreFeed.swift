import Market
import Trading

// Time and the feed: what has happened is written down, then acts.
extension EngineCore {
    /// Takes in what the feed has brought up to `time`.
    ///
    /// - Returns: whether there is more to take in at once.
    func advance(to time: Timestamp) -> Bool {
        if time > now { now = time }
        var isBehind = false
        do {
            isBehind = try takeUpdates()
        } catch {
            raise(.critical, "feed-failed", error.description)
            finishFeed(at: kernel.now)
        }
        everySecond()
        restartStrategies()
        retryRemovals()
        answerWaiting()
        return isBehind
    }

    private func takeUpdates() throws(EngineError) -> Bool {
        if isFeedFinished { return false }
        if !feed.followsWallClock && recorder.backlog > EngineCore.replayBacklog { return false }
        var taken = 0
        while taken < EngineCore.updatesPerSlice {
            if !isStretchWaiting {
                stretch.removeAll(keepingCapacity: true)
                try feed.stretch(until: now, into: &stretch)
                addTimers()
            }
            let isEmpty = stretch.isEmpty
            // What can't be written down must not act: the market waits for the disk.
            isStretchWaiting = !timed.isEmpty && !exchange.begin(timed, upTo: feed.time)
            if isStretchWaiting { return false }
            for update in timed { take(update) }
            if isEmpty { return false }
            taken += timed.count
            if inbox.hasEmergency { return true }
        }
        return true
    }

    /// Puts the beginnings of seconds among what the feed told: before what belongs to the new second, but behind a
    /// recorded candle, which is over when the second begins.
    private func addTimers() {
        timed.removeAll(keepingCapacity: true)
        var lastSecond = exchange.lastSecond
        func timer(_ time: Timestamp) {
            guard time.seconds > lastSecond else { return }
            lastSecond = time.seconds
            timed.append(.timer(Timestamp(seconds: lastSecond)))
        }
        for update in stretch {
            switch update {
            case .quote(_, let quote): timer(quote.time)
            case .print(_, let print, _): timer(print.time)
            case .book(_, let depth): timer(depth.time)
            case .minute(_, let candle): timer(candle.closeTime(.oneMinute))
            case .bar(_, let candle):
                timed.append(update)
                timer(candle.closeTime(feed.timeframe))
                continue
            case .late, .depth, .bookLost, .timer, .finished, .missed, .filled, .revised, .link, .remark: break
            }
            timed.append(update)
        }
        // In a market that stands still time goes on, too.
        timer(feed.time)
    }

    /// Lets a stretch act that somebody else took from the feed; `willAct` is called before each update.
    func takeWhole(_ updates: [MarketUpdate], willAct: () -> Void) {
        stretch = updates
        addTimers()
        guard !timed.isEmpty, exchange.begin(timed, upTo: feed.time) else { return }
        for update in timed {
            willAct()
            take(update)
        }
    }
}
