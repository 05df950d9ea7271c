public import Bytes
import Market

extension TradingState: BinaryCodable {
    /// Appends a number for the state and the reason of a breaker.
    public func write(to writer: inout ByteWriter) {
        switch self {
        case .active: writer.byte(0)
        case .reducing(let reason):
            writer.byte(1)
            writer.raw(reason)
        case .halted: writer.byte(2)
        }
    }

    /// Reads a state.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 0: self = .active
        case 1: self = .reducing(try reader.raw())
        case 2: self = .halted
        case let other: throw reader.malformed("\(other) is no trading state")
        }
    }
}

extension FillRecord: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(order)
        writer.value(owner)
        writer.value(instrument)
        writer.value(side)
        writer.value(time)
        writer.value(fill)
        writer.raw(purpose)
    }

    /// Reads a record.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let order = try reader.value(OrderID.self)
        let owner = try reader.value(StrategyID.self)
        let instrument = try reader.value(InstrumentID.self)
        let side = try reader.value(Side.self)
        let time = try reader.value(Timestamp.self)
        let fill = try reader.value(Fill.self)
        self.init(
            order: order, owner: owner, instrument: instrument, side: side, time: time, fill: fill,
            purpose: try reader.raw())
    }
}

extension Alert: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(time)
        writer.raw(priority)
        writer.text(kind)
        writer.text(text)
        writer.optional(instrument)
        writer.optional(strategy)
        writer.optional(order)
    }

    /// Reads an alert.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let time = try reader.value(Timestamp.self)
        let priority = try reader.raw(AlertPriority.self)
        let kind = try reader.text()
        let text = try reader.text()
        let instrument = try reader.optional(InstrumentID.self)
        let strategy = try reader.optional(StrategyID.self)
        self.init(
            time: time, priority: priority, kind: kind, text: text, instrument: instrument, strategy: strategy,
            order: try reader.optional())
    }
}

extension Record {
    /// The kind of the journal's record.
    public var journalKind: JournalKind {
        switch self {
        case .signal: return .signal
        case .verdict: return .verdict
        case .order: return .order
        case .fill: return .fill
        case .position: return .position
        case .trip: return .trip
        case .strategy: return .strategy
        case .strategyRemoved: return .strategyRemoved
        case .tradingState: return .tradingState
        case .refusal: return .refusal
        }
    }

    /// Appends what the record of this kind carries.
    public func writePayload(to writer: inout ByteWriter) {
        switch self {
        case .signal(let signal): writer.value(signal)
        case .verdict(let verdict): writer.value(verdict)
        case .order(let order): writer.value(order)
        case .fill(let fill): writer.value(fill)
        case .position(let position): writer.value(position)
        case .trip(let trip): writer.value(trip)
        case .strategy(let registration, let reason):
            writer.value(registration)
            writer.text(reason)
        case .strategyRemoved(let id): writer.value(id)
        case .tradingState(let state, let time):
            writer.value(time)
            writer.value(state)
        case .refusal(let text): writer.text(text)
        }
    }

    /// Reads what the record of this kind carries.
    ///
    /// - Throws: `MalformedBytes`, also when the kind is another's.
    public init(_ kind: JournalKind, from reader: inout ByteReader) throws(MalformedBytes) {
        switch kind {
        case .signal: self = .signal(try reader.value())
        case .verdict: self = .verdict(try reader.value())
        case .order: self = .order(try reader.value())
        case .fill: self = .fill(try reader.value())
        case .position: self = .position(try reader.value())
        case .trip: self = .trip(try reader.value())
        case .strategy:
            let registration = try reader.value(StrategyRegistration.self)
            self = .strategy(registration, reason: try reader.text())
        case .strategyRemoved: self = .strategyRemoved(try reader.value())
        case .tradingState:
            let time = try reader.value(Timestamp.self)
            self = .tradingState(try reader.value(), at: time)
        case .refusal: self = .refusal(try reader.text())
        default: throw reader.malformed("a record of kind \(kind.name) is nothing that the kernel writes down")
        }
    }
}

extension Effect {
    /// The kind of the journal's record.
    public var journalKind: JournalKind {
        switch self {
        case .submit: return .submit
        case .cancel: return .cancel
        case .amend: return .amend
        case .query: return .query
        case .record(let record): return record.journalKind
        case .alert: return .alert
        }
    }

    /// Appends what the record of this kind carries.
    public func writePayload(to writer: inout ByteWriter) {
        switch self {
        case .submit(let order): writer.value(order)
        case .cancel(let id), .query(let id): writer.value(id)
        case .amend(let id, let amendment):
            writer.value(id)
            writer.value(amendment)
        case .record(let record): record.writePayload(to: &writer)
        case .alert(let alert): writer.value(alert)
        }
    }

    /// Reads what the record of an effect carries.
    ///
    /// - Throws: `MalformedBytes`, also when the kind is no effect's.
    public init(_ kind: JournalKind, from reader: inout ByteReader) throws(MalformedBytes) {
        switch kind {
        case .submit: self = .submit(try reader.value())
        case .cancel: self = .cancel(try reader.value())
        case .query: self = .query(try reader.value())
        case .amend:
            let id = try reader.value(OrderID.self)
            self = .amend(id, try reader.value())
        case .alert: self = .alert(try reader.value())
        default: self = .record(try Record(kind, from: &reader))
        }
    }
}

extension Effect: BinaryCodable {
    /// Appends the kind and the payload.
    public func write(to writer: inout ByteWriter) {
        writer.raw(journalKind)
        writePayload(to: &writer)
    }

    /// Reads an effect.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let kind = try reader.raw(JournalKind.self)
        try self.init(kind, from: &reader)
    }
}

extension Record: BinaryCodable {
    /// Appends the kind and the payload.
    public func write(to writer: inout ByteWriter) {
        writer.raw(journalKind)
        writePayload(to: &writer)
    }

    /// Reads a record.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let kind = try reader.raw(JournalKind.self)
        try self.init(kind, from: &reader)
    }
}
