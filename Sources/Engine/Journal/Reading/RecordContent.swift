import Bytes
public import Journal
public import Market
public import Trading

/// What a record of the journal says, taken apart: the one place that knows every form, for whoever shows, exports or
/// compares records.
public enum RecordContent: Sendable {
    // What the kernel is told of.

    /// A closed candle.
    case candle(InstrumentID, Timeframe, Candle)
    /// A best bid and ask that led to something.
    case quote(InstrumentID, Quote)
    /// A price that the kernel alone sees.
    case mark(InstrumentID, Quote)
    /// Time passed, and that led to something.
    case timer(Timestamp)
    /// What a venue said of an order.
    case report(OrderReport)
    /// What a person or a program asked for.
    case command(Command)
    /// Quotes, prints and timers of one stretch, in the market stream.
    case marketBatch([MarketInput])
    /// Longer candles are derived from now on, beginning with these of the running interval.
    case subscribe(InstrumentID, Timeframe, recent: [Candle])
    /// A candle that closed while no engine ran.
    case missed(InstrumentID, Candle)
    /// Orders were held back on their last step.
    case withheld([OrderID], OrderReason)
    /// A comparison with a venue found what was missed, or what is asked about.
    case finding(VenueFinding)

    // What the kernel answers.

    /// An order is sent.
    case submit(Order)
    /// A cancel is sent.
    case cancel(OrderID)
    /// New terms are sent.
    case amend(OrderID, OrderAmendment)
    /// A venue is asked about an order.
    case query(OrderID)
    /// What the kernel writes down.
    case record(Record)
    /// Something that a person should know.
    case alert(Alert)
    /// The account as an input left it.
    case account(Account, isEquityPoint: Bool)

    // What the engine writes of itself.

    /// An engine began.
    case sessionStart(number: UInt64, version: String, source: String, instruments: [String], wallTime: Timestamp)
    /// An engine ended in good order.
    case sessionEnd(number: UInt64)
    /// A strategy is kept out of the step of a record, and halted after it.
    case supervision(input: UInt64, strategy: StrategyID, reason: String)
    /// An alert of the engine's own.
    case engineAlert(Alert)
    /// Alerts that a person has seen to.
    case acknowledged(alerts: [Int64], origin: String)
    /// An alert that a person put aside.
    case shelved(alert: Int64, until: Timestamp, origin: String)
    /// Who did what, to what.
    case audit(action: String, subject: String, detail: String, origin: String, at: Timestamp)
    /// A kept value.
    case value(key: String, value: String?, at: Timestamp)
    /// What a comparison with a venue found, each in words.
    case reconciliation([String])
    /// A person let trading start on a journal that was damaged.
    case damageAccepted(origin: String, reason: String, damage: String)
}

extension RecordContent {
    /// What a record says; `nil` for a kind or a form that this program does not know.
    public init?(_ record: JournalRecord) {
        guard record.version == 1 else { return nil }
        self.init(kind: record.kind, payload: record.payload)
    }

    /// What the payload of a kind says; `nil` for a kind or a form that this program does not know.
    public init?(kind: UInt8, payload: ArraySlice<UInt8>) {
        do throws(MalformedBytes) {
            var reader = ByteReader(payload)
            if kind == JournalKind.marketBatch.rawValue {
                var inputs: [MarketInput] = []
                var batch = MarketBatchReader(payload)
                while let input = try batch.next() { inputs.append(input) }
                self = .marketBatch(inputs)
                return
            }
            guard let content = try RecordContent.read(kind, &reader) else { return nil }
            // What is left over belongs to a form that this program does not know.
            guard reader.isAtEnd else { return nil }
            self = content
        } catch {
            return nil
        }
    }

