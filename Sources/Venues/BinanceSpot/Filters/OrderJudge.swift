import Market

/// Holds one order against the rules of its symbol and writes down what it finds.
struct OrderJudge {
    let rules: SymbolRules
    let order: NewSpotOrder
    let circumstances: OrderCircumstances
    private(set) var violations: [RuleViolation] = []

    init(_ rules: SymbolRules, _ order: NewSpotOrder, _ circumstances: OrderCircumstances) {
        self.rules = rules
        self.order = order
        self.circumstances = circumstances
    }

    mutating func object(_ rule: String, _ words: String) {
        violations.append(RuleViolation(rule: rule, words: words))
    }

    // MARK: - What the symbol offers

    mutating func judgeOffer() {
        let type = order.terms.type
        if rules.status != "TRADING" { object("status", "\(rules.symbol) is \(rules.status); expected TRADING") }
        if !rules.isSpotAllowed { object("isSpotTradingAllowed", "\(rules.symbol) is not traded on Spot") }
        if !rules.orderTypes.contains(type) {
            let known = rules.orderTypes.map(\.rawValue).sorted().joined(separator: ", ")
            object("orderTypes", "\(rules.symbol) takes no \(type.rawValue); it takes \(known)")
        }
        if !NewSpotOrder.isClientOrderID(order.clientOrderID) {
            object("newClientOrderId", "it is no number that the venue takes; expected 1 to 36 of A–Z a–z 0–9 - _")
        }
        if let mode = order.selfTradePrevention, !rules.preventions.contains(mode) {
            object("selfTradePreventionMode", "\(rules.symbol) does not take \(mode.rawValue)")
        }
        if case .spending = order.size {
            if type != .market { object("quoteOrderQty", "only market orders can say what to spend") }
            if !rules.allowsSpending { object("quoteOrderQty", "\(rules.symbol) wants a quantity") }
        }
        judgeTrigger(type)
        judgeIceberg()
    }

    private mutating func judgeTrigger(_ type: SpotOrderType) {
        guard let trigger = order.terms.trigger else { return }
        if trigger.price == nil && trigger.trailingDelta == nil {
            object("stopPrice", "there is nothing that wakes it; expected a price or how far to trail")
        }
        guard let delta = trigger.trailingDelta else { return }
        if !rules.allowsTrailing { object("allowTrailingStop", "\(rules.symbol) takes no trailing orders") }
        let isAbove = type.isTriggeredAbove(isBuy: order.side == .buy)
        if let range = isAbove ? rules.filters.trailingAbove : rules.filters.trailingBelow, !range.contains(delta) {
            object(
                "TRAILING_DELTA",
                "it trails by \(delta) \(isAbove ? "above" : "below") the market; expected \(range.lowerBound) to "
                    + "\(range.upperBound) hundredths of a percent")
        }
    }

    private mutating func judgeIceberg() {
        guard let shown = order.icebergQuantity else { return }
        if !rules.allowsIceberg { object("icebergAllowed", "\(rules.symbol) takes no iceberg orders") }
        if let time = order.terms.timeInForce, time != .goodTilCancelled {
            object("icebergQty", "an order that shows a part of itself has to be GTC")
        }
        if let problem = OrderJudge.gridProblem(
            OrderJudge.units(shown, order.instrument), rules.filters.lot,
            "the part that is shown, \(order.instrument.text(shown)),")
        {
            object("LOT_SIZE", problem)
        }
        guard let most = rules.filters.icebergParts, let quantity = order.quantity, shown.mantissa > 0 else { return }
        let parts = (quantity.mantissa - 1) / shown.mantissa + 1
        if parts > Int64(most) { object("ICEBERG_PARTS", "it has \(parts) parts, and \(most) is the most") }
    }

    // MARK: - Its numbers

