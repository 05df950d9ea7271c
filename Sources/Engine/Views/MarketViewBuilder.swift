import Market
import Trading

/// Keeps one instrument's `MarketView` up to date from prints, quotes, depths and closed minutes.
struct MarketViewBuilder {
    /// Closed minutes kept: about two weeks.
    static let minuteCapacity = 20_000
    private static let tapeCapacity = 400
    private static let depthHistoryCapacity = 600

    private(set) var view: MarketView
    /// Whether the view changed since it was last taken.
    private(set) var isChanged = true
    private var lastDepthSecond: Int64 = .min

    /// A view of which nothing is known yet; `missing` says what the source lacks.
    init(id: InstrumentID, instrument: Instrument, missing: String? = nil) {
        view = MarketView(id: id, instrument: instrument)
        view.missing = missing
    }

    /// The rules of its orders have changed.
    mutating func set(_ rules: InstrumentRules) {
        view.instrument.rules = rules
        isChanged = true
    }

    /// The view, which counts as unchanged from now on.
    mutating func take() -> MarketView {
        isChanged = false
        return view
    }

    /// Puts closed minutes, oldest first, in front of those there are.
    mutating func load(history: [Candle], timeframe: Timeframe = .oneMinute) {
        var minutes = history
        if let first = view.minutes.first {
            minutes.removeAll { $0.openTime >= first.openTime }
        }
        minutes.append(contentsOf: view.minutes)
        if minutes.count > MarketViewBuilder.minuteCapacity {
            minutes.removeFirst(minutes.count - MarketViewBuilder.minuteCapacity)
        }
        view.minutes = minutes
        if view.last == nil, let last = minutes.last {
            view.last = last.close
            view.lastHeard = last.closeTime(timeframe)
        }
        refreshDay()
        isChanged = true
    }

    /// Takes in a trade.
    ///
    /// - Parameter minute: the newest minute with it, from a source that tells it; where it is `nil` the time of the trade
    ///   says to which minute it belongs.
    mutating func add(_ print: TradePrint, minute: Candle? = nil) {
        heard(print.time)
        view.last = print.price
        view.tape.append(print)
        if view.tape.count >= MarketViewBuilder.tapeCapacity * 2 {
            view.tape.removeFirst(view.tape.count - MarketViewBuilder.tapeCapacity)
        }
        view.dayHigh = view.dayHigh.map { max($0, print.price) } ?? print.price
        view.dayLow = view.dayLow.map { min($0, print.price) } ?? print.price
        view.dayReference = view.dayReference ?? print.price
        if let minute {
            // One of a minute that has closed already forms none.
            if view.minutes.last.map({ $0.openTime < minute.openTime }) ?? true { view.forming = minute }
            return
        }
        let start = print.time.floored(to: .oneMinute)
        let candle = Candle(
            openTime: start, open: print.price, high: print.price, low: print.price, close: print.price,
            volume: print.quantity)
        if var forming = view.forming, forming.openTime == start {
            forming.merge(candle)
            forming.minutes = 1
            view.forming = forming
        } else if view.minutes.last.map({ $0.openTime < start }) ?? true {
            view.forming = candle
        }
    }

    /// Takes in trades that come behind newer ones: each has its place on the tape, between the times at which its
    /// neighbours were heard. What is older than a full tape is left out. O(late + tape).
    ///
    /// - Parameter forming: the running minute with them.
    mutating func add(late prints: [TradePrint], forming: Candle?) {
        isChanged = true
        var tape: [TradePrint] = []
        tape.reserveCapacity(view.tape.count + prints.count)
        var rest = view.tape[...]
        for var print in prints {
            let place = rest.firstIndex { $0.id > print.id } ?? rest.endIndex
            tape += rest[..<place]
            rest = rest[place...]
            if let before = tape.last { print.time = max(print.time, before.time) }
            if let behind = rest.first { print.time = min(print.time, behind.time) }
            tape.append(print)
        }
        tape += rest
        let excess = tape.count - max(view.tape.count, MarketViewBuilder.tapeCapacity)
        view.tape = excess > 0 ? Array(tape.dropFirst(excess)) : tape
        if let forming, forming.openTime == view.forming?.openTime { view.forming = forming }
    }

