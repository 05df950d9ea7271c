public import Bytes
import Market
import Trading

extension StoredSeries: BinaryCodable {
    /// Appends the series.
    public func write(to writer: inout ByteWriter) {
        writer.text(name)
        writer.value(timeframe)
        writer.value(from)
        writer.value(to)
        writer.value(count)
    }

    /// Reads a series.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(
            name: try reader.text(), timeframe: try reader.value(), from: try reader.value(), to: try reader.value(),
            count: try reader.value())
    }
}

extension EngineReply: BinaryCodable {
    /// Appends the reply.
    public func write(to writer: inout ByteWriter) {
        switch self {
        case .done(let text):
            writer.byte(0)
            writer.text(text)
        case .refused(let text):
            writer.byte(1)
            writer.text(text)
        case .order(let order, let verdict):
            writer.byte(2)
            writer.value(order)
            writer.value(verdict)
        }
    }

    /// Reads a reply.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 0: self = .done(try reader.text())
        case 1: self = .refused(try reader.text())
        case 2: self = .order(try reader.value(), try reader.value())
        case let other: throw MalformedBytes("\(other) is no reply", at: reader.offset)
        }
    }
}

extension EngineRequest: BinaryCodable {
    /// Appends the request.
    public func write(to writer: inout ByteWriter) {
        switch self {
        case .enableStrategy(let id): writer.tagged(0, id)
        case .disableStrategy(let id): writer.tagged(1, id)
        case .addStrategy(let registration): writer.tagged(2, registration)
        case .changeStrategy(let registration): writer.tagged(3, registration)
        case .removeStrategy(let id): writer.tagged(4, id)
        case .placeOrder(let request): writer.tagged(5, request)
        case .cancelOrder(let id): writer.tagged(6, id)
        case .cancelAll(let id):
            writer.byte(7)
            writer.optional(id)
        case .closePosition(let owner, let instrument):
            writer.tagged(8, owner)
            writer.value(instrument)
        case .halt(let origin): writer.tagged(9, origin)
        case .emergencyStop(let keepsProtection, let origin):
            writer.tagged(10, keepsProtection)
            writer.text(origin)
        case .emergencyFlatten(let origin): writer.tagged(11, origin)
        case .rearm: writer.byte(12)
        case .resetBreakers: writer.byte(13)
        case .acknowledge(let ids):
            writer.byte(14)
            writer.array(ids)
        case .shelve(let id, let seconds):
            writer.tagged(15, id)
            writer.value(seconds)
        case .addPriceAlert(let id, let price):
            writer.tagged(16, id)
            writer.value(price)
        case .runBacktest(let request): writer.tagged(17, request)
        case .cancelBacktest(let id): writer.tagged(18, id)
        case .pauseReplay(let isPaused): writer.tagged(19, isPaused)
        case .stepReplay: writer.byte(20)
        case .setReplaySpeed(let speed):
            writer.byte(21)
            writer.optional(speed)
        case .acceptPosition(let id): writer.tagged(22, id)
        case .acceptCash: writer.byte(23)
        case .claimOrder(let venueID, let cancels):
            writer.tagged(24, venueID)
            writer.value(cancels)
        case .runSearch(let request): writer.tagged(40, request)
        case .cancelSearch(let id): writer.tagged(41, id)
        case .enableWaived(let id, let reason):
            writer.tagged(25, id)
            writer.text(reason)
        }
    }

    /// Reads a request.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 0: self = .enableStrategy(try reader.value())
        case 1: self = .disableStrategy(try reader.value())
        case 2: self = .addStrategy(try reader.value())
        case 3: self = .changeStrategy(try reader.value())
        case 4: self = .removeStrategy(try reader.value())
        case 5: self = .placeOrder(try reader.value())
        case 6: self = .cancelOrder(try reader.value())
        case 7: self = .cancelAll(try reader.optional())
        case 8: self = .closePosition(try reader.value(), try reader.value())
        case 9: self = .halt(origin: try reader.text())
        case 10: self = .emergencyStop(keepsProtection: try reader.value(), origin: try reader.text())
        case 11: self = .emergencyFlatten(origin: try reader.text())
        case 12: self = .rearm
        case 13: self = .resetBreakers
        case 14: self = .acknowledge(try reader.array())
        case 15: self = .shelve(try reader.value(), seconds: try reader.value())
        case 16: self = .addPriceAlert(try reader.value(), try reader.value())
        case 17: self = .runBacktest(try reader.value())
        case 18: self = .cancelBacktest(try reader.value())
        case 19: self = .pauseReplay(try reader.value())
        case 20: self = .stepReplay
        case 21: self = .setReplaySpeed(try reader.optional())
        case 22: self = .acceptPosition(try reader.value())
        case 23: self = .acceptCash
        case 24: self = .claimOrder(try reader.text(), cancels: try reader.value())
        case 40: self = .runSearch(try reader.value())
        case 41: self = .cancelSearch(try reader.value())
        case 25: self = .enableWaived(try reader.value(), reason: try reader.text())
        case let other: throw MalformedBytes("\(other) is no request", at: reader.offset)
        }
    }

    /// The request as one of `origin`: who asks is what the engine knows of the client, not what the client says.
    func named(_ origin: String) -> EngineRequest {
        switch self {
        case .halt: return .halt(origin: origin)
        case .emergencyStop(let keepsProtection, _):
            return .emergencyStop(keepsProtection: keepsProtection, origin: origin)
        case .emergencyFlatten: return .emergencyFlatten(origin: origin)
        default: return self
        }
    }
}

extension ByteWriter {
    /// A tag and the first value behind it.
    fileprivate mutating func tagged(_ tag: UInt8, _ value: some BinaryCodable) {
        byte(tag)
        self.value(value)
    }
}
