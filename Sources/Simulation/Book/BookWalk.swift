import Market
import Trading

// How orders take from a recorded book: level by level, never the same quantity twice.
extension SimulatedVenue {
    /// An order comes to a book: it takes what it may at the levels' prices, a fill a level, and rests, waits or expires with
    /// what is left.
    mutating func arriveAtBook(_ position: Int, of index: Int, time: Timestamp) {
        let order = books[index][position]
        let request = order.request
        let reach = reach(of: order, index)
        guard reach.hasLevel else { return endArrival(order.id, index, time: time) }
        if request.isPostOnly { return close(position, of: index, .rejected(.wouldTake), time: time) }
        if request.timeInForce == .fillOrKill, reach.quantity < reach.wanted {
            return close(position, of: index, .expired(.notFilledAtOnce), time: time)
        }
        if request.spend == nil, !isCovered(order, index, reach) {
            let reason: OrderReason = .insufficientBalance
            return close(
                position, of: index, order.filled.isZero ? .rejected(reason) : .canceled(reason), time: time)
        }
        let side = request.side
        // A take-profit gets no better than its trigger.
        let bound = request.type == .takeProfit ? request.triggerPrice : nil
        takeLevels(position, of: index, within: request.limitPrice, time: time, as: .taker) { level in
            guard let bound else { return level }
            return side == .buy ? max(level, bound) : min(level, bound)
        }
        endArrival(order.id, index, time: time)
    }

    /// What is left of an order after it met a book: a limit rests, a market order waits for what the book shows next, and
    /// what was to fill at once expires.
    private mutating func endArrival(_ id: OrderID, _ index: Int, time: Timestamp) {
        guard let position = books[index].firstIndex(where: { $0.id == id }) else { return }
        let request = books[index][position].request
        if request.timeInForce != .goodTilCancelled {
            return close(position, of: index, .expired(.notFilledAtOnce), time: time)
        }
        books[index][position].isArriving = false
        if request.limitPrice != nil { joinQueue(position, of: index, time: time) }
    }

    /// Fills an order from the levels that it faces, best first, as far as they are within `limit`.
    mutating func takeLevels(
        _ position: Int, of index: Int, within limit: Price?, time: Timestamp, as liquidity: Liquidity,
        at price: (Price) -> Price
    ) {
        let id = books[index][position].id
        let side = books[index][position].request.side
        let best = displays[index].best(side == .buy ? .sell : .buy)
        let middle = displays[index].best(side).flatMap { own in best.map { (own, $0) } }
        var position = position
        var place = 0
        while place < displays[index].facing(side).count {
            let level = displays[index].facing(side)[place]
            if let limit, side == .buy ? level.price > limit : level.price < limit { return }
            let left = left(of: level)
            if left > 0 {
                takenPrice = liquidity == .taker ? levelPrice(price(level.price), best, middle) : nil
                let filled = execute(
                    position, of: index, at: price(level.price), liquidity, time: time,
                    most: Quantity(mantissa: left), basis: .book)
                displays[index].note(taken: filled.mantissa, by: side, at: place)
                guard let now = books[index].firstIndex(where: { $0.id == id }) else { return }
                position = now
            }
            place += 1
        }
    }

    /// What orders may still take of a level.
    private func left(of level: VenueLevel) -> Int64 {
        guard let share = options.participation else { return max(level.shown - level.taken, 0) }
        return max(Quantity(mantissa: level.shown).share(share).mantissa - level.taken, 0)
    }

    /// How a level's price came to be: half the spread from the middle to the best level, from there the order's own size.
    private func levelPrice(_ price: Price, _ best: Price?, _ middle: (Price, Price)?) -> TakenPrice {
        var taken = TakenPrice(price)
        guard let best, let (own, other) = middle else { return taken }
        taken.base = Price(mantissa: own.mantissa + (other.mantissa - own.mantissa) / 2)
        taken.drifted = taken.base
        taken.spread = best
        taken.slipped = best
        return taken
    }

    /// What an order finds before it, as far as it goes.
    private struct BookReach {
        /// Whether there is any level that it may take from.
        var hasLevel = false
        /// In how many fills.
        var fills = 0
        /// What it would fill.
        var quantity: Int64 = 0
        /// What it wants.
        var wanted: Int64 = 0
        /// What it would cost or bring, without fees.
        var notional: Money
    }

    private func reach(of order: WorkingOrder, _ index: Int) -> BookReach {
        let instrument = instruments[index]
        let step = instrument.quantityStep(of: order.request.type)
        var reach = BookReach(notional: .zero(cash.currency))
        reach.wanted = order.leaves.mantissa
        let side = order.request.side
        if order.request.isReduceOnly {
            reach.wanted = min(reach.wanted, reducible(order.owner, side, index).mantissa)
        }
        for level in displays[index].facing(side) {
            if let limit = order.request.limitPrice, side == .buy ? level.price > limit : level.price < limit { break }
            let left = left(of: level)
            if left == 0 { continue }
            if !reach.hasLevel, let spend = order.request.spend, order.request.quantity.isZero {
                // An amount buys nowhere more than at the best level.
                reach.wanted =
                    instrument.quantity(
                        spending: Money(units: spend.units - order.spent.units, instrument.quote), at: level.price,
                        feeRate: .zero, step: step
                    ).mantissa
            }
            reach.hasLevel = true
            let wanted = reach.wanted - reach.quantity
            let part = wanted <= left ? wanted : Quantity(mantissa: left).rounded(toStep: step, .down).mantissa
            reach.quantity += part
            reach.fills += 1
            reach.notional += instrument.notional(level.price, Quantity(mantissa: part))
            if reach.quantity >= reach.wanted { break }
        }
        return reach
    }

    /// Whether the account covers all that an order would fill now, so that it is refused whole where it does not. What
    /// margin carries is looked at fill by fill.
    private func isCovered(_ order: WorkingOrder, _ index: Int, _ reach: BookReach) -> Bool {
        let held = holding(order.owner, InstrumentID(index)).mantissa
        switch order.request.side {
        case .sell: return instruments[index].kind != .spot || held >= reach.quantity
        case .buy:
            if isMargined || -held >= reach.quantity { return true }
            let isInKind = options.feeAsset == .received && instruments[index].kind == .spot
            // The fee of each fill is rounded up.
            let fee =
                isInKind ? 0 : reach.notional.share(feeRate(.taker), rounding: .ceiling).units + Int128(reach.fills)
            return (cash - reach.notional).units >= fee
        }
    }
}
