import Market

/// What an account may do with orders.
enum OrderEndpoints {
    static var all: [Endpoint] { single + lists + replacements }

    /// An endpoint of orders: signed, free when it succeeds.
    private static func trade(
        _ rest: String, _ method: String, weight: Int64 = 1, orders: Int = 0,
        _ run: @escaping (Exchange, Parameters, Account) throws(APIError) -> JSONValue
    ) -> Endpoint {
        Endpoint(
            rest: rest, method: method, isSigned: true, isFreeWhenDone: true, orders: orders,
            weight: { _, _ in weight }
        ) { exchange, call throws(APIError) in
            guard let account = call.account else { throw .badKey }
            return .now(try run(exchange, call.parameters, account))
        }
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
        Endpoint(
            rest: rest, method: method, isSigned: true,
            weight: { parameters, _ in (try? parameters.flag("computeCommissionRates")) == true ? 20 : 1 }
        ) { exchange, call throws(APIError) in
            guard let account = call.account else { throw .badKey }
            let index = try exchange.index(call.parameters)
            try exchange.test(try terms(OrderReading(parameters: call.parameters)), index, account)
            guard try call.parameters.flag("computeCommissionRates") else { return .now(.empty) }
            return .now(AccountEndpoints.commission(exchange, account, nil))
        }
    }

    private static func cancelID(_ parameters: Parameters, _ exchange: Exchange) throws(APIError) -> String {
        let given = try OrderReading.clientID(parameters, "newClientOrderId")
        return given.isEmpty ? exchange.names.name(22) : given
    }

    private static var replacements: [Endpoint] {
        [
            replacement,
            Endpoint(
                rest: "PUT /api/v3/order/amend/keepPriority", method: "order.amend.keepPriority", isSigned: true,
                weight: { _, _ in 4 }
            ) { exchange, call throws(APIError) in
                guard let account = call.account else { throw .badKey }
                return .now(try exchange.amend(call.parameters, account))
            },
            Endpoint(
                rest: "GET /api/v3/order/amendments", method: "order.amendments", isSigned: true,
                weight: { _, _ in 4 }
            ) { exchange, call throws(APIError) in
                guard let account = call.account else { throw .badKey }
                return .now(try amendments(exchange, call.parameters, account))
            },
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
            trade("POST /api/v3/orderList/oco", "orderList.place.oco", orders: 2) {
                exchange, parameters, account throws(APIError) in
                answer(try exchange.placeOCO(parameters, account), parameters, exchange)
            },
            trade("POST /api/v3/orderList/oto", "orderList.place.oto", orders: 2) {
                exchange, parameters, account throws(APIError) in
                answer(try exchange.placeOTO(parameters, account), parameters, exchange)
            },
            trade("POST /api/v3/orderList/otoco", "orderList.place.otoco", orders: 3) {
                exchange, parameters, account throws(APIError) in
                answer(try exchange.placeOTOCO(parameters, account), parameters, exchange)
            },
            trade("POST /api/v3/orderList/opo", "orderList.place.opo", orders: 2) {
                exchange, parameters, account throws(APIError) in
                answer(try exchange.placeOPO(parameters, account), parameters, exchange)
            },
            trade("POST /api/v3/orderList/opoco", "orderList.place.opoco", orders: 3) {
                exchange, parameters, account throws(APIError) in
                answer(try exchange.placeOPOCO(parameters, account), parameters, exchange)
            },
            trade("DELETE /api/v3/orderList", "orderList.cancel") { exchange, parameters, account throws(APIError) in
                let list = try find(parameters, account, exchange)
                guard let list, !list.isDone, let order = list.orders.first(where: \.status.isOpen) else {
                    throw .unknownCancel
                }
                return exchange.cancel(order, cancelID: try cancelID(parameters, exchange))
            },
            Endpoint(rest: "GET /api/v3/orderList", method: "orderList.status", isSigned: true, weight: { _, _ in 4 }) {
                exchange, call throws(APIError) in
                guard let account = call.account else { throw .badKey }
                guard let list = try find(call.parameters, account, exchange) else {
                    throw APIError(-2018, "Order list does not exist.")
                }
                return .now(exchange.listed(list))
            },
            Endpoint(
                rest: "GET /api/v3/openOrderList", method: "openOrderLists.status", isSigned: true,
                weight: { _, _ in 6 }
            ) { exchange, call throws(APIError) in
                let open = exchange.lists.values.filter { $0.account == call.account?.id }.sorted { $0.id < $1.id }
                return .now(.array(open.map { exchange.listed($0) }))
            },
            Endpoint(
                rest: "GET /api/v3/allOrderList", method: "allOrderLists", isSigned: true, weight: { _, _ in 20 }
            ) { exchange, call throws(APIError) in
                let limit = try call.parameters.limit(500, most: 1_000)
                let from = try call.parameters.integer("fromId")
                let isTimed = call.parameters.has("startTime") || call.parameters.has("endTime")
                guard from == nil || !isTimed else { throw .combination }
                let span = try AccountEndpoints.span(call.parameters)
                let all = (exchange.closedLists + exchange.lists.values).filter {
                    $0.account == call.account?.id && $0.id >= from ?? 0 && span.contains($0.orders[0].created)
                }.sorted { $0.id < $1.id }
                let isFromStart = from != nil || call.parameters.has("startTime")
                let part = isFromStart ? all.prefix(limit) : all.suffix(limit)
                return .now(.array(part.map { exchange.listed($0) }))
            },
        ]
    }

    private static func answer(_ list: OrderList, _ parameters: Parameters, _ exchange: Exchange) -> JSONValue {
        let form = parameters["newOrderRespType"] ?? "RESULT"
        return exchange.listed(list, reports: list.orders.map { exchange.placed($0, form) })
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
