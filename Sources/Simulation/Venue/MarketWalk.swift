public import Market
public import Trading

extension SimulatedVenue {
    /// The prices that an order meets which comes in now: the point of the walk, the last quote, or none yet.
    func currentPoint(_ index: Int) -> MarketPoint? {
        if walk.instrument == index {
            switch walk.stage {
            case .point: return walk.point
            case .path: return MarketPoint(traded: walk.cursor)
            case .idle: break
            }
        }
        return markets[index].quote.map { MarketPoint(bid: $0.bid, ask: $0.ask, traded: nil) }
    }

    // MARK: - Events

    /// Takes what marks an instrument during its next bar.
    mutating func takeMark(_ candle: Candle, _ index: Int) {
        // From now on every bar is looked at while anything is held.
        if markets[index].mark == nil { markets[index].quietLow = .max }
        markets[index].markBefore = markets[index].mark?.close
        markets[index].mark = candle
    }

    /// Starts a bar: orders meet its open first, then its path, by calls of `advance`. A quote from before the first bar
    /// is forgotten.
    ///
    /// - Returns: whether there is anything to walk; `endBar` must follow the walk. Without working orders there isn't,
    ///   and the bar is done.
    @inline(__always)
    public mutating func beginBar(_ instrument: InstrumentID, _ candle: Candle) -> Bool {
        if markets[instrument.index].quote != nil { markets[instrument.index].quote = nil }
        if isQuiet(instrument) && !isMargined {
            markets[instrument.index].last = candle.close
            return false
        }
        return startBar(instrument, candle)
    }

    private mutating func startBar(_ instrument: InstrumentID, _ candle: Candle) -> Bool {
        let isEmpty = candle.volume.isZero && candle.high == candle.low
        if isEmpty && !options.fillsInEmptyBars {
            markets[instrument.index].last = candle.close
            return false
        }
        let session = conditions.sessions?.place(of: candle.openTime)
        if conditions.sessions != nil, session == nil {
            markets[instrument.index].last = candle.close
            return false
        }
        cancelDue(before: candle.openTime, time: candle.openTime)
        wake(instrument.index)
        begin(instrument.index, MarketPoint(traded: candle.open), at: candle.openTime)
        walk.isAuction = session?.isOpening ?? false
        if let latency = conditions.latency { walk.end = candle.openTime.adding(nanoseconds: latency.bar) }
        walk.bar = candle
        if let share = options.participation {
            let volume = candle.volume.share(share).mantissa
            markets[instrument.index].buyable = volume
            markets[instrument.index].sellable = volume
        }
        return true
    }

    /// Takes note of the close of a bar that was walked. Orders that come in now wait for the next bar.
    public mutating func endBar(_ instrument: InstrumentID, close: Price) {
        markets[instrument.index].last = close
        if isMargined { liquidationRanges[instrument.index] = liquidationBounds(instrument.index) }
        let (low, high) = quietRange(instrument.index)
        markets[instrument.index].quietLow = low
        markets[instrument.index].quietHigh = high
    }

    /// Whether nothing can happen in a bar: no order works, or the bar reaches none of them.
    @inline(__always)
    public func isUntouched(_ instrument: InstrumentID, by candle: Candle) -> Bool {
        if isQuiet(instrument) && !isMargined { return true }
        let index = instrument.index
        return candle.low.mantissa > markets[index].quietLow && candle.high.mantissa < markets[index].quietHigh
    }

