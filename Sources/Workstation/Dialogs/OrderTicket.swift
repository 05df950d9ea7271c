import Engine
import Market
import Trading

/// The order ticket: one instrument, fixed when it opens; every value checked while it is typed.
struct OrderTicket: FormModel {
    /// The instrument that the order is for, whatever is selected meanwhile.
    let instrument: InstrumentID
    private let pair: String
    private let side: Side
    private let type: OrderType
    private let quantity: String
    private let price: String
    private let trigger: String
    private let isReduceOnly: Bool

    /// A ticket with some values filled in.
    init(
        _ market: MarketView, side: Side = .buy, type: OrderType = .limit, quantity: String = "", price: Price? = nil,
        trigger: Price? = nil, isReduceOnly: Bool = false
    ) {
        instrument = market.id
        pair = market.instrument.pair
        self.side = side
        self.type = type
        self.quantity = quantity
        let reference = price ?? (side == .buy ? market.quote?.bid : market.quote?.ask) ?? market.last
        self.price = reference.map { market.instrument.text($0) } ?? ""
        self.trigger = (trigger ?? market.last).map { market.instrument.text($0) } ?? ""
        self.isReduceOnly = isReduceOnly
    }

    /// Opens a ticket for an instrument, or says why there can be none now.
    static func opening(
        _ id: InstrumentID, _ snapshot: Snapshot, side: Side = .buy, type: OrderType = .limit, quantity: String = "",
        price: Price? = nil, isReduceOnly: Bool = false
    ) -> [Consequence] {
        guard let market = snapshot.market(id) else { return [.toast(.error, "There is no instrument to trade")] }
        if let refusal = Describe.refusal(market), !isReduceOnly { return [.toast(.error, refusal)] }
        return [
            .form(
                OrderTicket(
                    market, side: side, type: type, quantity: quantity, price: price, isReduceOnly: isReduceOnly))
        ]
    }

    var title: String { "Order ticket  \(pair)" }
    var submitLabel: String { "Review order" }

    var fields: [FormField] {
        [
            FormField("side", "Side", .choice(["buy", "sell"]), value: side.name),
            FormField("type", "Type", .choice(OrderTicket.types.map(\.name)), value: type.name),
            FormField(
                "quantity", "Quantity", .number, value: quantity,
                help: "an amount, or a share: 25% of free cash to buy, of the holding to sell"),
            FormField("price", "Limit price", .number, value: price, help: "the worst price it may fill at"),
            FormField("trigger", "Stop price", .number, value: trigger, help: "the price that sets it off"),
            FormField(
                "tif", "Time in force", .choice(TimeInForce.allCases.map(\.name)), value: "GTC",
                help: "GTC until cancelled, IOC what fills at once, FOK all at once or nothing"),
            FormField("post", "Post-only", .toggle, value: "off", help: "refused rather than taking liquidity"),
            FormField(
                "reduce", "Reduce-only", .toggle, value: isReduceOnly ? "on" : "off",
                help: "may only make your own position smaller"),
        ]
    }

    private static let types: [OrderType] = [.market, .limit, .stop, .stopLimit]

    func review(_ values: FormValues, _ snapshot: Snapshot) -> FormReview {
        var review = FormReview()
        let type = OrderType(name: values["type"]) ?? .limit
        if !type.hasLimit { review.hidden.formUnion(["price", "post"]) }
        if !type.hasTrigger { review.hidden.insert("trigger") }
        guard let market = snapshot.market(instrument) else {
            review.problems.append(("", "the instrument is gone"))
            return review
        }
        if let refusal = Describe.refusal(market), !values.isOn("reduce") { review.problems.append(("", refusal)) }
        if snapshot.tradingState == .halted, !values.isOn("reduce") {
            review.problems.append(("", "the emergency stop is in force: only reductions pass"))
        }
        let reading = TicketReading(values, market, snapshot)
        review.problems += reading.problems
        if let request = reading.request { TicketPreview.add(request, market, snapshot, to: &review) }
        return review
    }

