import Engine
import Market
import Trading

// Parts of an order's explanation that text and JSON share.
extension OrderReportText {
    /// What a check found and what it allows; `nil` where it looks at no figures.
    static func figures(_ outcome: CheckOutcome, currency: Currency?) -> (value: String, limit: String)? {
        func text(_ value: Int128) -> String {
            switch outcome.unit {
            case .count: return String(value)
            case .seconds: return "\(value) s"
            case .money:
                let amount = Money(units: value, currency ?? .usd).text(decimals: 2)
                return currency.map { "\(amount) \($0.code)" } ?? amount
            case .ratio: return Ratio(units: Int64(clamping: value)).description
            case .price(let scale), .quantity(let scale): return DecimalText.text(value, scale: scale)
            }
        }
        if outcome.value == 0, outcome.limit == 0, outcome.unit == .count, outcome.check != .duplicate { return nil }
        return (text(outcome.value), text(outcome.limit))
    }

    /// What happened on an order's way.
    static func step(_ entry: JournalEntry, _ explanation: OrderExplanation) -> String {
        let text = explanation.text
        func because(_ word: String) -> String {
            guard let reason = explanation.reasons[entry.sequence], let content = reason.content else { return word }
            return "\(word), by record \(reason.sequence): \(reason.kindName) \(text.line(content))"
        }
        switch entry.content {
        case .submit: return "sent" + (clientID(explanation).map { " as \($0)" } ?? "")
        case .cancel: return because("cancel sent")
        case .amend(_, let amendment):
            return because("new terms sent: " + text.amendment(amendment, explanation.order.request.instrument))
        case .query: return because("asked about")
        case .report(let report): return text.report(report)
        case .finding(.report(let report)): return "found at its venue: " + text.report(report)
        case .finding(.query): return "asked about, after a comparison with its venue"
        case .withheld(_, let reason): return "held back, it never left: \(reason.text)"
        case .alert(let alert): return "alert (\(alert.priority.name)): \(alert.text)"
        default: return entry.kindName
        }
    }

    /// The client order id that the order's submission gives; `nil` when it was not sent.
    static func clientID(_ explanation: OrderExplanation) -> String? {
        explanation.submission.map {
            ClientOrderID(explanation.text.names.instance ?? .unnamed, sequence: $0.sequence, ordinal: 0).description
        }
    }

    /// A floating-point figure for people: as many decimals as it has, eight at most.
    static func figure(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 9e9 else { return value.description }
        let scaled = (value * 1e8).rounded()
        return DecimalText.text(Int128(Int64(scaled)), scale: 8)
    }

    /// A stretch of time in the unit that suits it.
    static func duration(_ nanoseconds: Int64) -> String {
        func number(_ unit: Int64, _ name: String) -> String {
            Figures.decimal(Double(nanoseconds) / Double(unit), nanoseconds % unit == 0 ? 0 : 1) + " \(name)"
        }
        switch nanoseconds.magnitude {
        case 0: return "0 ms"
        case ..<1_000_000: return number(1_000, "µs")
        case ..<1_000_000_000: return number(1_000_000, "ms")
        case ..<600_000_000_000: return number(1_000_000_000, "s")
        case ..<36_000_000_000_000: return number(60_000_000_000, "min")
        default: return number(3_600_000_000_000, "h")
        }
    }
}

extension ClientOrderID.Instance {
    /// An engine whose name is not known any more: `000`.
    static let unnamed = ClientOrderID.Instance("000")!
}
