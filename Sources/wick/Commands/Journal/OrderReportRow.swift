import Engine
import Market
import Trading

/// The explanation of an order as JSON.
struct OrderReportRow {
    var order: UInt64
    var clientOrderId: String?
    var strategy: String
    var instrument: String
    var side: String
    var type: String
    var purpose: String
    var causes: [JournalLine.Row]
    var candles: [JournalLine.Row]
    var signal: SignalRow?
    var sizing: String?
    var quantity: String
    var spend: String?
    var decisionPrice: String
    var allowed: Bool?
    var checks: [CheckRow]
    var way: [StepRow]
    var state: String
    var reason: String
    var filled: String
    var averagePrice: String?
    var fees: String
    var position: JournalLine.Row?
    var account: JournalLine.Row?
    var missing: [String]

    struct SignalRow {
        var sequence: UInt64
        var direction: String
        var strength: Double
        var confidence: Double
        var rule: String
        var values: [ValueRow]
        var outcome: String
    }

    struct ValueRow {
        var name: String
        var value: Double
    }

    struct CheckRow {
        var check: String
        var passed: Bool
        var value: String?
        var limit: String?
    }

    struct StepRow {
        var sequence: UInt64
        var cause: UInt64
        var kind: String
        var time: String
        var nanosecondsSinceSubmission: Int64?
        var text: String
        var record: RawJSON?
    }

    init(_ explanation: OrderExplanation) {
        let text = explanation.text
        let request = explanation.asMade.request
        let order = explanation.order
        let id = request.instrument
        self.order = order.id.rawValue
        clientOrderId = OrderReportText.clientID(explanation)
        strategy = text.names.name(order.owner)
        instrument = text.names.name(id)
        side = request.side.name
        type = request.type.name
        purpose = request.purpose.name
        causes = explanation.causes.map { JournalLine.Row($0, text) }
        candles = explanation.candles.map { JournalLine.Row($0, text) }
        if case .record(.signal(let record)) = explanation.signal?.content {
            signal = SignalRow(
                sequence: explanation.signal?.sequence ?? 0, direction: record.signal.direction.name,
                strength: record.signal.strength, confidence: record.signal.confidence, rule: record.signal.rule,
                values: record.signal.values.map { ValueRow(name: $0.name, value: $0.value) }, outcome: record.outcome)
        }
        sizing = explanation.registration.map { text.sizing($0.sizing, id) }
        quantity = text.names.text(request.quantity, id)
        spend = request.spend?.decimalText
        decisionPrice = text.names.text(explanation.asMade.decisionPrice, id)
        checks = []
        if case .record(.verdict(let verdict)) = explanation.verdict?.content {
            allowed = verdict.isAllowed
            checks = verdict.outcomes.map { outcome in
                let figures = OrderReportText.figures(outcome, currency: nil)
                return CheckRow(
                    check: outcome.check.name, passed: outcome.isPassed, value: figures?.value, limit: figures?.limit)
            }
        }
        way = explanation.way.map { entry in
            var time = entry.time
            if case .report(let report) = entry.content { time = report.time }
            return StepRow(
                sequence: entry.sequence, cause: entry.record.cause, kind: entry.kindName, time: time.description,
                nanosecondsSinceSubmission: explanation.submission.map { time.nanoseconds(since: $0.time) },
                text: OrderReportText.step(entry, explanation), record: entry.json)
        }
        state = order.state.name
        reason = order.reason.text
        filled = text.names.text(order.filled, id)
        if !order.filled.isZero, let known = text.names.instrument(id) {
            averagePrice = known.text(known.averagePrice(order.filledNotional, order.filled, rounding: .halfEven))
        }
        fees = order.quoteFees.decimalText
        position = explanation.position.map { JournalLine.Row($0, text) }
        account = explanation.account.map { JournalLine.Row($0, text) }
        missing = explanation.missing
    }
}
