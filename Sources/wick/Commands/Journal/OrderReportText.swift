import Engine
import Market
import Trading

/// The explanation of an order as a short report for people.
struct OrderReportText {
    private let explanation: OrderExplanation
    private let text: RecordText
    private let names: JournalNames
    private let id: InstrumentID

    init(_ explanation: OrderExplanation) {
        self.explanation = explanation
        text = explanation.text
        names = explanation.text.names
        id = explanation.order.request.instrument
    }

    func print() {
        let order = explanation.order
        Paragraph.print("Order \(order.id.rawValue): ", text.request(explanation.asMade.request, order.owner))
        cause()
        size()
        checks()
        way()
        end()
        if !explanation.missing.isEmpty {
            heading("Missing")
            for text in explanation.missing { Paragraph.print("  ", text) }
        }
    }

    private func heading(_ title: String) { Output.line("\n\(title)") }

    /// A title and what belongs to it, in columns of their own.
    private func pair(_ title: String, _ value: String) {
        Paragraph.print("  " + JournalLine.padded(title, 16) + " ", value)
    }

    // MARK: Why

    private func cause() {
        heading("Why")
        for entry in explanation.causes {
            pair(entry.kindName, cause(entry) + at(entry))
        }
        if explanation.causes.isEmpty, explanation.verdict != nil {
            pair("cause", "none recorded")
        }
        candles()
        guard case .record(.signal(let record)) = explanation.signal?.content, let entry = explanation.signal else {
            return protection()
        }
        let signal = record.signal
        pair(
            "signal",
            "\(signal.direction.name), strength \(OrderReportText.figure(signal.strength)), "
                + "confidence \(OrderReportText.figure(signal.confidence))" + at(entry))
        pair("rule", signal.rule)
        for value in signal.values { pair("  \(value.name)", OrderReportText.figure(value.value)) }
        pair("outcome", record.outcome)
    }

    /// What a cause says; of a candle whose figures follow, only which it was.
    private func cause(_ entry: JournalEntry) -> String {
        if case .candle(let id, let timeframe, _) = entry.content, !explanation.candles.isEmpty {
            return "\(names.name(id)) \(timeframe) closed"
        }
        return entry.content.map(text.line) ?? "\(entry.record.payload.count) bytes"
    }

    private func candles() {
        guard case .candle(_, let timeframe, _) = explanation.candles.first?.content else { return }
        for (index, entry) in explanation.candles.enumerated() {
            guard case .candle(_, _, let candle) = entry.content else { continue }
            let day = timeframe < .oneDay ? candle.openTime.timeOfDay : candle.openTime.date
            pair(index == 0 ? "\(timeframe) candles seen" : "", "\(day) " + text.candle(candle, id(of: entry)))
        }
    }

    private func id(of entry: JournalEntry) -> InstrumentID {
        if case .candle(let id, _, _) = entry.content { return id }
        return id
    }

    /// What a protective order follows.
    private func protection() {
        guard explanation.asMade.request.purpose.isProtective, let registration = explanation.registration else {
            return
        }
        let protection = registration.protection
        let parts = [
            protection.stopLoss.map { "stop-loss \($0)" }, protection.takeProfit.map { "take-profit \($0)" },
            protection.trailingStop.map { "trailing stop \($0)" },
        ]
        pair("protection", "\(registration.name) asks for " + parts.compactMap { $0 }.joined(separator: ", "))
    }

    // MARK: Size and checks

    private func size() {
        let request = explanation.asMade.request
        heading("Size")
        if request.purpose == .entry, let registration = explanation.registration {
            pair("sizing", text.sizing(registration.sizing, id))
        } else if request.isReduceOnly {
            pair("sizing", "what \(names.name(explanation.order.owner)) held")
        }
        pair("asked for", request.spend.map { "to spend \(names.text($0))" } ?? names.text(request.quantity, id))
        let price = explanation.asMade.decisionPrice
        pair("decided at", price == .zero ? "no price known" : "\(names.text(price, id)), the last price then")
    }

    private func checks() {
        guard case .record(.verdict(let verdict)) = explanation.verdict?.content, let entry = explanation.verdict else {
            return
        }
        let failures = verdict.outcomes.count { !$0.isPassed }
        heading("Checks: " + (failures == 0 ? "allowed" : "denied by \(failures)") + at(entry))
        var table = Table(.text("  check"), .text(""), .number("found"), .number("limit"))
        for outcome in verdict.outcomes {
            let figures = OrderReportText.figures(outcome, currency: names.instrument(id)?.quote)
            table.add(
                "  \(outcome.check.name)", outcome.isPassed ? "passed" : "FAILED", figures?.value ?? "",
                figures?.limit ?? "")
        }
        table.print(whenEmpty: "  none ran")
    }

    // MARK: What became of it

    private func way() {
        heading("Way" + (explanation.submission == nil ? "" : ", with the market's time since it was sent"))
        guard !explanation.way.isEmpty else { return Output.line("  it never left") }
        let start = explanation.submission.map(\.time) ?? explanation.way[0].time
        for entry in explanation.way {
            let time = reportTime(entry)
            let head =
                "  \(JournalLine.time(time))  "
                + JournalLine.padded("+" + OrderReportText.duration(time.nanoseconds(since: start)), 9, left: true)
                + "  "
            Paragraph.print(head, OrderReportText.step(entry, explanation) + record(entry))
        }
    }

    /// When a venue said something, by its clock; of everything else the record's time.
    private func reportTime(_ entry: JournalEntry) -> Timestamp {
        if case .report(let report) = entry.content { return report.time }
        return entry.time
    }

    private func end() {
        let order = explanation.order
        heading("Now")
        pair("state", text.state(order))
        let asked = order.request.quantity
        if !order.filled.isZero || !asked.isZero {
            pair("filled", names.text(order.filled, id) + (asked.isZero ? "" : " of \(names.text(asked, id))"))
        }
        if !order.filled.isZero, let instrument = names.instrument(id) {
            let average = instrument.averagePrice(order.filledNotional, order.filled, rounding: .halfEven)
            pair("average price", "\(names.text(average, id)), \(slippage(average))")
            pair("fees", names.text(order.quoteFees))
        }
        if case .record(.position(let position)) = explanation.position?.content, let entry = explanation.position {
            pair("position then", text.position(position) + record(entry))
        }
        if case .account(let account, _) = explanation.account?.content, let entry = explanation.account {
            pair(
                "account then", "equity \(names.text(account.equity)), cash \(names.text(account.cash))" + record(entry)
            )
        }
    }

    /// How much worse than the price at the decision the fills were.
    private func slippage(_ average: Price) -> String {
        let order = explanation.order
        guard order.decisionPrice.mantissa > 0 else { return "no price was known at the decision" }
        let worse = (average - order.decisionPrice).mantissa * order.request.side.sign
        let units = Int128(worse) * Int128(Ratio.one.units) / Int128(order.decisionPrice.mantissa)
        if worse == 0 { return "that of the decision" }
        let points = DecimalText.text(abs(units) / 100, scale: 2, minimumDecimals: 2)
        return "\(points) basis points \(worse > 0 ? "worse" : "better") than at the decision"
    }

    // MARK: Places

    private func record(_ entry: JournalEntry) -> String { " (record \(entry.sequence))" }

    private func at(_ entry: JournalEntry) -> String {
        " (record \(entry.sequence), \(entry.time.date) \(JournalLine.time(entry.time)))"
    }
}
