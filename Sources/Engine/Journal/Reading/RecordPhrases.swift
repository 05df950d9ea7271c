public import Market
public import Trading

// Parts of records in words, for a line or for a longer explanation.
extension RecordText {
    /// Open, high, low, close and volume.
    public func candle(_ candle: Candle, _ id: InstrumentID) -> String {
        "o \(names.text(candle.open, id)) h \(names.text(candle.high, id)) l \(names.text(candle.low, id)) "
            + "c \(names.text(candle.close, id)) v \(names.text(candle.volume, id))"
            + (candle.flags.contains(.isPartial) ? ", with a gap" : "")
    }

    /// What was asked of a venue, and by whom.
    public func request(_ request: OrderRequest, _ owner: StrategyID) -> String {
        let id = request.instrument
        var size = names.text(request.quantity, id)
        if let spend = request.spend {
            size = "for \(names.text(spend))" + (request.quantity.isZero ? "" : " (\(size))")
        }
        var text = "\(request.side.name) \(size) \(names.name(id)) \(request.type.name)"
        if let limit = request.limitPrice { text += " at \(names.text(limit, id))" }
        if let trailing = request.trailingText { text += " \(trailing)" }
        if let trigger = request.triggerPrice { text += " from \(names.text(trigger, id))" }
        if request.timeInForce != .goodTilCancelled { text += " \(request.timeInForce.name)" }
        if request.isPostOnly { text += " post-only" }
        if request.isReduceOnly { text += " reduce-only" }
        if let stop = request.protection?.stop { text += ", its stop at \(names.text(stop, id))" }
        if let target = request.protection?.target { text += ", its target at \(names.text(target, id))" }
        if owner.isManual, request.purpose == .manual { return text + ", manual" }
        return text + ", \(request.purpose.name) of \(names.name(owner))"
    }

    /// Where an order is in its life.
    public func state(_ order: Order) -> String {
        var text = order.state.name
        if order.isCancelPending { text += ", cancel on its way" }
        if order.isAmendPending { text += ", new terms on their way" }
        if order.reason != .none { text += " (\(order.reason.text))" }
        return text
    }

    /// New terms.
    public func amendment(_ amendment: OrderAmendment, _ id: InstrumentID?) -> String {
        let parts = [
            amendment.quantity.map { "quantity \(names.text($0, id))" },
            amendment.limitPrice.map { "limit \(names.text($0, id))" },
            amendment.triggerPrice.map { "trigger \(names.text($0, id))" },
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    /// An execution without its side.
    public func fill(_ fill: Fill, _ id: InstrumentID?) -> String {
        var text = "\(names.text(fill.quantity, id)) at \(names.text(fill.price, id)), fee \(names.text(fill.quoteFee))"
        if !fill.baseFee.isZero { text += " and \(names.text(fill.baseFee, id)) of the asset" }
        text += ", \(fill.liquidity.name)"
        return fill.isInferred ? text + ", inferred" : text + ", trade \(fill.tradeID)"
    }

    /// What a venue said of an order, without its number.
    public func report(_ report: OrderReport) -> String {
        let id = instrument(of: report.order)
        func because(_ word: String, _ reason: OrderReason) -> String {
            reason == .none ? word : "\(word): \(reason.text)"
        }
        switch report.kind {
        case .accepted: return "accepted"
        case .rejected(let reason): return because("rejected", reason)
        case .filled(let fill): return "filled " + self.fill(fill, id)
        case .canceled(let reason): return because("cancelled", reason)
        case .cancelRejected: return "its cancel was refused"
        case .amended(let amendment): return "new terms: " + self.amendment(amendment, id)
        case .amendRejected: return "new terms were refused"
        case .triggered: return "triggered"
        case .expired(let reason): return because("expired", reason)
        case .unanswered: return "no answer came"
        case .notFound: return "its venue does not know it"
        case .cancelUnanswered: return "no answer came to its cancel"
        case .amendUnanswered: return "no answer came to its new terms"
        case .status(let status):
            return
                "its venue says \(because(status.state.name, status.reason)), filled \(names.text(status.filled, id))"
        }
    }

    /// What an owner holds.
    public func position(_ position: Position) -> String {
        let id = position.instrument
        let whose = "\(names.name(position.owner)) \(names.name(id))"
        guard !position.isFlat else { return "\(whose) flat, realised \(names.text(position.realized)) before fees" }
        let average = names.instrument(id).flatMap { position.averagePrice($0) }
        return "\(whose) \(names.text(position.quantity, id))"
            + (average.map { " at \(names.text($0, id))" } ?? "")
            + ", realised \(names.text(position.realized)) before fees"
    }

    /// What was asked of the kernel.
    public func command(_ command: Command) -> String {
        switch command {
        case .register(let registration, let history):
            return "register \(registration.name) (\(registration.classTitle)) with \(history.count) candles"
        case .remove(let id): return "remove \(names.name(id))"
        case .enable(let id, let history): return "enable \(names.name(id)) with \(history.count) candles"
        case .disable(let id): return "disable \(names.name(id))"
        case .place(let request, let owner): return "place: " + self.request(request, owner)
        case .cancel(let id): return "cancel order \(id.rawValue)"
        case .cancelAll(let id): return "cancel all orders" + (id.map { " of \(names.name($0))" } ?? "")
        case .close(let owner, let id): return "close \(names.name(owner))'s position in \(names.name(id))"
        case .halt: return "let nothing open"
        case .emergencyStop(let keeps): return "emergency stop" + (keeps ? ", protective orders stay" : "")
        case .flatten: return "close every position"
        case .rearm: return "end the emergency stop"
        case .limits: return "replace the account's limits"
        case .resetBreakers: return "acknowledge the breakers"
        case .block(let id, let reason): return "let nothing open in \(names.name(id)): \(reason)"
        case .unblock(let id): return "end the block of \(names.name(id))"
        case .haltStrategy(let id, let reason): return "halt \(names.name(id)): \(reason)"
        case .catchUp(let id, let candles): return "show \(names.name(id)) \(candles.count) candles that it missed"
        case .accept(let truth):
            return "take the venue's word: \(truth.corrections.count) corrections"
                + (truth.cash.map { ", cash \(names.text($0))" } ?? "")
        case .settle(let settlement):
            let whose = "\(names.name(settlement.owner)) in \(names.name(settlement.instrument))"
            switch settlement.kind {
            case .liquidation(let fill):
                return "liquidate \(whose): \(names.text(fill.quantity, settlement.instrument)) at "
                    + names.text(fill.price, settlement.instrument)
            case .funding(let amount): return "funding of \(whose): \(names.text(amount)) paid"
            }
        case .bookClaimed(let trade):
            if trade.fill.isInferred {
                let quantity = names.text(trade.fill.quantity, trade.instrument)
                return "book that a fee took \(quantity) of \(names.name(trade.instrument))"
            }
            return "book trade \(trade.fill.tradeID) of a claimed order in \(names.name(trade.instrument))"
        case .bound(let id, let quantity):
            return "of \(names.name(id)) \(names.text(quantity, id)) can't be sold"
        case .rules(let id, let rules):
            return "orders of \(names.name(id)) follow new rules: tick \(names.text(rules.tick, id)), step "
                + names.text(rules.quantityStep, id)
        }
    }

    /// How big a strategy's entries are.
    public func sizing(_ sizing: Sizing, _ id: InstrumentID) -> String {
        switch sizing {
        case .allIn: return "all free cash, fees included"
        case .quantity(let quantity): return names.text(quantity, id)
        case .equityShare(let share): return "\(share) of the equity, fees included, at most the free cash"
        }
    }
}
