import Market
import Trading

/// What one owner's position on margin was opened with.
struct MarginEntry: Sendable {
    let owner: StrategyID
    /// The notional it was opened at; negative for a short.
    var cost: Int128 = 0
    /// The margin set aside for it; used where margin is isolated.
    var margin: Int128 = 0

    /// Changes it with a fill: what is added sets margin aside, what is closed frees its part.
    mutating func book(
        _ delta: Int64, at price: Price, held: Int64, factor: Int128, _ rules: MarginRules
    ) {
        let closing = held != 0 && (held > 0) != (delta > 0) ? min(abs(delta), abs(held)) : 0
        if closing == abs(held) {
            cost = 0
            margin = 0
        } else if closing > 0 {
            cost -= MarginEntry.part(of: cost, closing, of: abs(held))
            margin -= MarginEntry.part(of: margin, closing, of: abs(held))
        }
        let opening = abs(delta) - closing
        guard opening > 0 else { return }
        let notional = Int128(price.mantissa) * Int128(opening) * factor
        cost += delta > 0 ? notional : -notional
        margin += rules.initial(of: notional)
    }

    /// `amount × part ÷ whole`, rounded toward zero, without overflow.
    private static func part(of amount: Int128, _ part: Int64, of whole: Int64) -> Int128 {
        let (quotient, remainder) = amount.quotientAndRemainder(dividingBy: Int128(whole))
        return quotient * Int128(part) + remainder * Int128(part) / Int128(whole)
    }
}

// What carries positions.
extension SimulatedVenue {
    /// What carries an owner's position, or the account's net position where the margin is the whole account.
    func marginLine(_ owner: StrategyID?, _ index: Int) -> MarginLine? {
        guard let rules = marginRules else { return nil }
        let factor = instruments[index].notionalFactor
        switch rules.terms.mode {
        case .isolated:
            guard let owner, let entry = margins[index].first(where: { $0.owner == owner }) else { return nil }
            let held = holding(owner, InstrumentID(index)).mantissa
            return MarginLine(constant: entry.margin - entry.cost, quantity: held, factor: factor)
        case .cross:
            var constant = cash.units
            for other in holdings.indices where other != index {
                let net = netQuantity(other)
                guard net != 0, let mark = markets[other].mark?.close ?? markets[other].last else { continue }
                let worth = Int128(mark.mantissa) * Int128(net) * instruments[other].notionalFactor
                constant += worth - rules.maintenance(of: worth < 0 ? -worth : worth)
            }
            return MarginLine(constant: constant, quantity: netQuantity(index), factor: factor)
        }
    }

    func netQuantity(_ index: Int) -> Int64 { holdings[index].reduce(0) { $0 + $1.quantity.mantissa } }

    /// The positions that can be liquidated on their own: by owner where margin is isolated, else the whole of an
    /// instrument, for which `nil` stands.
    private func carried(_ index: Int, of owner: StrategyID?) -> [StrategyID?] {
        guard let rules = marginRules else { return [] }
        if rules.terms.mode == .cross { return netQuantity(index) == 0 ? [] : [nil] }
        return holdings[index].filter { !$0.quantity.isZero && (owner == nil || $0.owner == owner) }.map(\.owner)
    }

    /// The position that a price liquidates, if it does one.
    func liquidated(_ index: Int, at price: Price) -> (owner: StrategyID?, price: Price)? {
        guard let rules = marginRules else { return nil }
        for owner in carried(index, of: nil) {
            if let line = marginLine(owner, index), rules.isLiquidated(line, at: price) { return (owner, price) }
        }
        return nil
    }

    /// The liquidation that the price reaches first on its way from the cursor to the end of the leg.
    func nextLiquidation() -> (owner: StrategyID?, price: Price)? {
        guard let rules = marginRules else { return nil }
        var best: (owner: StrategyID?, price: Price)?
        for owner in carried(walk.instrument, of: walk.owner) {
            guard let line = marginLine(owner, walk.instrument), let price = rules.liquidationPrice(line) else {
                continue
            }
            let isLong = line.quantity > 0
            guard let reached = reached(price, isLong: isLong) else { continue }
            let isNearer = best.map { isLong ? reached > $0.price : reached < $0.price } ?? true
            if isNearer { best = (owner, reached) }
        }
        return best
    }

    /// The range that a bar must keep within to liquidate nothing of an instrument.
    func liquidationBounds(_ index: Int) -> (low: Int64, high: Int64) {
        guard let rules = marginRules else { return (.min, .max) }
        // What carries a position of one instrument moves with the others: then every bar is looked at.
        if rules.terms.mode == .cross, instruments.count > 1 { return (.max, .min) }
        var low = Int64.min
        var high = Int64.max
        for owner in carried(index, of: nil) {
            guard let line = marginLine(owner, index), let price = rules.liquidationPrice(line) else { continue }
            if line.quantity > 0 { low = max(low, price.mantissa) } else { high = min(high, price.mantissa) }
        }
        return (low, high)
    }

