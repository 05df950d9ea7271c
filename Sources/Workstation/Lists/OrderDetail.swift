import Engine
import Market
import Trading

/// An order with its life and every check of the risk gate with its inputs.
struct OrderDetail: DetailModel {
    /// Which order.
    let id: OrderID

    func title(_ snapshot: Snapshot) -> String { "Order \(id.rawValue)" }

    func lines(_ snapshot: Snapshot) -> [DetailLine] {
        guard let view = snapshot.orders.first(where: { $0.order.id == id }),
            let instrument = snapshot.market(view.order.request.instrument)?.instrument
        else { return [.text("The order is no longer listed; the store keeps it.")] }
        let order = view.order
        var lines: [DetailLine] = [
            .pair("order", Describe.request(order.request, instrument)), .pair("owner", view.ownerName),
            .pair("purpose", order.request.purpose.name), .pair("state", state(order)),
            .pair(
                "filled",
                "\(instrument.text(order.filled)) of \(instrument.text(order.request.quantity)) \(instrument.base.code)"
            ),
        ]
        if !order.filled.isZero {
            let average = instrument.averagePrice(order.filledNotional, order.filled, rounding: .halfEven)
            lines.append(.pair("average price", instrument.text(average)))
            let base = order.baseFees.isZero ? "" : ", \(instrument.text(order.baseFees)) \(instrument.base.code)"
            lines.append(.pair("fees", "\(Words.money(order.quoteFees, decimals: 4)) \(instrument.quote.code)\(base)"))
        }
        lines.append(.pair("decided at", instrument.text(order.decisionPrice)))
        lines.append(.pair("made", order.createdAt.description))
        if let number = view.clientID { lines.append(.pair("venue's number", number.description)) }
        lines += [.blank, .heading("History")]
        lines += view.history.isEmpty ? [.text("nothing yet")] : view.history.map { .pair($0.time.timeOfDay, $0.text) }
        lines += [.blank, .heading("Risk checks")]
        guard let verdict = view.verdict else { return lines + [.text("not judged yet")] }
        lines += verdict.outcomes.map { .check(isPassed: $0.isPassed, $0.text) }
        return lines
    }

    private func state(_ order: Order) -> String {
        var text = order.state.name
        if order.isCancelPending { text += ", cancel on its way" }
        if order.reason != .none { text += ": \(order.reason.text)" }
        return text
    }
}

/// An order of another client of the account.
struct ExternalOrderDetail: DetailModel {
    /// The venue's number.
    let venueID: String

    func title(_ snapshot: Snapshot) -> String { "Order \(venueID) of another client" }

    func lines(_ snapshot: Snapshot) -> [DetailLine] {
        guard let order = snapshot.externalOrders.first(where: { $0.venueID == venueID }),
            let instrument = snapshot.market(order.instrument)?.instrument
        else { return [.text("The order is not open any more.")] }
        return [
            .pair("order", Describe.external(order, instrument)),
            .pair("filled", "\(instrument.text(order.filled)) of \(instrument.text(order.quantity))"),
            .pair("venue's number", order.venueID), .pair("client's number", order.clientOrderID),
            .pair("since", order.time.description), .pair("claimed", order.isClaimed ? "yes" : "no"), .blank,
            .text(
                order.isClaimed
                    ? "The emergency stop cancels it, too."
                    : "Nothing here touches it until it is claimed, which cancels it."),
        ]
    }
}

/// A position with its fills and protective orders.
struct PositionDetail: DetailModel {
    /// Whose.
    let owner: StrategyID
    /// Of what.
    let instrument: InstrumentID

    private func find(_ snapshot: Snapshot) -> PositionView? {
        snapshot.positions.first { $0.position.owner == owner && $0.position.instrument == instrument }
    }

    func title(_ snapshot: Snapshot) -> String {
        "Position \(snapshot.market(instrument)?.instrument.pair ?? "") of \(find(snapshot)?.ownerName ?? "")"
    }

    func lines(_ snapshot: Snapshot) -> [DetailLine] {
        guard let view = find(snapshot), let instrument = snapshot.market(instrument)?.instrument else {
            return [.text("The position is closed.")]
        }
        let position = view.position
        let code = instrument.quote.code
        var lines: [DetailLine] = [
            .pair("owner", view.ownerName),
            .pair(
                "size",
                "\(Describe.direction(position.quantity)) \(instrument.text(position.quantity.magnitude)) \(instrument.base.code)"
            ),
            .pair("entry", instrument.text(view.entry)), .pair("mark", instrument.text(view.mark)),
            .pair("notional", "\(Words.money(instrument.notional(view.mark, position.quantity.magnitude))) \(code)"),
            .pair("unrealised", "\(Words.profit(view.unrealized)) \(code)"),
            .pair("realised", "\(Words.profit(position.realized)) \(code), before fees, since the start"),
            .pair("fees", "\(Words.money(position.fees, decimals: 4)) \(code), since the start"),
            .pair("stop", view.stop.map { instrument.text($0) } ?? "none"),
            .pair("target", view.target.map { instrument.text($0) } ?? "none"),
            .pair("open since", position.openedAt == .epoch ? "–" : position.openedAt.description), .blank,
            .heading("Fills"),
        ]
        if view.fills.isEmpty { lines.append(.text("none listed")) }
        for record in view.fills {
            let fill = record.fill
            lines.append(
                .pair(
                    record.time.timeOfDay,
                    "\(record.side.name) \(instrument.text(fill.quantity)) @ \(instrument.text(fill.price))  fee "
                        + "\(fill.quoteFee.text(decimals: 4)) \(code)  \(fill.liquidity.name)  \(record.purpose.name)"
                        + "  order \(record.order.rawValue)"))
        }
        return lines
    }
}

