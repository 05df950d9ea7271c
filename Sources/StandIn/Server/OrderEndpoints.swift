import Market

/// What an account may do with orders.
enum OrderEndpoints {
    static var all: [Endpoint] { single + lists + replacements }

    /// An endpoint of orders: signed, free when it succeeds.
    private static func trade(
        _ rest: String, _ method: String, weight: Int64 = 1, orders: Int = 0,
        _ run: @escaping (Exchange, Parameters, Account) throws(APIError) -> JSONValue
    ) -> Endpoint {
        .signed(rest, method, isFreeWhenDone: true, orders: orders, weight: { _, _ in weight }, run)
    }

    private static var single: [Endpoint] {
        [
            trade("POST /api/v3/order", "order.place", orders: 1) { exchange, parameters, account throws(APIError) in
                let index = try exchange.index(parameters)
                return try exchange.placeChecked(try OrderReading(parameters: parameters).terms(), index, account)
            },
            trial("POST /api/v3/order/test", "order.test") { reading throws(APIError) in try reading.terms() },
            trade("POST /api/v3/sor/order", "sor.order.place", orders: 1) {
                exchange, parameters, account throws(APIError) in
                let index = try exchange.index(parameters)
                return try exchange.placeChecked(try OrderReading(parameters: parameters).routedTerms(), index, account)
            },
            trial("POST /api/v3/sor/order/test", "sor.order.test") { reading throws(APIError) in
                try reading.routedTerms()
            },
            trade("DELETE /api/v3/order", "order.cancel") { exchange, parameters, account throws(APIError) in
                let order = try exchange.cancellable(parameters, account)
                return exchange.cancel(order, cancelID: try cancelID(parameters, exchange))
            },
            trade("DELETE /api/v3/openOrders", "openOrders.cancelAll") {
                exchange, parameters, account throws(APIError) in
                let index = try exchange.index(parameters)
                return try exchange.cancelAll(index, account, cancelID: exchange.names.name(22))
            },
        ]
    }

    /// An order that is checked and not placed; it may be told what its commissions would be.
    private static func trial(
        _ rest: String, _ method: String, _ terms: @escaping (OrderReading) throws(APIError) -> OrderTerms
    ) -> Endpoint {
        .signed(
            rest, method,
            weight: { parameters, _ in (try? parameters.flag("computeCommissionRates")) == true ? 20 : 1 }
        ) { exchange, parameters, account throws(APIError) in
            let index = try exchange.index(parameters)
            try exchange.test(try terms(OrderReading(parameters: parameters)), index, account)
            guard try parameters.flag("computeCommissionRates") else { return .empty }
            return AccountEndpoints.commission(exchange, account, nil)
        }
    }

    private static func cancelID(_ parameters: Parameters, _ exchange: Exchange) throws(APIError) -> String {
        let given = try OrderReading.clientID(parameters, "newClientOrderId")
        return given.isEmpty ? exchange.names.name(22) : given
    }

    private static var replacements: [Endpoint] {
        [
            replacement,
            .signed("PUT /api/v3/order/amend/keepPriority", "order.amend.keepPriority", weight: { _, _ in 4 }) {
                exchange, parameters, account throws(APIError) in
                try exchange.amend(parameters, account)
            },
            .signed("GET /api/v3/order/amendments", "order.amendments", weight: { _, _ in 4 }, amendments),
        ]
    }

    private static var replacement: Endpoint {
        var endpoint = trade("POST /api/v3/order/cancelReplace", "order.cancelReplace", orders: 1) {
            exchange, parameters, account throws(APIError) in
            try exchange.cancelReplace(parameters, account)
        }
        endpoint.runOverLimit = { exchange, call, refusal throws(APIError) in
            guard let account = call.account else { throw .badKey }
            return .now(try exchange.cancelReplace(call.parameters, account, refusal: refusal))
        }
        return endpoint
    }

    private static func amendments(
        _ exchange: Exchange, _ parameters: Parameters, _ account: Account
    ) throws(APIError) -> JSONValue {
        let index = try exchange.index(parameters)
        guard let id = try parameters.integer("orderId") else { throw .mandatory("orderId") }
        let from = try parameters.integer("fromExecutionId") ?? 0
        let limit = try parameters.limit(500, most: 1_000)
        guard let order = account.order(id), order.market == index else { throw .unknownOrder }
        return .array(
            order.amendments.filter { $0.executionID >= from }.prefix(limit).map { amendment in
                .object {
                    $0.add("symbol", exchange.markets[index].symbol)
                    $0.add("orderId", order.id)
                    $0.add("executionId", amendment.executionID)
                    $0.add("origClientOrderId", amendment.oldClientID)
                    $0.add("newClientOrderId", amendment.newClientID)
                    $0.add("origQty", amendment.oldQuantity.text)
                    $0.add("newQty", amendment.newQuantity.text)
                    $0.add("time", time: amendment.time)
                }
            })
    }

