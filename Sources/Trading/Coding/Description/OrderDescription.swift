import Market

extension RecordDescriber {
    /// An order as it is.
    public func describe(_ order: Order) -> DescribedValue {
        let id = order.request.instrument
        var list: [DescribedValue.Field] = [
            .init("order", number(order.id.rawValue)), .init("state", .text(order.state.name)),
            .init("owner", number(order.owner.rawValue)),
            .init("reason", order.reason == .none ? .none : .text(order.reason.text)),
        ]
        if case .fields(let terms) = describe(order.request) { list += terms }
        list += [
            .init("filled", quantity(id, order.filled)), .init("notional", money(order.filledNotional)),
            .init("fees", money(order.quoteFees)), .init("decision-price", price(id, order.decisionPrice)),
            .init("created", time(order.createdAt)), .init("updated", time(order.updatedAt)),
            .init("cancel-pending", order.isCancelPending ? .flag(true) : .none),
            .init("amend-pending", order.isAmendPending ? .flag(true) : .none),
        ]
        return .fields(list)
    }

    /// What is asked of a venue.
    public func describe(_ request: OrderRequest) -> DescribedValue {
        let id = request.instrument
        return .fields([
            .init("instrument", name(id)), .init("side", .text(request.side.name)),
            .init("type", .text(request.type.name)), .init("purpose", .text(request.purpose.name)),
            .init("quantity", quantity(id, request.quantity)), .init("spend", money(request.spend)),
            .init("limit", price(id, request.limitPrice)), .init("trigger", price(id, request.triggerPrice)),
            .init("trailing", request.trailing.map { .text("\($0) bps") } ?? .none),
            .init("time-in-force", .text(request.timeInForce.name)),
            .init("post-only", request.isPostOnly ? .flag(true) : .none),
            .init("reduce-only", request.isReduceOnly ? .flag(true) : .none),
            .init("group", request.group == 0 ? .none : number(request.group)),
            .init("stop", price(id, request.protection?.stop)), .init("target", price(id, request.protection?.target)),
        ])
    }

    /// Terms that change; in mantissas where the instrument is not known.
    func describe(_ amendment: OrderAmendment, _ id: InstrumentID?) -> DescribedValue {
        let id = id ?? InstrumentID(rawValue: -1)
        return .fields([
            .init("quantity", quantity(id, amendment.quantity)), .init("limit", price(id, amendment.limitPrice)),
            .init("trigger", price(id, amendment.triggerPrice)),
        ])
    }

    /// What a venue said.
    public func describe(_ report: OrderReport) -> DescribedValue {
        let (word, rest) = words(of: report.kind)
        return .fields(
            [
                .init("order", number(report.order.rawValue)), .init("time", time(report.time)),
                .init("report", .text(word)),
            ] + rest)
    }

    private func words(of kind: OrderReport.Kind) -> (String, [DescribedValue.Field]) {
        func because(_ reason: OrderReason) -> [DescribedValue.Field] {
            reason == .none ? [] : [.init("reason", .text(reason.text))]
        }
        switch kind {
        case .accepted: return ("accepted", [])
        case .rejected(let reason): return ("rejected", because(reason))
        case .filled(let fill): return ("filled", [.init("fill", describe(fill, InstrumentID(rawValue: -1)))])
        case .canceled(let reason): return ("canceled", because(reason))
        case .cancelRejected: return ("cancel-rejected", [])
        case .amended(let amendment): return ("amended", [.init("terms", describe(amendment, nil))])
        case .amendRejected: return ("amend-rejected", [])
        case .triggered: return ("triggered", [])
        case .expired(let reason): return ("expired", because(reason))
        case .unanswered: return ("unanswered", [])
        case .notFound: return ("not-found", [])
        case .cancelUnanswered: return ("cancel-unanswered", [])
        case .amendUnanswered: return ("amend-unanswered", [])
        case .status(let status):
            return (
                "status",
                [
                    .init("state", .text(status.state.name)), .init("quantity-units", number(status.quantity.mantissa)),
                    .init("filled-units", number(status.filled.mantissa)),
                ] + because(status.reason)
            )
        }
    }

    func describe(_ fill: Fill, _ id: InstrumentID) -> DescribedValue {
        .fields([
            .init("trade", number(fill.tradeID)), .init("price", price(id, fill.price)),
            .init("quantity", quantity(id, fill.quantity)), .init("fee", money(fill.quoteFee)),
            .init("base-fee", fill.baseFee.isZero ? .none : quantity(id, fill.baseFee)),
            .init("liquidity", .text(fill.liquidity.name)),
        ])
    }
}