    func submit(_ values: FormValues, _ snapshot: Snapshot) -> [Consequence] {
        guard let market = snapshot.market(instrument),
            let request = TicketReading(values, market, snapshot).request
        else { return [.toast(.error, "The ticket could not be read any more")] }
        var facts = [
            Confirmation.Fact("account", snapshot.mode.rawValue), Confirmation.Fact("venue", market.instrument.venue),
        ]
        var review = FormReview()
        TicketPreview.add(request, market, snapshot, to: &review)
        facts += review.preview
        let instrument = market.instrument
        return [
            .confirm(
                Confirmation(
                    tier: request.isReduceOnly ? .line : TradingQuestions.tier(snapshot.mode),
                    title: Describe.request(request, instrument), facts: facts, word: instrument.text(request.quantity),
                    request: .placeOrder(request)))
        ]
    }
}

/// The values of a ticket, read exactly: no number passes through binary floating point.
struct TicketReading {
    /// The order, when every value could be read.
    private(set) var request: OrderRequest?
    /// What could not be read, by field.
    private(set) var problems: [(name: String, text: String)] = []

    /// Reads the values against the market as it is now.
    init(_ values: FormValues, _ market: MarketView, _ snapshot: Snapshot) {
        let instrument = market.instrument
        let type = OrderType(name: values["type"]) ?? .limit
        let side = Side(name: values["side"]) ?? .buy
        let timeInForce = TimeInForce(name: values["tif"]) ?? .goodTilCancelled
        let limit = type.hasLimit ? price("price", values, instrument) : nil
        let trigger = type.hasTrigger ? price("trigger", values, instrument) : nil
        let reference = limit ?? trigger ?? (side == .buy ? market.quote?.ask : market.quote?.bid) ?? market.last
        guard let quantity = quantity(values["quantity"], side, type, reference, market, snapshot), problems.isEmpty
        else { return }
        let request = OrderRequest(
            instrument: market.id, side: side, type: type, quantity: quantity, limitPrice: limit,
            triggerPrice: trigger, timeInForce: timeInForce, isPostOnly: type.hasLimit && values.isOn("post"),
            isReduceOnly: values.isOn("reduce"), purpose: .manual)
        let outcomes = [InstrumentValidation.terms(request, instrument, reference: reference)]
        guard outcomes[0].isPassed else {
            let isContradiction = request.isPostOnly && timeInForce != .goodTilCancelled
            problems.append(
                isContradiction
                    ? ("tif", "post-only rests in the book: it goes with GTC only")
                    : ("quantity", "these terms don't fit together: prices and quantity must be positive"))
            return
        }
        for outcome in InstrumentValidation.check(request, instrument, reference: reference) where !outcome.isPassed {
            problems.append((TicketReading.field(of: outcome.check, type), TicketReading.words(outcome, instrument)))
        }
        self.request = request
    }

    private mutating func price(_ name: String, _ values: FormValues, _ instrument: Instrument) -> Price? {
        let text = values[name]
        guard !text.isEmpty else {
            problems.append((name, "a price is needed"))
            return nil
        }
        do {
            let price = try instrument.price(text)
            if price.mantissa > 0 { return price }
            problems.append((name, "a price is positive"))
        } catch {
            problems.append((name, error.description))
        }
        return nil
    }