    private static func read(_ kind: UInt8, _ reader: inout ByteReader) throws(MalformedBytes) -> RecordContent? {
        if kind == ReservedKind.override {
            let origin = try reader.text()
            let reason = try reader.text()
            return .damageAccepted(origin: origin, reason: reason, damage: try reader.text())
        }
        guard let kind = JournalKind(rawValue: kind) else { return nil }
        switch kind {
        case .candle:
            let instrument = try reader.value(InstrumentID.self)
            let timeframe = try reader.value(Timeframe.self)
            return .candle(instrument, timeframe, try reader.value())
        case .quote:
            let instrument = try reader.value(InstrumentID.self)
            return .quote(instrument, try reader.value())
        case .mark:
            let instrument = try reader.value(InstrumentID.self)
            return .mark(instrument, try reader.value())
        case .timer: return .timer(try reader.value())
        case .report: return .report(try reader.value())
        case .command: return .command(try reader.value())
        case .marketBatch: return nil
        case .subscribe:
            let subscription = try reader.value(CandleSubscription.self)
            return .subscribe(subscription.instrument, subscription.timeframe, recent: subscription.recent)
        case .missed:
            let instrument = try reader.value(InstrumentID.self)
            return .missed(instrument, try reader.value())
        case .withheld:
            let held = try reader.value(Withholding.self)
            return .withheld(held.orders, held.reason)
        case .finding: return .finding(try reader.value())
        case .account:
            let point = try reader.value(AccountPoint.self)
            return .account(point.account, isEquityPoint: point.isEquityPoint)
        case .submit, .cancel, .amend, .query, .signal, .verdict, .order, .fill, .position, .trip, .strategy,
            .strategyRemoved, .tradingState, .refusal, .alert:
            return RecordContent(try Effect(kind, from: &reader))
        case .reconciliation: return .reconciliation(try reader.array())
        case .sessionStart, .sessionEnd, .supervision, .note: return try note(kind, &reader)
        // Reserved for what no engine writes yet.
        }
    }

    private init(_ effect: Effect) {
        switch effect {
        case .submit(let order): self = .submit(order)
        case .cancel(let id): self = .cancel(id)
        case .amend(let id, let amendment): self = .amend(id, amendment)
        case .query(let id): self = .query(id)
        case .record(let record): self = .record(record)
        case .alert(let alert): self = .alert(alert)
        }
    }

    private static func note(
        _ kind: JournalKind, _ reader: inout ByteReader
    ) throws(MalformedBytes) -> RecordContent? {
        switch kind {
        case .sessionStart:
            let start = try reader.value(SessionStart.self)
            return .sessionStart(
                number: start.number, version: start.version, source: start.source, instruments: start.instruments,
                wallTime: start.wallTime)
        case .sessionEnd: return .sessionEnd(number: try reader.unsigned())
        case .supervision:
            let suspension = try reader.value(Suspension.self)
            return .supervision(
                input: suspension.input, strategy: suspension.strategy, reason: suspension.reason)
        case .note:
            switch try reader.value(EngineNote.self) {
            case .alert(let alert): return .engineAlert(alert)
            case .acknowledge(let numbers, let origin): return .acknowledged(alerts: numbers, origin: origin)
            case .shelve(let number, let until, let origin):
                return .shelved(alert: number, until: until, origin: origin)
            case .audit(let action, let subject, let detail, let origin, let time):
                return .audit(action: action, subject: subject, detail: detail, origin: origin, at: time)
            case .value(let value, let key, let time): return .value(key: key, value: value, at: time)
            }
        default: return nil
        }
    }
}

extension RecordContent {
    /// The order that it is about, where there is one.
    public var order: OrderID? {
        switch self {
        case .report(let report), .finding(.report(let report)): return report.order
        case .finding(.query(let id)): return id
        case .command(.cancel(let id)), .cancel(let id), .amend(let id, _), .query(let id): return id
        case .submit(let order), .record(.order(let order)): return order.id
        case .record(.verdict(let verdict)): return verdict.order
        case .record(.fill(let fill)): return fill.order
        case .alert(let alert), .engineAlert(let alert): return alert.order
        default: return nil
        }
    }

    /// The strategy that it is about, where the record itself says so: of a report or a verdict its order knows.
    public var strategy: StrategyID? {
        switch self {
        case .submit(let order), .record(.order(let order)): return order.owner
        case .record(.signal(let signal)): return signal.strategy
        case .record(.fill(let fill)): return fill.owner
        case .record(.position(let position)): return position.owner
        case .record(.trip(let trip)): return trip.owner
        case .record(.strategy(let registration, _)): return registration.id
        case .record(.strategyRemoved(let id)), .supervision(_, let id, _): return id
        case .alert(let alert), .engineAlert(let alert): return alert.strategy
        case .command(let command): return RecordContent.strategy(of: command)
        default: return nil
        }
    }

    private static func strategy(of command: Command) -> StrategyID? {
        switch command {
        case .register(let registration, _): return registration.id
        case .remove(let id), .enable(let id, _), .disable(let id), .haltStrategy(let id, _), .catchUp(let id, _):
            return id
        case .place(_, let owner), .close(let owner, _): return owner
        default: return nil
        }
    }
}
