import Market

/// Lists of orders: one cancels the other, one triggers another, and both.
extension Exchange {
    /// `orderList/oco`: two orders around the price, of which one cancels the other.
    func placeOCO(_ parameters: Parameters, _ account: Account) throws(APIError) -> OrderList {
        let index = try self.index(parameters)
        let side = try OrderReading(parameters: parameters).side("side")
        let pair = try readPair(parameters, "above", "below", side, try listQuantity(parameters, "quantity"))
        try checkPair(pair, index)
        let orders = try admit(pair, index, account)
        share(orders)
        for order in orders { try checkBalance(order) }
        let list = OrderList(
            id: nextListID, contingency: "OCO", clientID: try listID(parameters), account: account.id, market: index,
            first: nil, pending: [], pair: orders, time: serverTime)
        start(list, orders)
        return list
    }

    /// `orderList/oto`: a first order, and one that comes in once the first has filled.
    ///
    /// - Parameter isPaid: `orderList/opo`: the later order sells what the first has bought.
    func placeOTO(_ parameters: Parameters, _ account: Account, isPaid: Bool = false) throws(APIError) -> OrderList {
        let index = try self.index(parameters)
        let first = try readFirst(parameters)
        let later = try OrderReading(parameters: parameters, prefix: "pending", isPaidByFirst: isPaid).terms()
        return try place(first, [later], isPaid: isPaid, parameters, index, account)
    }

    /// `orderList/otoco`: a first order, and two around the price that come in once the first has filled.
    ///
    /// - Parameter isPaid: `orderList/opoco`: the later two sell what the first has bought.
    func placeOTOCO(_ parameters: Parameters, _ account: Account, isPaid: Bool = false) throws(APIError) -> OrderList {
        let index = try self.index(parameters)
        let first = try readFirst(parameters)
        let side = try OrderReading(parameters: parameters).side("pendingSide")
        if isPaid, parameters.has("pendingQuantity") { throw .undecided("pendingQuantity") }
        let quantity = isPaid ? nil : try listQuantity(parameters, "pendingQuantity")
        let pair = try readPair(parameters, "pendingAbove", "pendingBelow", side, quantity)
        return try place(first, pair, isPaid: isPaid, parameters, index, account)
    }

    private func place(
        _ first: OrderTerms, _ later: [OrderTerms], isPaid: Bool, _ parameters: Parameters, _ index: Int,
        _ account: Account
    ) throws(APIError) -> OrderList {
        guard markets[index].allowsSequences else {
            throw .rejected("OTO orders are not supported for this symbol.")
        }
        if isPaid { try checkPaying(first, later, index) }
        try checkListCount(index, account)
        let working = try admit(first, index, account)
        try checkBalance(working)
        var pending: [Order] = []
        for (place, terms) in later.enumerated() {
            let order = try admit(terms, index, account, with: [first] + later.prefix(place), isLater: true)
            pending.append(renumbered(order, 1 + Int64(place)))
        }
        try checkNames([working] + pending)
        let list = OrderList(
            id: nextListID, contingency: "OTO", clientID: try listID(parameters), account: account.id, market: index,
            first: working, pending: pending, pair: pending.count == 2 ? pending : [], isPaidByFirst: isPaid,
            time: serverTime)
        start(list, [working])
        return list
    }

    /// What one order buys is what the others sell: no other way round, and not in every symbol.
    private func checkPaying(_ first: OrderTerms, _ later: [OrderTerms], _ index: Int) throws(APIError) {
        guard first.side == .buy else { throw APIError(-1222, "Working order in an OPO list must be a bid.") }
        guard later.allSatisfy({ $0.side == .sell }) else {
            throw APIError(-1223, "Pending orders in an OPO list must be asks.")
        }
        guard markets[index].allowsPaying else {
            throw .rejected("OPO orders are not supported for this symbol.")
        }
    }

    private func start(_ list: OrderList, _ atOnce: [Order]) {
        nextListID += 1
        lists[list.id] = list
        for order in list.orders {
            order.listID = list.id
            keep(order)
        }
        for order in atOnce { relock(order) }
        tell(list)
        for order in list.orders where order.status == .pendingNew { report(order, "NEW") }
        for order in atOnce where order.status.isOpen { begin(order) }
        settle(list.market)
    }

    // MARK: - Reading

    private func readFirst(_ parameters: Parameters) throws(APIError) -> OrderTerms {
        let terms = try OrderReading(parameters: parameters, prefix: "working").terms()
        guard terms.type == .limit || terms.type == .limitMaker else { throw .badType }
        return terms
    }