    private static var lists: [Endpoint] {
        [
            placing("oco", orders: 2) { exchange, parameters, account throws(APIError) in
                try exchange.placeOCO(parameters, account)
            },
            placing("oto", orders: 2) { exchange, parameters, account throws(APIError) in
                try exchange.placeOTO(parameters, account)
            },
            placing("otoco", orders: 3) { exchange, parameters, account throws(APIError) in
                try exchange.placeOTOCO(parameters, account)
            },
            placing("opo", orders: 2) { exchange, parameters, account throws(APIError) in
                try exchange.placeOTO(parameters, account, isPaid: true)
            },
            placing("opoco", orders: 3) { exchange, parameters, account throws(APIError) in
                try exchange.placeOTOCO(parameters, account, isPaid: true)
            },
            trade("DELETE /api/v3/orderList", "orderList.cancel") { exchange, parameters, account throws(APIError) in
                let list = try find(parameters, account, exchange)
                guard let list, !list.isDone, let order = list.orders.first(where: \.status.isOpen) else {
                    throw .unknownCancel
                }
                return exchange.cancel(order, cancelID: try cancelID(parameters, exchange))
            },
            .signed("GET /api/v3/orderList", "orderList.status", weight: { _, _ in 4 }) {
                exchange, parameters, account throws(APIError) in
                guard let list = try find(parameters, account, exchange) else {
                    throw APIError(-2018, "Order list does not exist.")
                }
                return exchange.listed(list)
            },
            .signed("GET /api/v3/openOrderList", "openOrderLists.status", weight: { _, _ in 6 }) {
                exchange, _, account in
                let open = exchange.lists.values.filter { $0.account == account.id }.sorted { $0.id < $1.id }
                return .array(open.map { exchange.listed($0) })
            },
            .signed("GET /api/v3/allOrderList", "allOrderLists", weight: { _, _ in 20 }) {
                exchange, parameters, account throws(APIError) in
                let limit = try parameters.limit(500, most: 1_000)
                let from = try parameters.integer("fromId")
                let isTimed = parameters.has("startTime") || parameters.has("endTime")
                guard from == nil || !isTimed else { throw .combination }
                let span = try AccountEndpoints.span(parameters)
                let all = (exchange.closedLists + exchange.lists.values).filter {
                    $0.account == account.id && $0.id >= from ?? 0 && span.contains($0.orders[0].created)
                }.sorted { $0.id < $1.id }
                let isFromStart = from != nil || parameters.has("startTime")
                let part = isFromStart ? all.prefix(limit) : all.suffix(limit)
                return .array(part.map { exchange.listed($0) })
            },
        ]
    }

    /// The placing of a kind of lists.
    private static func placing(
        _ kind: String, orders: Int,
        _ place: @escaping (Exchange, Parameters, Account) throws(APIError) -> OrderList
    ) -> Endpoint {
        trade("POST /api/v3/orderList/\(kind)", "orderList.place.\(kind)", orders: orders) {
            exchange, parameters, account throws(APIError) in
            let list = try place(exchange, parameters, account)
            let form = parameters["newOrderRespType"] ?? "RESULT"
            return exchange.listed(list, reports: list.orders.map { exchange.placed($0, form) })
        }
    }

    /// The list that a request names, open or over.
    private static func find(
        _ parameters: Parameters, _ account: Account, _ exchange: Exchange
    ) throws(APIError) -> OrderList? {
        let id = try parameters.integer("orderListId")
        let client = try parameters.text(
            parameters.has("listClientOrderId") ? "listClientOrderId" : "origClientOrderId")
        guard id != nil || client != nil else { throw .either("orderListId", "listClientOrderId") }
        let all = exchange.closedLists + exchange.lists.values.sorted { $0.id < $1.id }
        return all.last {
            $0.account == account.id && (id == nil || $0.id == id) && (client == nil || $0.clientID == client)
        }
    }
}
