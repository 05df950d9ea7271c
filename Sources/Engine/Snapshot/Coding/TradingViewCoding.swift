public import Bytes
import Market
import Trading

extension EquityPoint: BinaryCodable {
    /// Appends the point.
    public func write(to writer: inout ByteWriter) {
        writer.value(time)
        writer.value(equity)
    }

    /// Reads a point.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(time: try reader.value(), equity: try reader.value())
    }
}

extension PositionView: BinaryCodable {
    /// Appends the position.
    public func write(to writer: inout ByteWriter) {
        writer.value(position)
        writer.text(ownerName)
        writer.value(entry)
        writer.value(mark)
        writer.value(unrealized)
        writer.optional(stop)
        writer.optional(target)
        writer.array(fills)
    }

    /// Reads a position.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(
            position: try reader.value(), ownerName: try reader.text(), entry: try reader.value(),
            mark: try reader.value(), unrealized: try reader.value(), stop: try reader.optional(),
            target: try reader.optional(), fills: try reader.array())
    }
}

extension OrderStep: BinaryCodable {
    /// Appends the step.
    public func write(to writer: inout ByteWriter) {
        writer.value(time)
        writer.text(text)
    }

    /// Reads a step.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(time: try reader.value(), text: try reader.text())
    }
}

extension OrderView: BinaryCodable {
    /// Appends the order.
    public func write(to writer: inout ByteWriter) {
        writer.value(order)
        writer.text(ownerName)
        writer.optional(clientID?.description)
        writer.optional(verdict)
        writer.array(history)
    }

    /// Reads an order.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let order = try reader.value(Order.self)
        let ownerName = try reader.text()
        let number = try reader.optional(String.self)
        let clientID = number.flatMap { ClientOrderID($0) }
        guard (number == nil) == (clientID == nil) else {
            throw MalformedBytes("'\(number ?? "")' is no client order id", at: reader.offset)
        }
        self.init(
            order: order, ownerName: ownerName, clientID: clientID, verdict: try reader.optional(),
            history: try reader.array())
    }
}

extension StrategyView: BinaryCodable {
    /// Appends the strategy.
    public func write(to writer: inout ByteWriter) {
        writer.value(registration)
        writer.text(statusReason)
        writer.value(position)
        writer.value(dayProfit)
        writer.value(totalProfit)
        writer.value(tripCount)
        writer.value(winCount)
        writer.optional(profitFactor)
        writer.optional(lastSignal)
        writer.value(warmUpRemaining)
        writer.value(openOrderCount)
        writer.optional(rules)
    }

    /// Reads a strategy.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        registration = try reader.value()
        statusReason = try reader.text()
        position = try reader.value()
        dayProfit = try reader.value()
        totalProfit = try reader.value()
        tripCount = try reader.value()
        winCount = try reader.value()
        profitFactor = try reader.optional()
        lastSignal = try reader.optional()
        warmUpRemaining = try reader.value()
        openOrderCount = try reader.value()
        rules = try reader.optional()
    }
}

extension RulesNotice: BinaryCodable {
    /// Appends the notice.
    public func write(to writer: inout ByteWriter) {
        switch self {
        case .changed(let file, let className):
            writer.byte(0)
            writer.text(file)
            writer.text(className)
        case .wrong(let file, let problem):
            writer.byte(1)
            writer.text(file)
            writer.text(problem)
        }
    }

    /// Reads a notice.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 0: self = .changed(file: try reader.text(), className: try reader.text())
        case 1: self = .wrong(file: try reader.text(), problem: try reader.text())
        case let other: throw MalformedBytes("\(other) is no notice about rules", at: reader.offset)
        }
    }
}
