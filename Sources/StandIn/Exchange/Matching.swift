import Market

/// Orders meet the market.
///
/// Price comes first, then time. At one price the synthetic market was there before any client; clients among themselves
/// go by age. A client's resting order fills when the market trades through its price, when the market trades at its
/// price more than was resting before it, or when the market's own quote reaches it. Such a fill is a trade of its own on
/// the tape, beside the print that caused it.
extension Exchange {
    /// An order comes to the market: it takes what it can, and rests or expires.
    func work(_ order: Order) {
        order.workingTime = order.workingTime < 0 ? serverTime : order.workingTime
        if order.terms.timeInForce == .fillOrKill, fillable(order) < order.remaining {
            return end(order, .expired, reason: "UNFILLED_FOK_ORDER_EXPIRED")
        }
        match(order)
        guard order.status.isOpen else { return }
        if !order.type.hasLimit {
            end(order, .expired, reason: "INSUFFICIENT_LIQUIDITY")
        } else if order.terms.timeInForce == .immediateOrCancel {
            end(order, .expired, reason: "UNFILLED_IOC_QUANTITY_EXPIRED")
        } else if order.terms.timeInForce == .fillOrKill {
            end(order, .expired, reason: "UNFILLED_FOK_ORDER_EXPIRED")
        } else {
            order.floor = "EXCHANGE"
            order.queueAhead = markets[order.market].liquidity.quantity(order.side, at: order.price)
        }
    }

    /// Who is first in the way of a taker.
    private enum Opposite {
        case market(BookLevel)
        case client(Order)

        var price: Price {
            switch self {
            case .market(let level): return level.price
            case .client(let order): return order.price
            }
        }
    }

    private func opposite(of order: Order) -> Opposite? {
        let side = order.side == .buy ? Side.sell : .buy
        let level = markets[order.market].liquidity.levels(side).first
        guard let client = resting(side, order.market).first(where: { $0 !== order }) else {
            return level.map { .market($0) }
        }
        guard let level else { return .client(client) }
        let isClientBetter = side == .sell ? client.price < level.price : client.price > level.price
        return isClientBetter ? .client(client) : .market(level)
    }

    /// The clients' resting orders of a side, the first to trade first. O(n log n).
    func resting(_ side: Side, _ index: Int) -> [Order] {
        working[index].filter { $0.side == side && $0.isResting }.sorted {
            if $0.price != $1.price { return side == .buy ? $0.price > $1.price : $0.price < $1.price }
            return ($0.workingTime, $0.id) < ($1.workingTime, $1.id)
        }
    }

    private func accepts(_ order: Order, _ price: Price) -> Bool {
        guard order.type.hasLimit else { return true }
        return order.side == .buy ? price <= order.price : price >= order.price
    }

    /// Whether an order would take at once.
    func wouldTake(_ order: Order) -> Bool { opposite(of: order).map { accepts(order, $0.price) } ?? false }

    /// How much of an order could be filled at once.
    private func fillable(_ order: Order) -> Quantity {
        let side = order.side == .buy ? Side.sell : .buy
        var sum = Quantity.zero
        for level in markets[order.market].liquidity.levels(side) where accepts(order, level.price) {
            sum = sum + level.quantity
        }
        for other in resting(side, order.market)
        where accepts(order, other.price) && other !== order && !isPrevented(order, other) {
            sum = sum + other.remaining
        }
        return sum
    }

    /// What a market order for this quantity costs or brings now, in units of 10^−16; `nil` when there is not as much.
    func cost(of quantity: Quantity, _ side: Side, _ index: Int) -> Int128 {
        let opposite = side == .buy ? Side.sell : .buy
        var levels = markets[index].liquidity.levels(opposite)
        for order in resting(opposite, index) {
            levels.append(BookLevel(price: order.price, quantity: order.remaining))
        }
        levels.sort { side == .buy ? $0.price < $1.price : $0.price > $1.price }
        var left = quantity
        var cost: Int128 = 0
        for level in levels where left.mantissa > 0 {
            let part = min(left, level.quantity)
            cost += Int128(level.price.mantissa) * Int128(part.mantissa)
            left = left - part
        }
        return cost
    }

