import Market
import Trading

extension SimulatedVenue {
    /// An order meets the prices of an instant: it arrives, fills, triggers, or goes on waiting.
    mutating func meet(_ position: Int, of index: Int, at point: MarketPoint, time: Timestamp) {
        let order = books[index][position]
        if isInAuction(order), let limit = order.request.limitPrice {
            meetAuction(position, of: index, limit, point, time: time)
        } else if order.isWaitingForTrigger {
            let price: Price?
            if order.request.trailing == nil {
                price = order.request.triggerPrice
            } else {
                // It follows the price that it would get, and never a print that the quote has not followed yet.
                books[index][position].follow(point.taking(order.request.side))
                let followed = books[index][position]
                price = followed.best == nil ? nil : followed.wakingPrice(tick: instruments[index].rules.tick)
            }
            guard let price, let base = triggeredPrice(order, price, point) else {
                books[index][position].isArriving = false
                return
            }
            self.trigger(position, of: index, base: base, time: time)
        } else if order.isAtMarket || order.isArriving {
            if hasBook(index, at: time) { return arriveAtBook(position, of: index, time: time) }
            arrive(position, of: index, taking: point.taking(order.request.side), time: time)
        } else if let limit = order.request.limitPrice {
            if let place = order.queue, !isInBar(index) {
                meetInQueue(position, of: index, limit, place, point, time: time)
            } else if isTradedThrough(order.request.side, limit, point, index) {
                execute(position, of: index, at: limit, .maker, time: time)
            }
        }
    }

    /// The price that an order turns into a market order at when `point` triggers it, before slippage.
    ///
    /// Stops fill at the worse of their trigger and what is there. Take-profits never fill better than their trigger.
    private func triggeredPrice(_ order: WorkingOrder, _ trigger: Price, _ point: MarketPoint) -> Price? {
        switch (order.request.type.isTarget, order.request.side) {
        case (true, .sell):
            return max(point.bid, point.traded ?? point.bid) >= trigger ? min(trigger, point.bid) : nil
        case (true, .buy):
            return min(point.ask, point.traded ?? point.ask) <= trigger ? max(trigger, point.ask) : nil
        case (false, .sell):
            return point.lowest <= trigger ? point.lowest : nil
        case (false, .buy):
            return point.highest >= trigger ? point.highest : nil
        }
    }

    private mutating func trigger(_ position: Int, of index: Int, base: Price, time: Timestamp) {
        books[index][position].isTriggered = true
        books[index][position].isArriving = true
        report(books[index][position].id, .triggered, at: time)
        if hasBook(index, at: time) { return arriveAtBook(position, of: index, time: time) }
        arrive(position, of: index, taking: base, time: time)
    }

    /// Whether an order rests before the auction that a session opens with.
    private func isInAuction(_ order: WorkingOrder) -> Bool {
        walk.isAuction && walk.stage == .point && !order.isWaitingForTrigger && order.due <= walk.time
    }

    /// A limit in an opening auction fills at the auction's price where that lies a tick or more beyond it, and rests
    /// otherwise: who else stood at the price is not known.
    private mutating func meetAuction(
        _ position: Int, of index: Int, _ limit: Price, _ point: MarketPoint, time: Timestamp
    ) {
        let request = books[index][position].request
        books[index][position].isArriving = false
        if let price = point.traded, isTradedThrough(request.side, limit, point, index) {
            execute(position, of: index, at: price, .maker, time: time)
        } else if request.timeInForce != .goodTilCancelled {
            close(position, of: index, .expired(.notFilledAtOnce), time: time)
        }
    }

    /// Whether a resting limit has traded: a print at least one tick beyond it, or a quote of the other side at it.
    func isTradedThrough(_ side: Side, _ limit: Price, _ point: MarketPoint, _ index: Int) -> Bool {
        let tick = instruments[index].rules.tick
        switch side {
        case .buy:
            if let traded = point.traded { return traded <= limit - tick }
            return point.ask <= limit
        case .sell:
            if let traded = point.traded { return traded >= limit + tick }
            return point.bid >= limit
        }
    }