    private func listQuantity(_ parameters: Parameters, _ name: String) throws(APIError) -> Int64 {
        guard let quantity = try parameters.decimal(name), quantity > 0 else { throw .mandatory(name) }
        return quantity
    }

    /// - Parameter quantity: that of both; `nil` where it will be what the first order of the list receives.
    private func readPair(
        _ parameters: Parameters, _ above: String, _ below: String, _ side: Side, _ quantity: Int64?
    ) throws(APIError) -> [OrderTerms] {
        var terms: [OrderTerms] = []
        for prefix in [above, below] {
            let reading = OrderReading(parameters: parameters, prefix: prefix, isPaidByFirst: quantity == nil)
            guard let type = OrderType(rawValue: try parameters.required(reading.name("type"))) else { throw .badType }
            guard type != .market, type != .limit else { throw APIError(-1158, "Order type not supported in OCO.") }
            terms.append(try reading.terms(type: type, side: side, quantity: quantity))
        }
        guard terms.contains(where: { $0.type.isContingent }) else {
            throw APIError(-1168, "At least one OCO order must be contingent.")
        }
        for (place, leg) in terms.enumerated() { try checkPlace(leg, isAbove: place == 0) }
        return terms
    }

    /// Whether an order of a pair may stand on its side of the price.
    private func checkPlace(_ terms: OrderTerms, isAbove: Bool) throws(APIError) {
        let isBuy = terms.side == .buy
        switch terms.type {
        case .limitMaker:
            if isBuy, isAbove { throw APIError(-1165, "A limit order in a buy OCO must be below.") }
            if !isBuy, !isAbove { throw APIError(-1166, "A limit order in a sell OCO must be above.") }
        case .stopLoss, .stopLossLimit:
            if isBuy, !isAbove { throw APIError(-1196, "A stop loss order in a buy OCO must be above.") }
            if !isBuy, isAbove { throw APIError(-1197, "A stop loss order in a sell OCO must be below.") }
        case .takeProfit, .takeProfitLimit:
            if isBuy, isAbove { throw APIError(-1198, "A take profit order in a buy OCO must be below.") }
            if !isBuy, !isAbove { throw APIError(-1199, "A take profit order in a sell OCO must be above.") }
        case .limit, .market: throw APIError(-1158, "Order type not supported in OCO.")
        }
    }

    /// Whether the two stand around the last price.
    private func checkPair(_ pair: [OrderTerms], _ index: Int) throws(APIError) {
        let last = markets[index].lastPrice
        func mark(_ terms: OrderTerms) -> Price? {
            let price = terms.type == .limitMaker ? terms.price : terms.stopPrice
            return price.mantissa > 0 ? price : nil
        }
        if let above = mark(pair[0]), above <= last {
            throw .rejected("The relationship of the prices for the orders is not correct.")
        }
        if let below = mark(pair[1]), below >= last {
            throw .rejected("The relationship of the prices for the orders is not correct.")
        }
    }

    private func admit(_ pair: [OrderTerms], _ index: Int, _ account: Account) throws(APIError) -> [Order] {
        try checkListCount(index, account)
        var orders: [Order] = []
        for (place, terms) in pair.enumerated() {
            let order = try admit(terms, index, account, with: Array(pair.prefix(place)))
            orders.append(renumbered(order, Int64(place)))
        }
        try checkNames(orders)
        return orders
    }

    private func checkListCount(_ index: Int, _ account: Account) throws(APIError) {
        let count = lists.values.count { $0.account == account.id && $0.market == index }
        guard count < markets[index].filters.maximumOrderLists else { throw .filter("MAX_NUM_ORDER_LISTS") }
    }

    private func checkNames(_ orders: [Order]) throws(APIError) {
        guard Set(orders.map(\.clientID)).count == orders.count else { throw .rejected("Duplicate order sent.") }
    }

    /// The same order with a number further on.
    private func renumbered(_ order: Order, _ offset: Int64) -> Order {
        var terms = order.terms
        terms.clientID = order.clientID
        let copy = Order(
            id: order.id + offset, account: order.account, market: order.market, terms: terms, time: order.created)
        copy.status = order.status
        return copy
    }

    private func listID(_ parameters: Parameters) throws(APIError) -> String {
        let name = try OrderReading.clientID(parameters, "listClientOrderId")
        return name.isEmpty ? names.name(22) : name
    }
}