    // MARK: - Opening

    /// What may still be set aside as margin, with this instrument at `price`.
    func freeMargin(_ index: Int, at price: Price) -> Int128 {
        guard let rules = marginRules else { return cash.units }
        switch rules.terms.mode {
        case .isolated:
            return margins.joined().reduce(cash.units) { $0 + $1.cost - $1.margin }
        case .cross:
            var free = cash.units
            for other in holdings.indices {
                let net = netQuantity(other)
                guard net != 0, let mark = other == index ? price : markets[other].last else { continue }
                let worth = Int128(mark.mantissa) * Int128(net) * instruments[other].notionalFactor
                free += worth - rules.initial(of: worth < 0 ? -worth : worth)
            }
            return free
        }
    }

    /// Whether the margin carries a fill: one that opens nothing always, one that opens when the free margin covers it and
    /// its fee, and the position does not begin below its maintenance margin.
    func isCarried(_ owner: StrategyID, _ index: Int, _ delta: Int64, at price: Price, fee: Money) -> Bool {
        guard let rules = marginRules else { return true }
        let held = holding(owner, InstrumentID(index)).mantissa
        if (held > 0) != (delta > 0), abs(delta) <= abs(held) { return true }
        var after = self
        after.bookMargin(owner, index, delta, at: price, held: held)
        after.cash.units -= Int128(price.mantissa) * Int128(delta) * instruments[index].notionalFactor + fee.units
        after.hold(owner, index, Quantity(mantissa: held + delta))
        guard after.freeMargin(index, at: price) >= 0 else { return false }
        let carrier = rules.terms.mode == .isolated ? owner : nil
        guard let line = after.marginLine(carrier, index) else { return false }
        return !rules.isLiquidated(line, at: price)
    }

    /// Takes a fill into the margin entries.
    mutating func bookMargin(_ owner: StrategyID, _ index: Int, _ delta: Int64, at price: Price, held: Int64) {
        guard let rules = marginRules else { return }
        let factor = instruments[index].notionalFactor
        if let place = margins[index].firstIndex(where: { $0.owner == owner }) {
            margins[index][place].book(delta, at: price, held: held, factor: factor, rules)
        } else {
            var entry = MarginEntry(owner: owner)
            entry.book(delta, at: price, held: held, factor: factor, rules)
            margins[index].append(entry)
        }
    }

    // MARK: - Liquidation

    /// Closes what a margin no longer carries at the price that was reached, at worst the one at which nothing is left, and
    /// cancels the orders that went with it.
    mutating func liquidate(_ owner: StrategyID?, _ index: Int, at price: Price, time: Timestamp) {
        guard let rules = marginRules, let line = marginLine(owner, index), line.quantity != 0 else { return }
        let side: Side = line.quantity > 0 ? .sell : .buy
        let worst = rules.bankruptcyPrice(line)
        let moved = slipped(price, side)
        let filled = side == .sell ? max(moved, worst) : min(moved, worst)
        var left = max(line.equity(at: filled), 0)
        costs.liquidations += 1
        for place in holdings[index].indices {
            let holding = holdings[index][place]
            guard !holding.quantity.isZero, owner == nil || holding.owner == owner else { continue }
            let isCause = (holding.quantity.mantissa > 0) == (line.quantity > 0)
            let notional = instruments[index].notional(filled, holding.quantity.magnitude)
            let wanted = isCause ? notional.share(rules.terms.liquidationFee, rounding: .ceiling).units : 0
            let fee = Money(units: min(wanted, left), cash.currency)
            left -= fee.units
            cash = holding.quantity.mantissa > 0 ? cash + notional - fee : cash - notional - fee
            costs.fees += fee
            costs.liquidationFees += fee
            let fill = Fill(
                tradeID: nextTradeID, price: filled, quantity: holding.quantity.magnitude, quoteFee: fee,
                liquidity: .taker)
            nextTradeID += 1
            bookMargin(
                holding.owner, index, -holding.quantity.mantissa, at: filled, held: holding.quantity.mantissa)
            holdings[index][place].quantity = .zero
            settlements.append(
                TimedSettlement(
                    time: time,
                    settlement: VenueSettlement(
                        owner: holding.owner, instrument: InstrumentID(index), kind: .liquidation(fill))))
        }
        for book in books.indices where owner == nil || book == index {
            while let place = books[book].firstIndex(where: { owner == nil || $0.owner == owner }) {
                close(place, of: book, .canceled(.liquidated), time: time)
            }
        }
    }
}

/// A settlement and when it happened.
struct TimedSettlement: Sendable {
    var time: Timestamp
    var settlement: VenueSettlement
}