    private func match(_ order: Order) {
        let step = markets[order.market].filters.step
        while order.status.isOpen, order.remaining.mantissa > 0 || order.terms.quoteQuantity > 0 {
            guard let opposite = opposite(of: order), accepts(order, opposite.price) else { return }
            var quantity: Quantity
            switch opposite {
            case .market(let level): quantity = level.quantity
            case .client(let other):
                if isPrevented(order, other) {
                    let reach = affordable(order, at: other.price).rounded(toStep: step, .down)
                    guard reach.mantissa > 0 else { return }
                    prevent(order, other, min(reach, other.remaining), reach: reach)
                    continue
                }
                quantity = other.remaining
            }
            quantity = min(quantity, affordable(order, at: opposite.price).rounded(toStep: step, .down))
            guard quantity.mantissa > 0 else { return }
            trade(order, opposite, quantity)
        }
    }

    /// How much an order can still take at a price: what is left of it, or of its amount, or of the balance.
    private func affordable(_ order: Order, at price: Price) -> Quantity {
        var most = Quantity(mantissa: .max)
        if order.terms.quoteQuantity > 0 {
            most = Quantity(mantissa: Int64(clamping: order.unspent / Int128(price.mantissa)))
        } else {
            most = order.remaining
        }
        guard !order.type.hasLimit else { return most }
        // Nothing is locked for an order at the market.
        let instrument = markets[order.market].instrument
        let free = accounts[order.account][order.side == .buy ? instrument.quote : instrument.base].free
        let unit = order.side == .buy ? Int128(price.mantissa) : 100_000_000
        return min(most, Quantity(mantissa: Int64(clamping: (free + order.locked) / unit)))
    }

    private func trade(_ order: Order, _ opposite: Opposite, _ quantity: Quantity) {
        let trade = record(
            order.market,
            PublicTrade(
                id: 0, time: tradeTime, price: opposite.price, quantity: quantity,
                isBuyerMaker: order.side == .sell, taker: order.id))
        switch opposite {
        case .market(let level):
            markets[order.market].liquidity.take(order.side == .buy ? .sell : .buy, level.price, quantity)
            fill(order, trade, isMaker: false)
        case .client(let other):
            fill(order, trade, isMaker: false)
            fill(other, trade, isMaker: true)
        }
    }

    // MARK: - The market comes to resting orders

    /// Resting orders meet the market's own quotes.
    func meetBook(_ index: Int) {
        guard !working[index].isEmpty else { return }
        for side in Side.allCases {
            for order in resting(side, index) {
                meetQuotes(order, index)
                let ahead = markets[index].liquidity.quantity(side, at: order.price)
                order.queueAhead = min(order.queueAhead, ahead)
            }
        }
    }

    private func meetQuotes(_ order: Order, _ index: Int) {
        let opposite = order.side == .buy ? Side.sell : .buy
        while order.isResting, let level = markets[index].liquidity.levels(opposite).first,
            accepts(order, level.price)
        {
            let quantity = min(level.quantity, order.remaining)
            markets[index].liquidity.take(opposite, level.price, quantity)
            fillResting(order, quantity)
        }
    }

    /// Resting orders meet a print of the market.
    func meetPrint(_ index: Int, _ print: TradePrint) {
        guard !working[index].isEmpty else { return }
        var left = print.quantity
        let side = print.aggressor == .sell ? Side.buy : .sell
        for order in resting(side, index) where left.mantissa > 0 {
            guard accepts(order, print.price) else { return }
            // What was ahead of one order was ahead of the next, too: it takes its share of the print once.
            var reach = left
            if order.price == print.price {
                let ahead = order.queueAhead
                order.queueAhead = max(.zero, ahead - left)
                guard left > ahead else { continue }
                reach = left - ahead
            }
            let quantity = min(reach, order.remaining)
            left = left - quantity
            fillResting(order, quantity)
        }
    }

    private func fillResting(_ order: Order, _ quantity: Quantity) {
        let trade = record(
            order.market,
            PublicTrade(
                id: 0, time: tradeTime, price: order.price, quantity: quantity, isBuyerMaker: order.side == .buy,
                taker: -order.id))
        fill(order, trade, isMaker: true)
    }
}
