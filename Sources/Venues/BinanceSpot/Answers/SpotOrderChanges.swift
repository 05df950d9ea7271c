import FoundationEssentials
public import Market

/// A list of orders as the venue tells it.
public struct SpotOrderList: Sendable, Hashable {
    /// The venue's number.
    public var id: Int64
    /// The number it was placed with.
    public var clientListID: String
    /// What its orders are to each other: `OCO`, `OTO`.
    public var contingency: String
    /// Where it is in its life: `EXECUTING`, `ALL_DONE`, `REJECT`.
    public var status: String
    /// When what this answer tells happened; `nil` where nothing is said.
    public var time: Timestamp?
    /// The venue's numbers of its orders.
    public var orderIDs: [Int64]
    /// The numbers they were placed with, in the same order.
    public var clientOrderIDs: [String]
    /// The orders as they are, where the answer tells them.
    public var orders: [SpotOrder]

    /// Whether nothing more happens to it.
    public var isDone: Bool { status != "EXECUTING" }
}

/// What became of an order that was to be replaced by another.
public struct SpotReplacement: Sendable {
    /// The half that cancels.
    public var cancelled: Half<SpotOrder>
    /// The half that places.
    public var placed: Half<SpotReceipt>

    /// A half: it was tried, or it was not.
    public enum Half<Value: Sendable>: Sendable {
        /// It was tried, and this came of it.
        case tried(RequestOutcome<Value>)
        /// The other half failed, and this one was never begun.
        case notTried
    }
}

/// An order that was made smaller.
public struct SpotAmendment: Sendable, Hashable {
    /// When.
    public var time: Timestamp
    /// The order as it is now.
    public var order: SpotOrder
}

/// What a cancel of everything took away.
public struct SpotCancelled: Sendable, Hashable {
    /// The orders that belonged to no list.
    public var orders: [SpotOrder] = []
    /// The lists, with their orders.
    public var lists: [SpotOrderList] = []
}

/// A list on the wire.
struct OrderListWire: Decodable {
    var orderListId: Int64
    var contingencyType: String
    var listOrderStatus: String
    var listClientOrderId: String
    var transactionTime: Int64?
    var symbol: String
    var orders: [Member]
    var orderReports: [OrderWire]?

    /// An order of the list.
    struct Member: Decodable {
        var orderId: Int64
        var clientOrderId: String
    }

    func list(_ instrument: Instrument) throws(UnreadableAnswer) -> SpotOrderList {
        guard symbol == instrument.symbol else {
            throw UnreadableAnswer("it is about another symbol than \(instrument.symbol)")
        }
        let time = try Answer.time(transactionTime, "transactionTime")
        var reports: [SpotOrder] = []
        for report in orderReports ?? [] { reports.append(try report.order(instrument, at: time)) }
        return SpotOrderList(
            id: orderListId, clientListID: listClientOrderId, contingency: contingencyType, status: listOrderStatus,
            time: time, orderIDs: orders.map(\.orderId), clientOrderIDs: orders.map(\.clientOrderId), orders: reports)
    }
}

/// An element of the answer to a cancel of everything: an order or a list.
enum CancelledWire: Decodable {
    case order(OrderWire)
    case list(OrderListWire)

    private enum Keys: String, CodingKey { case contingencyType }

    init(from decoder: any Decoder) throws {
        let isList = try decoder.container(keyedBy: Keys.self).contains(.contingencyType)
        self = isList ? .list(try OrderListWire(from: decoder)) : .order(try OrderWire(from: decoder))
    }
}

/// The answer to an amendment.
struct AmendmentWire: Decodable {
    var transactTime: Int64
    var amendedOrder: OrderWire
}

/// The answer to a replacement: as it is when both halves succeeded, under `data` otherwise.
struct ReplacementWire: Decodable {
    var data: Halves?
    var halves: Halves

    /// The two halves.
    struct Halves: Decodable {
        var cancelResult: String
        var newOrderResult: String
        var cancelResponse: HalfWire?
        var newOrderResponse: HalfWire?
    }

    /// What the venue says of a half: an order, or an error.
    enum HalfWire: Decodable {
        case order(OrderWire)
        case error(ServerMessage)

        private enum Keys: String, CodingKey { case code }

        init(from decoder: any Decoder) throws {
            let isError = try decoder.container(keyedBy: Keys.self).contains(.code)
            self = isError ? .error(try ServerMessage(from: decoder)) : .order(try OrderWire(from: decoder))
        }
    }

    private enum Keys: String, CodingKey { case data }

    init(from decoder: any Decoder) throws {
        data = try decoder.container(keyedBy: Keys.self).decodeIfPresent(Halves.self, forKey: .data)
        if let data { halves = data } else { halves = try Halves(from: decoder) }
    }

    func replacement(_ instrument: Instrument) throws(UnreadableAnswer) -> SpotReplacement {
        SpotReplacement(
            cancelled: try ReplacementWire.half(halves.cancelResult, halves.cancelResponse, .cancel) {
                (wire) throws(UnreadableAnswer) in try wire.order(instrument)
            },
            placed: try ReplacementWire.half(halves.newOrderResult, halves.newOrderResponse, .place) {
                (wire) throws(UnreadableAnswer) in try wire.receipt(instrument)
            })
    }

    private static func half<Value>(
        _ result: String, _ response: HalfWire?, _ asked: SpotAsked,
        _ read: (OrderWire) throws(UnreadableAnswer) -> Value
    ) throws(UnreadableAnswer) -> SpotReplacement.Half<Value> {
        switch (result, response) {
        case ("NOT_ATTEMPTED", _): return .notTried
        case ("SUCCESS", .order(let wire)?): return .tried(.confirmed(try read(wire)))
        case ("FAILURE", .error(let message)?):
            return .tried(BinanceSpotErrors.verdict(message, status: 400, retryAfter: nil, asked).outcome())
        default: throw UnreadableAnswer("a half of the replacement says what no half says")
        }
    }
}
