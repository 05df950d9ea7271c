import Engine
import Market
import Trading

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
        let isTrailing = type == .trailingStop
        let trailing = isTrailing ? trailing(values["trail"]) : nil
        let trigger: Price?
        if isTrailing {
            trigger = values["start"].isEmpty ? nil : price("start", values, instrument)
        } else {
            trigger = type.hasTrigger ? price("trigger", values, instrument) : nil
        }
        let reference = limit ?? trigger ?? (side == .buy ? market.quote?.ask : market.quote?.bid) ?? market.last
        let protection = TicketReading.mayBeProtected(values, type) ? protection(values, instrument) : nil
        guard let quantity = quantity(values["quantity"], side, type, reference, market, snapshot), problems.isEmpty
        else { return }
        let request = OrderRequest(
            instrument: market.id, side: side, type: type, quantity: quantity, limitPrice: limit,
            triggerPrice: trigger, trailing: trailing, timeInForce: timeInForce,
            isPostOnly: type.hasLimit && values.isOn("post"),
            isReduceOnly: values.isOn("reduce"), purpose: .manual, protection: protection)
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
        if let protection { check(protection, request, reference, instrument) }
        self.request = request
    }

    /// Whether an order of a type may carry a stop and a target.
    static func mayBeProtected(_ values: FormValues, _ type: OrderType) -> Bool {
        !type.hasTrigger && !values.isOn("reduce")
    }

    private mutating func trailing(_ text: String) -> Int? {
        if let value = Int(text), OrderRequest.trailingRange.contains(value) { return value }
        problems.append(
            ("trail", text.isEmpty ? "a distance is needed, in basis points" : "whole basis points, 1 to 9999"))
        return nil
    }

    private mutating func protection(_ values: FormValues, _ instrument: Instrument) -> EntryProtection? {
        let stop = values["stop"].isEmpty ? nil : price("stop", values, instrument)
        let target = values["target"].isEmpty ? nil : price("target", values, instrument)
        return stop == nil && target == nil ? nil : EntryProtection(stop: stop, target: target)
    }

    private mutating func check(
        _ protection: EntryProtection, _ request: OrderRequest, _ reference: Price?, _ instrument: Instrument
    ) {
        let isBuy = request.side == .buy
        if !isBuy, !instrument.kind.allowsShort {
            problems.append(("stop", "a sale opens nothing here that could be protected"))
            return
        }
        for (name, price, isBelow) in [("stop", protection.stop, isBuy), ("target", protection.target, !isBuy)] {
            guard let price else { continue }
            if price.mantissa % instrument.rules.tick.mantissa != 0 {
                problems.append((name, "prices go in steps of \(instrument.text(instrument.rules.tick))"))
            } else if let reference, isBelow ? price >= reference : price <= reference {
                problems.append((name, "it stands \(isBelow ? "below" : "above") the price of the order"))
            }
        }
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
        let amount = snapshot.account.freeCash.share(share, rounding: .down)
        return instrument.quantity(for: amount, at: reference).rounded(toStep: step, .down)
    }

    private static func field(of check: RiskCheck, _ type: OrderType) -> String {
        switch check {
        case .tick, .priceBand: type.hasLimit ? "price" : type == .trailingStop ? "start" : "trigger"
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
        case .maximumQuantity:
            return "the largest order is \(instrument.text(Quantity(mantissa: Int64(clamping: outcome.limit))))"
        case .minimumNotional:
            let least = Money(units: outcome.limit, instrument.quote)
            return "the smallest order is worth \(Words.money(least)) \(instrument.quote.code)"
        case .priceBand: return "the price may stand at most \(rules.priceBand) from the last one"
        default: return outcome.text
        }
    }
}