    /// Takes in the best bid and ask.
    mutating func add(_ quote: Quote) {
        heard(quote.time)
        view.quote = quote
    }

    /// Takes in the visible book; one a second is kept for the heat map.
    mutating func add(_ depth: BookDepth) {
        heard(depth.time)
        view.depth = depth
        view.quote = depth.quote ?? view.quote
        guard depth.time.seconds > lastDepthSecond else { return }
        lastDepthSecond = depth.time.seconds
        view.depthHistory.append(depth)
        if view.depthHistory.count > MarketViewBuilder.depthHistoryCapacity {
            view.depthHistory.removeFirst(view.depthHistory.count - MarketViewBuilder.depthHistoryCapacity)
        }
    }

    /// Takes in the minute that is forming, from a source that gives it ready-made.
    mutating func add(forming candle: Candle, at time: Timestamp) {
        heard(time)
        view.forming = candle
        view.last = candle.close
        view.dayHigh = view.dayHigh.map { max($0, candle.high) } ?? candle.high
        view.dayLow = view.dayLow.map { min($0, candle.low) } ?? candle.low
    }

    /// Takes in a closed candle of the feed's timeframe, a minute as a rule. One that is there already is replaced (a
    /// revision); one that was missing between others gets its place; what is older than the first is left out.
    mutating func close(_ candle: Candle, timeframe: Timeframe = .oneMinute) {
        heard(candle.closeTime(timeframe))
        if let forming = view.forming, forming.openTime <= candle.openTime { view.forming = nil }
        if let last = view.minutes.last, last.openTime >= candle.openTime {
            // It is of one of the last few minutes, or hours where the venue could not be asked.
            if let place = view.minutes.lastIndex(where: { $0.openTime <= candle.openTime }) {
                if view.minutes[place].openTime == candle.openTime {
                    view.minutes[place] = candle
                } else {
                    view.minutes.insert(candle, at: place + 1)
                }
            }
        } else {
            view.minutes.append(candle)
            if view.minutes.count > MarketViewBuilder.minuteCapacity + 512 {
                view.minutes.removeFirst(view.minutes.count - MarketViewBuilder.minuteCapacity)
            }
        }
        if view.forming == nil, view.minutes.last == candle { view.last = candle.close }
        refreshDay()
    }

    /// Brings the status up to date: stale when nothing was heard for `staleAfter` seconds.
    mutating func refreshStatus(now: Timestamp, staleAfter: Int64) {
        let status: FeedStatus
        if view.lastHeard == .epoch {
            status = .waiting
        } else {
            let silence = now.nanoseconds(since: view.lastHeard) / 1_000_000_000
            status = silence > staleAfter ? .stale(seconds: Int(silence)) : .live
        }
        set(status)
    }

    /// Sets the status, for sources that know it themselves.
    mutating func set(_ status: FeedStatus) {
        if view.status != status {
            view.status = status
            isChanged = true
        }
    }

    private mutating func heard(_ time: Timestamp) {
        if view.lastHeard < time { view.lastHeard = time }
        isChanged = true
    }

    /// The extremes and the reference of the 24 hours before the newest minute. O(1,440).
    private mutating func refreshDay() {
        guard let last = view.minutes.last else { return }
        let start = last.closeTime(.oneMinute).adding(nanoseconds: -Timestamp.dayNanoseconds)
        var high = last.high
        var low = last.low
        var reference = last.open
        var index = view.minutes.count - 1
        while index >= 0, view.minutes[index].openTime >= start {
            high = max(high, view.minutes[index].high)
            low = min(low, view.minutes[index].low)
            reference = view.minutes[index].open
            index -= 1
        }
        if let forming = view.forming {
            high = max(high, forming.high)
            low = min(low, forming.low)
        }
        view.dayHigh = high
        view.dayLow = low
        view.dayReference = reference
    }
}