    /// An order comes to the market: at-market orders and marketable limits take, other limits rest.
    private mutating func arrive(_ position: Int, of index: Int, taking base: Price, time: Timestamp) {
        let order = books[index][position]
        let side = order.request.side
        var taken = taken(position, of: index, at: base, time: time)
        guard let limit = order.request.limitPrice else {
            takenPrice = taken
            execute(position, of: index, at: taken.price, .taker, time: time)
            return
        }
        let isMarketable = side == .buy ? taken.drifted <= limit : taken.drifted >= limit
        guard isMarketable else {
            if order.request.timeInForce == .goodTilCancelled {
                books[index][position].isArriving = false
            } else {
                close(position, of: index, .expired(.notFilledAtOnce), time: time)
            }
            return
        }
        if order.request.isPostOnly { return close(position, of: index, .rejected(.wouldTake), time: time) }
        taken.cap(side, limit)
        takenPrice = taken
        execute(position, of: index, at: taken.price, .taker, time: time)
    }

    /// The price moved by the slippage against a trader of `side`, rounded against them at the price's own scale: it
    /// stands for an average over levels, so it need not be on the tick.
    func slipped(_ price: Price, _ side: Side) -> Price {
        if options.slippage.units == 0 { return price }
        return side == .buy
            ? price.moved(by: options.slippage, rounding: .ceiling)
            : price.moved(by: -options.slippage, rounding: .floor)
    }

    // MARK: - Inside a bar

    /// The order that the price reaches next on the leg being walked, and the price it is reached at.
    ///
    /// Of orders reached at one price stops come first, then the older.
    func nextOnLeg() -> (position: Int, price: Price)? {
        let end = walk.leg == 0 ? walk.ends.0 : walk.leg == 1 ? walk.ends.1 : walk.ends.2
        let isFalling = end < walk.cursor
        let book = books[walk.instrument]
        var best: (position: Int, price: Price)?
        for position in book.indices {
            let order = book[position]
            if order.isAsleep || order.metEvent == walk.event || !hasArrived(order) { continue }
            if let owner = walk.owner, order.owner != owner { continue }
            guard let price = reach(order, end: end, isFalling: isFalling) else { continue }
            guard let known = best else {
                best = (position, price)
                continue
            }
            let isNearer = isFalling ? price > known.price : price < known.price
            let isStopBeforeOther =
                price == known.price && isStop(order) && !isStop(book[known.position])
            if isNearer || isStopBeforeOther { best = (position, price) }
        }
        return best
    }

    private func isStop(_ order: WorkingOrder) -> Bool {
        order.isWaitingForTrigger && !order.request.type.isTarget
    }

    /// Where on the way from the cursor to `end` an order is reached; `nil` when it isn't.
    private func reach(_ order: WorkingOrder, end: Price, isFalling: Bool) -> Price? {
        let side = order.request.side
        let tick = instruments[walk.instrument].rules.tick
        if order.isWaitingForTrigger, let trigger = order.wakingPrice(tick: tick) {
            // Sell stops and the targets of shorts wait below, buy stops and the targets of longs above.
            let isBelow = (side == .sell) != order.request.type.isTarget
            if isBelow {
                return end <= trigger && (isFalling || walk.cursor <= trigger) ? min(trigger, walk.cursor) : nil
            }
            return end >= trigger && (!isFalling || walk.cursor >= trigger) ? max(trigger, walk.cursor) : nil
        }
        guard let limit = order.request.limitPrice, !order.isArriving else { return nil }
        if side == .buy { return isFalling && end <= limit - tick ? min(limit, walk.cursor) : nil }
        return !isFalling && end >= limit + tick ? max(limit, walk.cursor) : nil
    }

    /// An order is reached inside a bar.
    mutating func meetInside(_ position: Int, of index: Int, at price: Price) {
        let order = books[index][position]
        if order.isWaitingForTrigger {
            meet(position, of: index, at: MarketPoint(traded: price), time: walk.time)
        } else if let limit = order.request.limitPrice {
            execute(position, of: index, at: limit, .maker, time: walk.time)
        }
        // What is left of a limit waits for the volume of the next bar.
        guard !order.isWaitingForTrigger, let left = books[index].firstIndex(where: { $0.id == order.id }) else {
            return
        }
        books[index][left].metEvent = walk.event
    }
}
