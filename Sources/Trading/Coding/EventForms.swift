public import Bytes
import Market

extension Command: BinaryCodable {
    /// Appends a number for the command and what it carries.
    public func write(to writer: inout ByteWriter) {
        switch self {
        case .register(let registration, let history):
            writer.byte(0)
            writer.value(registration)
            writer.candles(history)
        case .remove(let id):
            writer.byte(1)
            writer.value(id)
        case .enable(let id, let history):
            writer.byte(2)
            writer.value(id)
            writer.candles(history)
        case .disable(let id):
            writer.byte(3)
            writer.value(id)
        case .place(let request, let owner):
            writer.byte(4)
            writer.value(request)
            writer.value(owner)
        case .cancel(let id):
            writer.byte(5)
            writer.value(id)
        case .cancelAll(let instrument):
            writer.byte(6)
            writer.optional(instrument)
        case .close(let owner, let instrument):
            writer.byte(7)
            writer.value(owner)
            writer.value(instrument)
        case .halt: writer.byte(8)
        case .emergencyStop(let keepsProtection):
            writer.byte(9)
            writer.bool(keepsProtection)
        case .flatten: writer.byte(10)
        case .rearm: writer.byte(11)
        case .limits(let limits):
            writer.byte(12)
            writer.value(limits)
        case .resetBreakers: writer.byte(13)
        case .block(let instrument, let reason):
            writer.byte(14)
            writer.value(instrument)
            writer.text(reason)
        case .unblock(let instrument):
            writer.byte(15)
            writer.value(instrument)
        case .accept(let truth):
            writer.byte(16)
            writer.value(truth)
        case .haltStrategy(let id, let reason):
            writer.byte(17)
            writer.value(id)
            writer.text(reason)
        case .catchUp(let id, let candles):
            writer.byte(18)
            writer.value(id)
            writer.candles(candles)
        case .settle(let settlement):
            writer.byte(20)
            writer.value(settlement)
        case .bookClaimed(let trade):
            writer.byte(19)
            writer.value(trade)
        case .bound(let instrument, let quantity):
            writer.byte(21)
            writer.value(instrument)
            writer.value(quantity)
        case .rules(let instrument, let rules):
            writer.byte(22)
            writer.value(instrument)
            writer.value(rules)
        }
    }

    /// Reads a command.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 0:
            let registration = try reader.value(StrategyRegistration.self)
            self = .register(registration, history: try reader.candles())
        case 1: self = .remove(try reader.value())
        case 2:
            let id = try reader.value(StrategyID.self)
            self = .enable(id, history: try reader.candles())
        case 3: self = .disable(try reader.value())
        case 4:
            let request = try reader.value(OrderRequest.self)
            self = .place(request, owner: try reader.value())
        case 5: self = .cancel(try reader.value())
        case 6: self = .cancelAll(try reader.optional())
        case 7:
            let owner = try reader.value(StrategyID.self)
            self = .close(owner, try reader.value())
        case 8: self = .halt
        case 9: self = .emergencyStop(keepsProtection: try reader.bool())
        case 10: self = .flatten
        case 11: self = .rearm
        case 12: self = .limits(try reader.value())
        case 13: self = .resetBreakers
        case 14:
            let instrument = try reader.value(InstrumentID.self)
            self = .block(instrument, reason: try reader.text())
        case 15: self = .unblock(try reader.value())
        case 16: self = .accept(try reader.value())
        case 17:
            let id = try reader.value(StrategyID.self)
            self = .haltStrategy(id, reason: try reader.text())
        case 18:
            let id = try reader.value(StrategyID.self)
            self = .catchUp(id, candles: try reader.candles())
        case 20: self = .settle(try reader.value())
        case 19: self = .bookClaimed(try reader.value())
        case 21:
            let instrument = try reader.value(InstrumentID.self)
            self = .bound(instrument, try reader.value())
        case 22:
            let instrument = try reader.value(InstrumentID.self)
            self = .rules(instrument, try reader.value())
        case let other: throw reader.malformed("\(other) is no command")
        }
    }
}

extension Event {
    /// The kind of the journal's record.
    public var journalKind: JournalKind {
        switch self {
        case .candle: return .candle
        case .quote: return .quote
        case .report: return .report
        case .command: return .command
        case .timer: return .timer
        }
    }

    /// Appends what the record of this kind carries.
    public func writePayload(to writer: inout ByteWriter) {
        switch self {
        case .candle(let instrument, let timeframe, let candle):
            writer.value(instrument)
            writer.value(timeframe)
            writer.value(candle)
        case .quote(let instrument, let quote):
            writer.value(instrument)
            writer.value(quote)
        case .report(let report): writer.value(report)
        case .command(let command, let time):
            writer.value(time)
            writer.value(command)
        case .timer(let time): writer.value(time)
        }
    }

    /// Reads what the record of an event carries.
    ///
    /// - Throws: `MalformedBytes`, also when the kind is no event's.
    public init(_ kind: JournalKind, from reader: inout ByteReader) throws(MalformedBytes) {
        switch kind {
        case .candle:
            let instrument = try reader.value(InstrumentID.self)
            let timeframe = try reader.value(Timeframe.self)
            self = .candle(instrument, timeframe, try reader.value())
        case .quote:
            let instrument = try reader.value(InstrumentID.self)
            self = .quote(instrument, try reader.value())
        case .report: self = .report(try reader.value())
        case .command:
            let time = try reader.value(Timestamp.self)
            self = .command(try reader.value(), at: time)
        case .timer: self = .timer(try reader.value())
        default: throw reader.malformed("a record of kind \(kind.name) is no event")
        }
    }
}

extension Event: BinaryCodable {
    /// Appends the kind and the payload.
    public func write(to writer: inout ByteWriter) {
        writer.raw(journalKind)
        writePayload(to: &writer)
    }

    /// Reads an event.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let kind = try reader.raw(JournalKind.self)
        try self.init(kind, from: &reader)
    }
}