    mutating func judgeNumbers() {
        let instrument = order.instrument
        let filters = rules.filters
        for (name, price) in [("price", order.terms.price), ("trigger", order.terms.trigger?.price)] {
            guard let price else { continue }
            let problem = OrderJudge.gridProblem(
                OrderJudge.units(price, instrument), filters.price, "the \(name) \(instrument.text(price))")
            if let problem { object("PRICE_FILTER", problem) }
        }
        if let quantity = order.quantity {
            let words = "the quantity \(instrument.text(quantity))"
            if quantity.mantissa <= 0 { object("LOT_SIZE", "\(words) is not above zero") }
            let units = OrderJudge.units(quantity, instrument)
            if let problem = OrderJudge.gridProblem(units, filters.lot, words) { object("LOT_SIZE", problem) }
            if order.terms.type == .market,
                let problem = OrderJudge.gridProblem(units, filters.marketLot, words + " of a market order")
            {
                object("MARKET_LOT_SIZE", problem)
            }
        }
        judgeBand()
        judgeNotional()
        judgePosition()
        judgeAssets()
    }

    private mutating func judgeBand() {
        let isBuy = order.side == .buy
        guard let price = order.terms.price, let reference = circumstances.referencePrice,
            let band = isBuy ? rules.filters.buyBand : rules.filters.sellBand
        else { return }
        let value = Int128(price.mantissa) * Int128(Ratio.one.units)
        let highest = Int128(reference.mantissa) * Int128(band.up)
        let lowest = Int128(reference.mantissa) * Int128(band.down)
        guard value > highest || value < lowest else { return }
        let instrument = order.instrument
        func text(_ product: Int128, _ rounding: Rounding) -> String {
            DecimalText.text(
                product.divided(by: Int128(Ratio.one.units), rounding: rounding), scale: instrument.priceScale)
        }
        object(
            rules.filters.bandKind,
            "the price \(instrument.text(price)) of a \(isBuy ? "buy" : "sale") is too far from "
                + "\(instrument.text(reference)); expected \(text(lowest, .ceiling)) to \(text(highest, .floor))")
    }

    /// The price that the venue multiplies a quantity with: the limit, or the reference for what trades at the market.
    private var valuation: Price? { order.terms.price ?? circumstances.referencePrice }

    /// Price times quantity; `nil` when nobody can say.
    private var notional: Money? {
        switch order.size {
        case .spending(let amount): return amount
        case .quantity(let quantity): return valuation.map { order.instrument.notional($0, quantity) }
        }
    }

    private mutating func judgeNotional() {
        guard let bounds = rules.filters.notional, let notional else { return }
        let isMarket = order.terms.price == nil
        if let minimum = bounds.minimum, !isMarket || bounds.isMinimumForMarket, notional.units < minimum {
            object(bounds.kind, "it is worth \(notional); expected \(amount(minimum)) at least")
        }
        if let maximum = bounds.maximum, !isMarket || bounds.isMaximumForMarket, notional.units > maximum {
            object(bounds.kind, "it is worth \(notional); expected \(amount(maximum)) at most")
        }
    }

    private func amount(_ units: Int128) -> String { Money(units: units, order.instrument.quote).description }

    private mutating func judgePosition() {
        guard order.side == .buy, let most = rules.filters.position else { return }
        let instrument = order.instrument
        let held = circumstances.balances?.first { $0.currency == instrument.base }
        var units = held.map { $0.free.units + $0.locked.units } ?? 0
        for open in circumstances.openOrders where open.side == .buy {
            guard let quantity = open.quantity else { continue }
            units += OrderJudge.units(quantity - open.executed, instrument)
        }
        units += OrderJudge.units(circumstances.buying, instrument)
        units += OrderJudge.units(quantityAtMost, instrument)
        guard units > most else { return }
        let base = instrument.base
        object(
            "MAX_POSITION",
            "with it the account would hold \(Money(units: units, base)); expected \(Money(units: most, base)) at most")
    }

    /// Its quantity, or what its amount buys at the reference; zero when nobody can say.
    private var quantityAtMost: Quantity {
        switch order.size {
        case .quantity(let quantity): return quantity
        case .spending(let amount):
            return circumstances.referencePrice.map { order.instrument.quantity(for: amount, at: $0) } ?? .zero
        }
    }

    /// What an order locks has to be free: the base asset of a sale, of a buy what it costs at its limit. What a market
    /// order by quantity costs only the market knows, and fees are the venue's to judge.
    mutating func judgeBalance() {
        guard let balances = circumstances.balances else { return }
        let instrument = order.instrument
        let needed: Money
        switch (order.side, order.size) {
        case (.sell, .quantity(let quantity)):
            needed = Money(units: OrderJudge.units(quantity, instrument), instrument.base)
        case (.buy, .spending(let amount)): needed = amount
        case (.buy, .quantity(let quantity)):
            guard let price = order.terms.price else { return }
            needed = instrument.notional(price, quantity)
        case (.sell, .spending): return
        }
        let free = balances.first { $0.currency == needed.currency }?.free ?? .zero(needed.currency)
        if needed > free { object("balance", "it needs \(needed), and \(free) are free") }
    }