    // Inlined: a call would copy the whole venue.
    /// The range that a bar must keep within to reach no working order of an instrument.
    @inline(__always)
    private func quietRange(_ index: Int) -> (low: Int64, high: Int64) {
        let tick = instruments[index].rules.tick.mantissa
        var (low, high) = isMargined ? liquidationRanges[index] : (Int64.min, Int64.max)
        // Where other prices mark, those of the bar say nothing of what is liquidated.
        if isMargined, markets[index].mark != nil {
            if holdings[index].contains(where: { !$0.quantity.isZero }) { return (.max, .min) }
            (low, high) = (.min, .max)
        }
        for order in books[index] {
            if order.isArriving || order.isAtMarket || order.isAsleep { return (.max, .min) }
            let isBuy = order.request.side == .buy
            if order.isWaitingForTrigger {
                guard let trigger = order.wakingPrice(tick: instruments[index].rules.tick) else { return (.max, .min) }
                let isBelow = isBuy == order.request.type.isTarget
                if isBelow { low = max(low, trigger.mantissa) } else { high = min(high, trigger.mantissa) }
                // A better price moves its trigger.
                guard let best = order.best?.mantissa else { continue }
                if isBuy { low = max(low, best - 1) } else { high = min(high, best + 1) }
            } else if let limit = order.request.limitPrice {
                if isBuy { low = max(low, limit.mantissa - tick) } else { high = min(high, limit.mantissa + tick) }
            }
        }
        return (low, high)
    }

    /// Takes a new best bid and ask; orders meet it by calls of `advance`.
    ///
    /// - Returns: whether there is anything to walk. A quote without a positive bid not above the ask is passed over.
    public mutating func beginQuote(_ instrument: InstrumentID, _ quote: Quote) -> Bool {
        guard quote.bid.mantissa > 0, quote.bid <= quote.ask else { return false }
        let index = instrument.index
        markets[index].quote = quote
        markets[index].last = quote.mid
        if let share = options.participation {
            markets[index].buyable = quote.askSize.share(share).mantissa
            markets[index].sellable = quote.bidSize.share(share).mantissa
        }
        if displays[index].isKnown { noteQuote(quote, index) }
        if books[index].isEmpty && !isMargined { return false }
        wake(index)
        begin(index, MarketPoint(bid: quote.bid, ask: quote.ask, traded: nil), at: quote.time)
        return true
    }

    /// Takes a print of the tape; orders meet it by calls of `advance`.
    ///
    /// - Returns: whether there is anything to walk.
    public mutating func beginPrint(_ instrument: InstrumentID, _ print: TradePrint) -> Bool {
        guard print.price.mantissa > 0 else { return false }
        let index = instrument.index
        markets[index].last = print.price
        notePrint(print, index)
        if books[index].isEmpty { return false }
        if let share = options.participation {
            let volume = print.quantity.share(share).mantissa
            markets[index].buyable = volume
            markets[index].sellable = volume
        }
        wake(index)
        let quote = markets[index].quote
        begin(
            index, MarketPoint(bid: quote?.bid ?? print.price, ask: quote?.ask ?? print.price, traded: print.price),
            at: print.time)
        tape = TapeEvent(side: print.aggressor == .buy ? .sell : .buy)
        return true
    }

    private mutating func begin(_ index: Int, _ point: MarketPoint, at time: Timestamp) {
        walk.stage = .point
        walk.instrument = index
        walk.point = point
        walk.time = time
        walk.event += 1
        walk.bar = nil
        walk.isAuction = false
        tape = nil
        markets[index].quietLow = .max
    }

    private mutating func wake(_ index: Int) {
        for position in books[index].indices where books[index][position].isAsleep {
            books[index][position].isAsleep = false
        }
    }

    // MARK: - Walking

    /// Goes on to the next thing that happens to an order, if anything more does.
    ///
    /// - Returns: whether something happened; its reports wait in `nextReport`. `false` ends the event.
    public mutating func advance() -> Bool {
        let before = reports.count
        while walk.stage == .point {
            if isMargined, liquidateAtPoint() { return true }
            guard
                let position = books[walk.instrument].firstIndex(where: {
                    $0.metEvent != walk.event && hasArrived($0)
                })
            else {
                cancelDue(before: walk.end, time: walk.time)
                if let bar = walk.bar { enterPath(bar) } else { walk.stage = .idle }
                if reports.count > before { return true }
                break
            }
            books[walk.instrument][position].metEvent = walk.event
            meet(position, of: walk.instrument, at: walk.point, time: walk.time)
            if reports.count > before { return true }
        }
        while walk.stage == .path {
            let next = nextOnLeg()
            if isMargined, liquidateOnLeg(before: next?.price) { return true }
            if let (position, price) = next {
                walk.cursor = price
                meetInside(position, of: walk.instrument, at: price)
                if reports.count > before { return true }
            } else {
                leaveLeg()
            }
        }
        return false
    }

