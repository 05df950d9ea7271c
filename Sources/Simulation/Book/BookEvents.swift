public import Market
public import Trading

/// The print that orders meet, while they do.
struct TapeEvent: Sendable {
    /// Whose turn it was: resting orders of this side traded.
    var side: Side
    /// What own orders at or beyond its price got of it, in quantity units.
    var used: Int64 = 0
}

// What a recorded book tells, and what it does to those who wait in its queues.
extension SimulatedVenue {
    /// Takes the visible levels of a recorded book; orders meet them by calls of `advance`. A book without both sides, or
    /// one out of order, is none: nothing is known of the book then, and orders meet the quotes and prints that come next. Without
    /// both sides there is no best bid and ask either.
    ///
    /// - Returns: whether there is anything to walk.
    public mutating func beginBook(_ instrument: InstrumentID, _ depth: BookDepth) -> Bool {
        let index = instrument.index
        let isWhole = displays[index].tell(depth)
        guard let quote = depth.quote else {
            markets[index].quote = nil
            return false
        }
        return isWhole && beginQuote(instrument, quote)
    }

    /// Forgets the book and the best bid and ask: nothing is heard of the market any more. Orders wait for what comes next.
    public mutating func forgetPrices(_ instrument: InstrumentID) {
        displays[instrument.index].forget()
        markets[instrument.index].quote = nil
    }

    /// Whether orders that come in now meet a book.
    func hasBook(_ index: Int, at time: Timestamp) -> Bool {
        displays[index].isKnown && !isInBar(index) && displays[index].isFresh(at: time)
    }

    /// Whether a bar of an instrument is walked.
    func isInBar(_ index: Int) -> Bool { walk.bar != nil && walk.stage != .idle && walk.instrument == index }

    /// Lets a newer best bid and ask into the book, and looks at the queues anew.
    mutating func noteQuote(_ quote: Quote, _ index: Int) {
        displays[index].take(quote)
        guard !books[index].isEmpty, displays[index].isFresh(at: quote.time) else { return }
        for position in books[index].indices {
            let order = books[index][position]
            guard let limit = order.restingLimit else { continue }
            let side = order.request.side
            let shown = displays[index].shown(side, at: limit)
            let isClear = isBeyond(index, side, limit)
            if books[index][position].queue == nil {
                books[index][position].queue = QueuePlace(behind: shown, isClear: isClear)
            } else {
                if let shown { books[index][position].queue?.look(at: shown, options.queue) }
                if isClear { books[index][position].queue?.isClear = true }
            }
        }
    }

    /// Whether the recorded other side stands beyond a limit, so that a resting order of `side` there crosses nobody.
    private func isBeyond(_ index: Int, _ side: Side, _ limit: Price) -> Bool {
        let other: Side = side == .buy ? .sell : .buy
        guard let best = displays[index].best(other) else { return false }
        return side == .buy ? best > limit : best < limit
    }

    /// Lets a print into the book and to those who wait at its price.
    mutating func notePrint(_ print: TradePrint, _ index: Int) {
        displays[index].take(print)
        let side: Side = print.aggressor == .buy ? .sell : .buy
        for position in books[index].indices {
            let order = books[index][position]
            guard order.queue != nil, let limit = order.restingLimit else { continue }
            books[index][position].queue?.reached = 0
            guard order.request.side == side else { continue }
            if print.price == limit {
                books[index][position].queue?.trade(print.quantity.mantissa)
            } else if side == .buy ? print.price < limit : print.price > limit {
                books[index][position].queue?.pass(print.quantity.mantissa)
            }
        }
    }

    /// Puts an order that rests behind what is shown at its price; without a book that is believed it has no place, and
    /// fills as where only quotes and prints are known.
    mutating func joinQueue(_ position: Int, of index: Int, time: Timestamp) {
        guard hasBook(index, at: time), let limit = books[index][position].restingLimit else {
            books[index][position].queue = nil
            return
        }
        let side = books[index][position].request.side
        books[index][position].queue = QueuePlace(
            behind: displays[index].shown(side, at: limit), isClear: isBeyond(index, side, limit))
    }

    /// An order that waits in a queue meets a quote, a book or a print.
    mutating func meetInQueue(
        _ position: Int, of index: Int, _ limit: Price, _ place: QueuePlace, _ point: MarketPoint, time: Timestamp
    ) {
        let side = books[index][position].request.side
        if let print = tape, point.traded != nil {
            if place.isClear, isTradedThrough(side, limit, point, index) {
                execute(position, of: index, at: limit, .maker, time: time, basis: .trade)
            } else if print.side == side, place.reached > print.used {
                let most = Quantity(mantissa: place.reached - print.used)
                let filled = execute(position, of: index, at: limit, .maker, time: time, most: most, basis: .trade)
                tape?.used += filled.mantissa
            }
        } else if place.isClear {
            guard isTradedThrough(side, limit, point, index) else { return }
            let isBook = displays[index].isFresh(at: time)
            execute(position, of: index, at: limit, .maker, time: time, basis: isBook ? .book : .quote)
        } else if hasBook(index, at: time) {
            takeLevels(position, of: index, within: limit, time: time, as: .maker) { _ in limit }
        } else if side == .buy ? point.ask > limit : point.bid < limit {
            // In a gap of the book a quote says as well that the other side has left.
            books[index][position].queue?.isClear = true
        }
    }
}

extension WorkingOrder {
    /// The price at which it waits for others to come; `nil` for one that has yet to meet the market, or takes.
    var restingLimit: Price? { isArriving || isWaitingForTrigger ? nil : request.limitPrice }
}