    private mutating func judgeAssets() {
        let instrument = order.instrument
        if let most = rules.filters.assets[instrument.base], let quantity = order.quantity,
            OrderJudge.units(quantity, instrument) > most
        {
            object("MAX_ASSET", "it moves more than \(Money(units: most, instrument.base)) at once")
        }
        if let most = rules.filters.assets[instrument.quote], let notional, notional.units > most {
            object("MAX_ASSET", "it moves more than \(amount(most)) at once")
        }
    }

    // MARK: - How many there are

    mutating func judgeCounts(adding: OrderCircumstances.OpenCounts) {
        let own = OrderCircumstances.OpenCounts(circumstances.openOrders) + circumstances.others + adding
        judge(own, rules.filters.symbolCounts, adding, "", "in \(rules.symbol)")
        judge(own + circumstances.elsewhere, rules.filters.accountCounts, adding, "EXCHANGE_", "of the account")
    }

    /// What comes with it, in words.
    private var company: String {
        circumstances.following == OrderCircumstances.OpenCounts() ? "" : " and what protects its position"
    }

    private mutating func judge(
        _ counts: OrderCircumstances.OpenCounts, _ most: SymbolFilters.Counts, _ adding: OrderCircumstances.OpenCounts,
        _ prefix: String, _ place: String
    ) {
        func check(_ name: String, _ count: Int, _ added: Int, _ most: Int?, _ words: String) -> RuleViolation? {
            guard added > 0, let most, count > most else { return nil }
            return RuleViolation(
                rule: prefix + name,
                words: "with it\(company) \(count) \(words) \(place) would be open, and \(most) is the most")
        }
        violations += [
            check("MAX_NUM_ORDERS", counts.orders, adding.orders, most.orders, "orders"),
            check(
                "MAX_NUM_ALGO_ORDERS", counts.triggered, adding.triggered, most.triggered, "orders with a trigger"),
            check("MAX_NUM_ICEBERG_ORDERS", counts.icebergs, adding.icebergs, most.icebergs, "iceberg orders"),
            check("MAX_NUM_ORDER_LISTS", counts.lists, adding.lists, most.lists, "lists of orders"),
        ].compactMap { $0 }
    }

    mutating func judgeList(_ list: NewSpotOrderList) {
        switch list.content {
        case .pair: if !rules.allowsPairs { object("ocoAllowed", "\(rules.symbol) takes no pairs of orders") }
        case .entry, .entryWithPair:
            if !rules.allowsSequences { object("otoAllowed", "\(rules.symbol) takes no orders after orders") }
        }
        if !NewSpotOrder.isClientOrderID(list.clientListID) {
            object("listClientOrderId", "it is no number that the venue takes; expected 1 to 36 of A–Z a–z 0–9 - _")
        }
    }

    // MARK: - Grids

    /// What is wrong with a number that has to lie between bounds and on a step; `nil` when nothing is.
    static func gridProblem(_ units: Int128, _ grid: SymbolFilters.Grid?, _ words: String) -> String? {
        guard let grid else { return nil }
        func text(_ units: Int128) -> String { DecimalText.text(units, scale: WireDecimal.scale) }
        if let minimum = grid.minimum, units < minimum { return "\(words) is below \(text(minimum))" }
        if let maximum = grid.maximum, units > maximum { return "\(words) is above \(text(maximum))" }
        if let step = grid.step, units % step != 0 { return "\(words) is no multiple of \(text(step))" }
        return nil
    }

    static func units(_ price: Price, _ instrument: Instrument) -> Int128 {
        Int128(price.mantissa) * Int128(DecimalText.powerOfTen(WireDecimal.scale - instrument.priceScale))
    }

    static func units(_ quantity: Quantity, _ instrument: Instrument) -> Int128 {
        Int128(quantity.mantissa) * Int128(DecimalText.powerOfTen(WireDecimal.scale - instrument.quantityScale))
    }
}
