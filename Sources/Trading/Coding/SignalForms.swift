public import Bytes
import Market

extension NamedValue: BinaryCodable {
    /// Appends name and value.
    public func write(to writer: inout ByteWriter) {
        writer.text(name)
        writer.double(value)
    }

    /// Reads a named value.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let name = try reader.text()
        self.init(name, try reader.double())
    }
}

extension Signal: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(direction)
        writer.double(strength)
        writer.double(confidence)
        writer.text(rule)
        writer.array(values)
    }

    /// Reads a signal.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let direction = try reader.value(Direction.self)
        let strength = try reader.double()
        let confidence = try reader.double()
        let rule = try reader.text()
        self.init(direction, strength: strength, confidence: confidence, rule: rule, values: try reader.array())
    }
}

extension SignalRecord: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(strategy)
        writer.value(instrument)
        writer.value(time)
        writer.value(price)
        writer.value(signal)
        writer.text(outcome)
    }

    /// Reads a record.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let strategy = try reader.value(StrategyID.self)
        let instrument = try reader.value(InstrumentID.self)
        let time = try reader.value(Timestamp.self)
        let price = try reader.value(Price.self)
        let signal = try reader.value(Signal.self)
        self.init(
            strategy: strategy, instrument: instrument, time: time, price: price, signal: signal,
            outcome: try reader.text())
    }
}

extension CheckOutcome: BinaryCodable {
    /// Appends check and answer in two bytes, then the numbers.
    public func write(to writer: inout ByteWriter) {
        writer.raw(check)
        writer.byte(unit.number << 1 | (isPassed ? 1 : 0))
        if case .price(let scale) = unit { writer.signed(Int64(scale)) }
        if case .quantity(let scale) = unit { writer.signed(Int64(scale)) }
        writer.wide(value)
        writer.wide(limit)
    }

    /// Reads an outcome.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let check = try reader.raw(RiskCheck.self)
        let head = try reader.byte()
        let unit = try Unit(number: head >> 1, from: &reader)
        let value = try reader.wide()
        self.init(check, isPassed: head & 1 == 1, value: value, limit: try reader.wide(), unit: unit)
    }
}

extension CheckOutcome.Unit {
    fileprivate var number: UInt8 {
        switch self {
        case .count: return 0
        case .money: return 1
        case .ratio: return 2
        case .price: return 3
        case .quantity: return 4
        case .seconds: return 5
        }
    }

    fileprivate init(number: UInt8, from reader: inout ByteReader) throws(MalformedBytes) {
        switch number {
        case 0: self = .count
        case 1: self = .money
        case 2: self = .ratio
        case 3: self = .price(scale: try CheckOutcome.Unit.scale(&reader))
        case 4: self = .quantity(scale: try CheckOutcome.Unit.scale(&reader))
        case 5: self = .seconds
        default: throw reader.malformed("\(number) is no unit of a check")
        }
    }

    private static func scale(_ reader: inout ByteReader) throws(MalformedBytes) -> Int {
        let scale = try reader.signed()
        guard (0...Int64(Money.scale)).contains(scale) else { throw reader.malformed("\(scale) is no scale") }
        return Int(scale)
    }
}

extension Verdict: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(order)
        writer.value(time)
        writer.array(outcomes)
    }

    /// Reads a verdict.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let order = try reader.value(OrderID.self)
        let time = try reader.value(Timestamp.self)
        self.init(order: order, time: time, outcomes: try reader.array())
    }
}
