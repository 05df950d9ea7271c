public import Bytes
import Market

extension Sizing: BinaryCodable {
    /// Appends a number for the kind and its size.
    public func write(to writer: inout ByteWriter) {
        switch self {
        case .allIn: writer.byte(0)
        case .quantity(let quantity):
            writer.byte(1)
            writer.value(quantity)
        case .equityShare(let share):
            writer.byte(2)
            writer.value(share)
        }
    }

    /// Reads a sizing.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 0: self = .allIn
        case 1: self = .quantity(try reader.value())
        case 2: self = .equityShare(try reader.value())
        case let other: throw reader.malformed("\(other) is no sizing")
        }
    }
}

extension Protection: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.optional(stopLoss)
        writer.optional(takeProfit)
        writer.optional(trailingStop)
    }

    /// Reads a protection.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let stop = try reader.optional(Ratio.self)
        let target = try reader.optional(Ratio.self)
        self.init(stopLoss: stop, takeProfit: target, trailingStop: try reader.optional())
    }
}

extension StrategyLimits: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.optional(maximumPositionNotional)
        writer.optional(maximumShare)
        writer.optional(maximumDrawdown)
    }

    /// Reads limits.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let notional = try reader.optional(Money.self)
        let share = try reader.optional(Ratio.self)
        self.init(maximumPositionNotional: notional, maximumShare: share, maximumDrawdown: try reader.optional())
    }
}

extension RiskLimits: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.optional(maximumOpenOrders)
        writer.optional(maximumOrderNotional)
        writer.optional(maximumPositionNotional)
        writer.optional(maximumExposure)
        writer.optional(maximumDrawdown)
        writer.optional(maximumDailyLoss)
        writer.optional(maximumDataAgeSeconds)
        writer.optional(priceBand)
    }

    /// Reads limits.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init()
        maximumOpenOrders = try reader.optional()
        maximumOrderNotional = try reader.optional()
        maximumPositionNotional = try reader.optional()
        maximumExposure = try reader.optional()
        maximumDrawdown = try reader.optional()
        maximumDailyLoss = try reader.optional()
        maximumDataAgeSeconds = try reader.optional()
        priceBand = try reader.optional()
    }
}

extension Parameters: BinaryCodable {
    /// Appends names and values. What they mean stands in the strategy's class, not in a record that outlives its words.
    public func write(to writer: inout ByteWriter) {
        writer.count(values.count)
        for (descriptor, value) in zip(descriptors, values) {
            writer.text(descriptor.name)
            writer.byte((descriptor.isInteger ? 1 : 0) | (descriptor.isSwitch ? 2 : 0))
            writer.double(value)
        }
    }

    /// Reads names and values; see `described(by:)` for what else a descriptor says.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let count = try reader.count(minimumSize: 10)
        var descriptors: [ParameterDescriptor] = []
        for _ in 0..<count {
            let name = try reader.text()
            let kind = try reader.byte()
            guard kind < 4 else { throw reader.malformed("\(kind) is no kind of parameter") }
            let value = try reader.double()
            descriptors.append(
                ParameterDescriptor(
                    name: name, meaning: "", unit: "", isInteger: kind & 1 != 0, defaultValue: value,
                    bounds: -.infinity ... .infinity, step: 1, isSwitch: kind & 2 != 0))
        }
        self.init(descriptors)
    }
}

extension StrategyRegistration: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        writer.value(id)
        writer.text(name)
        writer.text(className)
        writer.value(parameters)
        writer.value(instrument)
        writer.value(timeframe)
        writer.value(sizing)
        writer.value(capitalShare)
        writer.value(protection)
        writer.value(limits)
        writer.value(status)
    }

    /// Reads a registration.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let id = try reader.value(StrategyID.self)
        let name = try reader.text()
        let className = try reader.text()
        let parameters = try reader.value(Parameters.self)
        let instrument = try reader.value(InstrumentID.self)
        let timeframe = try reader.value(Timeframe.self)
        let sizing = try reader.value(Sizing.self)
        let share = try reader.value(Ratio.self)
        let protection = try reader.value(Protection.self)
        let limits = try reader.value(StrategyLimits.self)
        self.init(
            id: id, name: name, className: className, parameters: parameters, instrument: instrument,
            timeframe: timeframe, sizing: sizing, capitalShare: share, protection: protection, limits: limits,
            status: try reader.value())
    }
}