/// A strategy with its parameters, results and the values behind its last signal.
struct StrategyDetail: DetailModel {
    /// Which strategy.
    let id: StrategyID

    func title(_ snapshot: Snapshot) -> String { snapshot.strategy(id)?.registration.name ?? "Strategy" }

    func lines(_ snapshot: Snapshot) -> [DetailLine] {
        guard let view = snapshot.strategy(id), let market = snapshot.market(view.registration.instrument) else {
            return [.text("The strategy was removed.")]
        }
        let registration = view.registration
        let instrument = market.instrument
        let code = instrument.quote.code
        var lines: [DetailLine] = [
            .pair("class", registration.classTitle), .pair("market", "\(instrument.name) \(registration.timeframe)"),
            .pair(
                "status",
                view.statusReason.isEmpty || view.statusReason == registration.status.rawValue
                    ? registration.status.rawValue : "\(registration.status.rawValue): \(view.statusReason)"),
            .pair("entry size", Describe.sizing(registration.sizing, instrument)),
            .pair("capital share", registration.capitalShare.description),
            .pair("protection", protection(registration.protection)),
        ]
        if view.warmUpRemaining > 0 {
            lines.append(.pair("warm-up", "\(Words.count(view.warmUpRemaining, "candle")) to go"))
        }
        switch view.rules {
        case nil: break
        case .changed(let file, let className):
            lines += [.blank, .heading("Rules changed"), .pair("file", file)]
            lines += RulesWords.differences(registration.className, className).map { .pair($0.sign, $0.text) }
            lines.append(.text("R in Strategies loads them."))
        case .wrong(let file, let problem):
            lines += [.blank, .heading("Rules with mistakes"), .pair("file", file)]
            lines += problem.split(separator: "\n").map { .text(String($0)) }
            lines.append(.text("The strategy goes on with the rules that it has."))
        }
        lines += [.blank, .heading("Parameters")]
        lines += registration.parameters.texts.map { .pair($0.name, $0.text) }
        lines += [
            .blank, .heading("Results"), .pair("day", "\(Words.profit(view.dayProfit)) \(code)"),
            .pair("since registration", "\(Words.profit(view.totalProfit)) \(code)"),
            .pair("round trips", "\(view.tripCount), \(view.winCount) with a profit"),
            .pair("profit factor", view.profitFactor.map { Words.fixed($0, 2) } ?? "–"),
            .pair(
                "position",
                view.position.isFlat
                    ? "flat"
                    : "\(Describe.direction(view.position.quantity)) \(instrument.text(view.position.quantity.magnitude))"
            ),
            .pair("open orders", "\(view.openOrderCount)"), .blank, .heading("Last signal"),
        ]
        guard let record = view.lastSignal else { return lines + [.text("none yet")] }
        lines += [
            .pair("time", record.time.description), .pair("wants", record.signal.direction.name),
            .pair("rule", record.signal.rule), .pair("at", instrument.text(record.price)),
            .pair("outcome", record.outcome),
        ]
        lines += record.signal.values.map { .pair($0.name, Words.fixed($0.value, 4)) }
        return lines
    }

    private func protection(_ protection: Protection) -> String {
        var parts: [String] = []
        if let stop = protection.stopLoss { parts.append("stop \(stop)") }
        if let target = protection.takeProfit { parts.append("target \(target)") }
        if let trail = protection.trailingStop { parts.append("trailing \(trail)") }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }
}

/// The receipt of the last emergency stop, venue by venue.
struct ReceiptDetail: DetailModel {
    func title(_ snapshot: Snapshot) -> String { "Emergency stop" }

    func lines(_ snapshot: Snapshot) -> [DetailLine] {
        guard let receipt = snapshot.receipt else { return [.text("There was none in this session.")] }
        var lines: [DetailLine] = [
            .pair("asked", "\(receipt.time.description), by \(receipt.origin)"),
            .pair("flattening", receipt.isFlattening ? "yes" : "no"),
            .pair("positions left", "\(receipt.openPositions)"), .blank, .heading("Venues"),
        ]
        for row in receipt.venues { lines.append(.check(isPassed: row.remaining == 0, ReceiptDetail.text(row))) }
        return lines
    }

    /// One venue's row in words.
    static func text(_ row: EmergencyReceipt.Row) -> String {
        "\(row.venue): \(row.sent) sent, \(row.confirmed) confirmed, \(row.remaining) remaining, "
            + "\(Words.fixed(row.milliseconds, 1)) ms"
    }
}