    private mutating func enterPath(_ bar: Candle) {
        // What came in while the open was met works by now: without it nothing is left that the path could reach.
        if books[walk.instrument].isEmpty && !isMargined {
            walk.stage = .idle
            return
        }
        // Orders are met again inside the bar, as often as they can fill there.
        walk.event += 1
        walk.stage = .path
        walk.owner = nil
        if options.path.isByOwner {
            startNextOwner(bar)
        } else {
            startLegs(bar, lowFirst: isLowFirst(bar, holding: .zero))
        }
    }

    private mutating func leaveLeg() {
        let end = walk.leg == 0 ? walk.ends.0 : walk.leg == 1 ? walk.ends.1 : walk.ends.2
        for position in books[walk.instrument].indices {
            let order = books[walk.instrument][position]
            guard order.request.trailing != nil, order.isWaitingForTrigger, walk.owner ?? order.owner == order.owner,
                hasArrived(order)
            else { continue }
            books[walk.instrument][position].follow(end)
            // Only what moves with the price can be reached on the way back from a leg's end.
            walk.cursor = end
        }
        walk.leg += 1
        if walk.leg < 3 { return }
        if options.path.isByOwner, let bar = walk.bar { startNextOwner(bar) } else { walk.stage = .idle }
    }

    /// Turns to the owner with the next higher number that has an order in the book; ends the walk after the last.
    private mutating func startNextOwner(_ bar: Candle) {
        var next: StrategyID?
        for order in books[walk.instrument] {
            if let owner = walk.owner, order.owner <= owner { continue }
            if next == nil || order.owner < next! { next = order.owner }
        }
        if isMargined { next = nextHolder(before: next) }
        guard let next else {
            walk.stage = .idle
            return
        }
        walk.owner = next
        let held = holding(next, InstrumentID(walk.instrument))
        startLegs(bar, lowFirst: isLowFirst(bar, holding: held))
    }

    private func isLowFirst(_ bar: Candle, holding: Quantity) -> Bool {
        switch options.path {
        case .optimistic: return isLowKind(bar, holding: holding)
        case .highFirst: return false
        case .lowFirst: return true
        case .pessimistic where !holding.isZero: return holding.mantissa > 0
        case .pessimistic, .nearestExtremeFirst:
            return (bar.open - bar.low) <= (bar.high - bar.open)
        }
    }

    /// Whether the low comes first on the kindest way: before the high for who is short, or will buy.
    private func isLowKind(_ bar: Candle, holding: Quantity) -> Bool {
        if !holding.isZero { return holding.mantissa < 0 }
        guard let order = books[walk.instrument].first(where: { $0.owner == walk.owner }) else {
            return (bar.open - bar.low) <= (bar.high - bar.open)
        }
        return order.request.side == .buy
    }

    private mutating func startLegs(_ bar: Candle, lowFirst: Bool) {
        let (first, second) = lowFirst ? (bar.low, bar.high) : (bar.high, bar.low)
        // The pessimist comes back to the extreme that hurts, for stops that an entry inside the bar brought up.
        walk.ends = (first, second, options.path == .pessimistic ? first : bar.close)
        walk.markEnds = markets[walk.instrument].mark.map { mark in
            let (first, second) = lowFirst ? (mark.low, mark.high) : (mark.high, mark.low)
            return (first, second, options.path == .pessimistic ? first : mark.close)
        }
        walk.leg = 0
        walk.cursor = bar.open
    }
}