    private mutating func quantity(
        _ text: String, _ side: Side, _ type: OrderType, _ reference: Price?, _ market: MarketView, _ snapshot: Snapshot
    ) -> Quantity? {
        let instrument = market.instrument
        func problem(_ text: String) -> Quantity? {
            problems.append(("quantity", text))
            return nil
        }
        guard !text.isEmpty else { return problem("a quantity is needed, or a share such as 25%") }
        guard text.hasSuffix("%") else {
            do {
                return try instrument.quantity(text)
            } catch {
                return problem(error.description)
            }
        }
        guard let share = try? Ratio(percent: text.dropLast()), share > .zero, share <= .one else {
            return problem("'\(text)' is no share: more than 0% and at most 100%")
        }
        let step = instrument.quantityStep(of: type)
        if side == .sell {
            let held = snapshot.positions.first { $0.position.owner.isManual && $0.position.instrument == market.id }
            guard let held, held.position.quantity.mantissa > 0 else {
                return problem("nothing of your own is held here to take a share of")
            }
            return held.position.quantity.share(share).rounded(toStep: step, .down)
        }
        guard let reference, snapshot.account.currency == instrument.quote else {
            return problem("a share of cash needs a price")
        }
        let amount = snapshot.account.cash.share(share, rounding: .down)
        return instrument.quantity(for: amount, at: reference).rounded(toStep: step, .down)
    }

    private static func field(of check: RiskCheck, _ type: OrderType) -> String {
        switch check {
        case .tick, .priceBand: type.hasLimit ? "price" : "trigger"
        default: "quantity"
        }
    }

    private static func words(_ outcome: CheckOutcome, _ instrument: Instrument) -> String {
        let rules = instrument.rules
        switch outcome.check {
        case .tick: return "prices go in steps of \(instrument.text(rules.tick))"
        case .quantityStep:
            return "quantities go in steps of \(instrument.text(Quantity(mantissa: Int64(clamping: outcome.limit))))"
        case .minimumQuantity: return "the smallest order is \(instrument.text(rules.minimumQuantity))"
        case .maximumQuantity: return "the largest order is \(instrument.text(rules.maximumQuantity))"
        case .minimumNotional:
            let least = Money(units: outcome.limit, instrument.quote)
            return "the smallest order is worth \(Words.money(least)) \(instrument.quote.code)"
        case .priceBand: return "the price may stand at most \(rules.priceBand) from the last one"
        default: return outcome.text
        }
    }
}

/// What an order would come to, as labelled lines.
enum TicketPreview {
    /// Adds the lines, and a problem where cash does not suffice.
    static func add(_ request: OrderRequest, _ market: MarketView, _ snapshot: Snapshot, to review: inout FormReview) {
        let instrument = market.instrument
        let account = snapshot.account
        let atMarket = request.side == .buy ? market.quote?.ask : market.quote?.bid
        guard let price = request.limitPrice ?? request.triggerPrice ?? atMarket ?? market.last else { return }
        let notional = instrument.notional(price, request.quantity)
        let code = instrument.quote.code
        review.preview.append(.init("Notional", "\(Words.money(notional)) \(code) at \(instrument.text(price))"))
        var cost = notional
        if let rate = request.isPostOnly ? account.makerFee : account.takerFee, account.currency == instrument.quote {
            let fee = notional.share(rate, rounding: .up)
            cost = notional + fee
            review.preview.append(
                .init(
                    "Fee, estimated", "\(Words.money(fee)) \(code) (\(request.isPostOnly ? "maker" : "taker") \(rate))")
            )
        }
        guard account.currency == instrument.quote else { return }
        if !request.isReduceOnly {
            let held = snapshot.positions.filter { $0.position.instrument == market.id }
            let net = held.reduce(Int64(0)) { $0 + $1.position.quantity.mantissa }
            let isAdding = net == 0 || (net > 0) == (request.side == .buy)
            let after = isAdding ? account.exposure + notional : account.exposure - notional
            let text = "\(share(account.exposure, account.equity)) → \(share(after, account.equity)) of equity"
            review.preview.append(.init("Exposure", text))
        }
        if request.side == .buy, !request.isReduceOnly {
            review.preview.append(
                .init("Free cash", "\(Words.money(account.cash)) → \(Words.money(account.cash - cost)) \(code)"))
            if cost > account.cash {
                review.problems.append(
                    ("quantity", "it needs \(Words.money(cost)) \(code), free are \(Words.money(account.cash))"))
            }
        }
    }

    private static func share(_ part: Money, _ whole: Money) -> String {
        whole.units > 0 ? Words.percent(part.approximation / whole.approximation, decimals: 1) : "–"
    }
}
