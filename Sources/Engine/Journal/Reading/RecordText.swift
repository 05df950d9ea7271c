import Market
import Trading

/// Records in one readable line each.
public struct RecordText: Sendable {
    /// What the numbers stand for.
    public var names: JournalNames
    /// Which instrument an order is of, as far as was heard; reports and amendments don't say.
    private var instruments: [OrderID: InstrumentID] = [:]

    /// Texts with these names.
    public init(_ names: JournalNames) { self.names = names }

    /// Takes in what a record says of orders and strategies. Called for every record in order, it lets those that name an
    /// order alone be shown with the decimals of its instrument.
    public mutating func learn(_ content: RecordContent?) {
        names.learn(content)
        switch content {
        case .submit(let order), .record(.order(let order)): instruments[order.id] = order.request.instrument
        default: return
        }
    }

    /// What a record says, in one line without its kind.
    public func line(_ content: RecordContent) -> String {
        switch content {
        case .candle(let id, let timeframe, let candle):
            return "\(names.name(id)) \(timeframe) " + self.candle(candle, id)
        case .missed(let id, let candle): return "\(names.name(id)) " + self.candle(candle, id)
        case .quote(let id, let quote), .mark(let id, let quote):
            return "\(names.name(id)) \(names.text(quote.bid, id)) × \(names.text(quote.ask, id))"
        case .timer(let time): return time.description
        case .report(let report): return "order \(report.order.rawValue) " + self.report(report)
        case .command(let command): return self.command(command)
        case .marketBatch(let inputs): return batch(inputs)
        case .subscribe(let id, let timeframe, let recent):
            return "\(names.name(id)) \(timeframe), \(recent.count) candles of the running interval"
        case .withheld(let orders, let reason):
            return orders.map { "order \($0.rawValue)" }.joined(separator: ", ") + ": \(reason.text)"
        case .finding(.report(let report)): return "order \(report.order.rawValue) " + self.report(report)
        case .finding(.query(let id)): return "order \(id.rawValue), to be asked about"
        case .submit(let order): return "order \(order.id.rawValue): " + request(order.request, order.owner)
        case .cancel(let id), .query(let id): return "order \(id.rawValue)"
        case .amend(let id, let amendment): return "order \(id.rawValue): " + self.amendment(amendment, instruments[id])
        case .record(let record): return self.record(record)
        case .alert(let alert), .engineAlert(let alert): return "\(alert.priority.name) \(alert.kind): \(alert.text)"
        case .account(let account, let isPoint):
            return "equity \(names.text(account.equity)), cash \(names.text(account.cash))"
                + (isPoint ? ", a point of the equity curve" : "")
        case .sessionStart, .sessionEnd, .supervision, .acknowledged, .shelved, .audit, .value, .reconciliation,
            .damageAccepted:
            return note(content)
        }
    }

    /// The instrument of an order, as far as it was heard of.
    func instrument(of order: OrderID) -> InstrumentID? { instruments[order] }

    private func note(_ content: RecordContent) -> String {
        switch content {
        case .sessionStart(let number, let version, let source, let instruments, let time):
            return "session \(number), \(version), \(source), \(instruments.count) instruments, by the clock \(time)"
        case .sessionEnd(let number): return "session \(number)"
        case .supervision(let input, let id, let reason):
            return "\(names.name(id)) is kept out of record \(input): \(reason)"
        case .acknowledged(let numbers, let origin):
            return "alerts " + numbers.map(String.init).joined(separator: ", ") + " seen by \(origin)"
        case .shelved(let number, let until, let origin): return "alert \(number) put aside until \(until) by \(origin)"
        case .audit(let action, let subject, let detail, let origin, _):
            return [action, subject, detail, "by \(origin)"].filter { !$0.isEmpty }.joined(separator: " ")
        case .value(let key, let value, _):
            return "\(key) = " + (value.map { $0.split(separator: "\n").joined(separator: " | ") } ?? "nothing")
        case .reconciliation(let found): return found.joined(separator: "; ")
        case .damageAccepted(let origin, let reason, let damage): return "by \(origin), \"\(reason)\": \(damage)"
        default: return ""
        }
    }

    private func batch(_ inputs: [MarketInput]) -> String {
        func count(_ matches: (MarketInput) -> Bool, _ word: String) -> String? {
            let count = inputs.count(where: matches)
            return count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
        }
        let parts = [
            count({ if case .quote = $0 { true } else { false } }, "quote"),
            count({ if case .print = $0 { true } else { false } }, "print"),
            count({ if case .book = $0 { true } else { false } }, "book"),
            count({ if case .timer = $0 { true } else { false } }, "timer"),
            count({ if case .minute = $0 { true } else { false } }, "minute"),
            count({ if case .bar = $0 { true } else { false } }, "candle"),
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    private func record(_ record: Record) -> String {
        switch record {
        case .signal(let signal):
            return
                "\(names.name(signal.strategy)) \(signal.signal.direction.name): \(signal.signal.rule) → \(signal.outcome)"
        case .verdict(let verdict):
            let word = verdict.isAllowed ? "allowed by \(verdict.outcomes.count) checks" : "denied: \(verdict.text)"
            return "order \(verdict.order.rawValue) \(word)"
        case .order(let order):
            return "order \(order.id.rawValue) \(state(order)): " + request(order.request, order.owner)
        case .fill(let fill):
            return "order \(fill.order.rawValue) \(fill.side.name) " + self.fill(fill.fill, fill.instrument)
        case .position(let position): return self.position(position)
        case .trip(let trip):
            return "\(names.name(trip.owner)) \(names.name(trip.instrument)) \(trip.side == .buy ? "long" : "short") "
                + "\(names.text(trip.quantity, trip.instrument)), result \(names.text(trip.profit)), "
                + "by \(trip.exitPurpose.name)"
        case .strategy(let registration, let reason):
            return "\(registration.name) (\(registration.classTitle)) \(registration.status.rawValue)"
                + (reason.isEmpty ? "" : ": \(reason)")
        case .strategyRemoved(let id): return names.name(id)
        case .tradingState(let state, _):
            switch state {
            case .active: return "active"
            case .reducing(let reason): return "reductions only: \(reason.text)"
            case .halted: return "reductions only: emergency stop"
            }
        case .refusal(let text): return text
        }
    }
}
