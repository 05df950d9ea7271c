public import Market
public import Network

/// A request to the private REST API before it is signed: made by pure functions, sent by `SpotAccountClient`.
public struct SpotRequest: Sendable, Hashable {
    /// What is done.
    public var method: HTTPRequest.Method
    /// The path, `/api/v3/order`.
    public var path: String
    /// Name and value, not percent-encoded, without time and signature.
    public var parameters: [HTTPRequest.Parameter]
    /// What the venue counts for it when it fails; orders that succeed cost nothing.
    public var weight: Int64
    /// What is asked for.
    public var asked: SpotAsked

    init(
        _ method: HTTPRequest.Method, _ path: String, _ parameters: [HTTPRequest.Parameter], weight: Int64,
        _ asked: SpotAsked
    ) {
        self.method = method
        self.path = path
        self.parameters = parameters
        self.weight = weight
        self.asked = asked
    }
}

/// What is asked of the venue; what an error means depends on it.
public enum SpotAsked: String, Sendable, Hashable, CaseIterable {
    /// To place an order or a list of orders.
    case place
    /// To cancel.
    case cancel
    /// To cancel one order and place another.
    case replace
    /// To make an order smaller.
    case amend
    /// Only to tell something.
    case query

    /// Whether it changes orders, so that its outcome can be unknown and it is sent once.
    public var changesOrders: Bool { self != .query }
}

/// An order that is there, by one of its numbers.
public enum SpotOrderKey: Sendable, Hashable {
    /// The venue's number.
    case id(Int64)
    /// The number it was placed with.
    case clientOrderID(String)
}

/// A condition of a cancel.
public enum SpotCancelRestriction: String, Sendable, Hashable, CaseIterable {
    /// Only when nothing of it has filled.
    case onlyNew = "ONLY_NEW"
    /// Only when some of it has filled.
    case onlyPartiallyFilled = "ONLY_PARTIALLY_FILLED"
}

/// What happens when the first half of a replacement fails.
public enum SpotReplaceMode: String, Sendable, Hashable, CaseIterable {
    /// The new order is not placed when the old one was not cancelled.
    case stopOnFailure = "STOP_ON_FAILURE"
    /// The new order is placed all the same.
    case allowFailure = "ALLOW_FAILURE"
}

extension SpotRequest {
    /// Places an order.
    public static func place(_ order: NewSpotOrder) -> SpotRequest {
        var parameters = SpotParameters(order.instrument)
        parameters.add(order)
        return SpotRequest(.post, "/api/v3/order", parameters.list, weight: 1, .place)
    }

    /// Has an order checked without placing it, and its fees told.
    public static func test(_ order: NewSpotOrder) -> SpotRequest {
        var parameters = SpotParameters(order.instrument)
        parameters.add(order)
        parameters.add("computeCommissionRates", "true")
        return SpotRequest(.post, "/api/v3/order/test", parameters.list, weight: 20, .query)
    }

    /// Cancels an order.
    ///
    /// - Parameter cancelID: the number of the cancel itself, by which its report is known.
    public static func cancel(
        _ key: SpotOrderKey, of instrument: Instrument, cancelID: String? = nil,
        only restriction: SpotCancelRestriction? = nil
    ) -> SpotRequest {
        var parameters = SpotParameters(instrument)
        parameters.add(key)
        parameters.add("newClientOrderId", cancelID)
        parameters.add("cancelRestrictions", restriction?.rawValue)
        return SpotRequest(.delete, "/api/v3/order", parameters.list, weight: 1, .cancel)
    }

    /// Cancels every open order of a symbol, those of lists too.
    public static func cancelAll(of instrument: Instrument) -> SpotRequest {
        SpotRequest(.delete, "/api/v3/openOrders", SpotParameters(instrument).list, weight: 1, .cancel)
    }

    /// Cancels a list of orders, by the number it was placed with.
    public static func cancelList(_ clientListID: String, of instrument: Instrument) -> SpotRequest {
        var parameters = SpotParameters(instrument)
        parameters.add("listClientOrderId", clientListID)
        return SpotRequest(.delete, "/api/v3/orderList", parameters.list, weight: 1, .cancel)
    }

    /// Cancels an order and places another. Between the two the old one may fill.
    public static func replace(
        _ key: SpotOrderKey, by order: NewSpotOrder, mode: SpotReplaceMode = .stopOnFailure, cancelID: String? = nil,
        only restriction: SpotCancelRestriction? = nil
    ) -> SpotRequest {
        var parameters = SpotParameters(order.instrument)
        parameters.add("cancelReplaceMode", mode.rawValue)
        switch key {
        case .id(let id): parameters.add("cancelOrderId", "\(id)")
        case .clientOrderID(let id): parameters.add("cancelOrigClientOrderId", id)
        }
        parameters.add("cancelNewClientOrderId", cancelID)
        parameters.add("cancelRestrictions", restriction?.rawValue)
        parameters.add(order)
        return SpotRequest(.post, "/api/v3/order/cancelReplace", parameters.list, weight: 1, .replace)
    }

    /// Makes an order smaller; it keeps its place in the queue.
    ///
    /// - Parameter clientOrderID: the number it has afterwards; the same as before keeps it.
    public static func amend(
        _ key: SpotOrderKey, of instrument: Instrument, to quantity: Quantity, clientOrderID: String
    ) -> SpotRequest {
        var parameters = SpotParameters(instrument)
        parameters.add(key)
        parameters.add("newQty", quantity)
        parameters.add("newClientOrderId", clientOrderID)
        return SpotRequest(.put, "/api/v3/order/amend/keepPriority", parameters.list, weight: 4, .amend)
    }

    /// Places a list of orders.
    public static func place(_ list: NewSpotOrderList) -> SpotRequest {
        var parameters = SpotParameters(list.instrument)
        parameters.add(list)
        let name: String
        switch list.content {
        case .pair: name = "oco"
        case .entry: name = "oto"
        case .entryWithPair: name = "otoco"
        }
        return SpotRequest(.post, "/api/v3/orderList/" + name, parameters.list, weight: 1, .place)
    }
}

extension SpotParameters {
    mutating func add(_ key: SpotOrderKey) {
        switch key {
        case .id(let id): add("orderId", "\(id)")
        case .clientOrderID(let id): add("origClientOrderId", id)
        }
    }
}
