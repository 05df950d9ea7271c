import Market

/// Reads what a client asks for, and holds it against what each type of order needs.
struct OrderReading {
    let parameters: Parameters
    /// What stands before the names of a list's order: `above`, `working`, `pendingBelow`; empty for a single order.
    var prefix = ""
    /// Whether its quantity is what another order of its list will have received.
    var isPaidByFirst = false

    /// `price`, or `abovePrice`.
    func name(_ plain: String) -> String {
        prefix.isEmpty ? plain : prefix + plain.prefix(1).uppercased() + plain.dropFirst()
    }

    /// The terms of an order whose type, side and quantity may be given by its list.
    func terms(
        type known: OrderType? = nil, side knownSide: Side? = nil, quantity knownQuantity: Int64? = nil
    ) throws(APIError) -> OrderTerms {
        let side: Side
        if let knownSide { side = knownSide } else { side = try self.side(name("side")) }
        let type: OrderType
        if let known {
            type = known
        } else {
            guard let named = OrderType(rawValue: try parameters.required(name("type"))) else { throw .badType }
            type = named
        }
        var terms = OrderTerms(side: side, type: type)
        let force = try parameters.text(name("timeInForce"))
        if let force {
            guard let named = TimeInForce(rawValue: force) else { throw .badTimeInForce }
            terms.timeInForce = named
        }
        let quantity: Int64?
        if isPaidByFirst {
            guard !parameters.has(name("quantity")) else { throw .undecided(name("quantity")) }
            quantity = nil
        } else if let knownQuantity {
            quantity = knownQuantity
        } else {
            quantity = try parameters.decimal(name("quantity"))
        }
        terms.quantity = Quantity(mantissa: quantity ?? 0)
        terms.price = Price(mantissa: try parameters.decimal(name("price")) ?? 0)
        terms.stopPrice = Price(mantissa: try parameters.decimal(name("stopPrice")) ?? 0)
        terms.trailingDelta = try parameters.integer(name("trailingDelta")) ?? 0
        terms.icebergQuantity = Quantity(mantissa: try parameters.decimal(name("icebergQty")) ?? 0)
        if prefix.isEmpty { terms.quoteQuantity = try parameters.decimal("quoteOrderQty") ?? 0 }
        try check(terms, hasForce: force != nil)
        terms.prevention = try prevention()
        terms.clientID = try OrderReading.clientID(
            parameters, prefix.isEmpty ? "newClientOrderId" : name("clientOrderId"))
        terms.strategyID = try parameters.integer(name("strategyId"))
        terms.strategyType = try parameters.integer(name("strategyType"))
        if let type = terms.strategyType, type < 1_000_000 {
            throw APIError(-1134, "strategyType was less than 1000000.")
        }
        terms.responseType = try responseType(type)
        return terms
    }

    /// The terms of an order that goes through the smart order routing, which takes two types and no amounts to spend.
    func routedTerms() throws(APIError) -> OrderTerms {
        guard !parameters.has("quoteOrderQty") else { throw .notRequired("quoteOrderQty") }
        var terms = try terms()
        guard terms.type == .limit || terms.type == .market else { throw .badType }
        terms.isRouted = true
        return terms
    }

    func side(_ name: String) throws(APIError) -> Side {
        switch try parameters.required(name) {
        case "BUY": return .buy
        case "SELL": return .sell
        default: throw .badSide
        }
    }

    /// What each type needs, and what it must not have.
    private func check(_ terms: OrderTerms, hasForce: Bool) throws(APIError) {
        let type = terms.type
        let hasQuantity = isPaidByFirst || terms.quantity.mantissa > 0
        func need(_ plain: String, _ isThere: Bool) throws(APIError) {
            guard isThere else { throw .mandatory(name(plain)) }
        }
        func refuse(_ plain: String, _ isThere: Bool) throws(APIError) {
            guard !isThere else { throw .notRequired(name(plain)) }
        }
        switch type {
        case .limit, .stopLossLimit, .takeProfitLimit:
            try need("timeInForce", hasForce)
            try need("quantity", hasQuantity)
            try need("price", terms.price.mantissa > 0)
        case .limitMaker:
            try refuse("timeInForce", hasForce)
            try need("quantity", hasQuantity)
            try need("price", terms.price.mantissa > 0)
        case .market:
            try refuse("timeInForce", hasForce)
            try refuse("price", terms.price.mantissa > 0)
            let isQuote = terms.quoteQuantity > 0
            if terms.quantity.mantissa > 0, isQuote { throw .notRequired("quoteOrderQty") }
            guard hasQuantity || isQuote else { throw .either(name("quantity"), "quoteOrderQty") }
        case .stopLoss, .takeProfit:
            try refuse("timeInForce", hasForce && prefix.isEmpty)
            try refuse("price", terms.price.mantissa > 0)
            try need("quantity", hasQuantity)
        }
        if type != .market { try refuse("quoteOrderQty", terms.quoteQuantity > 0) }
        if type.isContingent {
            guard terms.stopPrice.mantissa > 0 || terms.trailingDelta > 0 else {
                throw .either(name("stopPrice"), name("trailingDelta"))
            }
        } else {
            try refuse("stopPrice", terms.stopPrice.mantissa > 0)
            try refuse("trailingDelta", terms.trailingDelta > 0)
        }
        if terms.icebergQuantity.mantissa > 0, !type.hasLimit || terms.timeInForce != .goodTillCancelled {
            throw .notRequired(name("icebergQty"))
        }
        if hasQuantity, !isPaidByFirst, terms.icebergQuantity > terms.quantity {
            throw .rejected("IcebergQty exceeds QTY.")
        }
        try checkPeg()
    }

    /// No symbol takes orders that follow the best price; what is said wrongly of them is told first.
    private func checkPeg() throws(APIError) {
        let price = try parameters.text(name("pegPriceType"))
        let offset = try parameters.text(name("pegOffsetType"))
        let value = try parameters.integer(name("pegOffsetValue"))
        guard price != nil || offset != nil || value != nil else { return }
        guard let price, ["PRIMARY_PEG", "MARKET_PEG"].contains(price) else {
            throw APIError(-1210, "Invalid pegPriceType.")
        }
        guard offset == nil || offset == "PRICE_LEVEL" else { throw APIError(-1211, "Invalid pegOffsetType.") }
        guard (offset == nil) == (value == nil), value ?? 0 <= 100 else { throw .invalid(name("pegOffsetValue")) }
        throw .rejected("Pegged orders are not supported for this symbol.")
    }

    private func prevention() throws(APIError) -> SelfTradePrevention {
        guard let text = try parameters.text("selfTradePreventionMode") else { return .expireMaker }
        guard let mode = SelfTradePrevention(rawValue: text) else {
            throw APIError(-1013, "This symbol does not allow the specified self-trade prevention mode.")
        }
        return mode
    }

    private func responseType(_ type: OrderType) throws(APIError) -> String {
        guard let text = try parameters.text("newOrderRespType") else {
            return type == .market || type == .limit ? "FULL" : "ACK"
        }
        guard ["ACK", "RESULT", "FULL"].contains(text) else { throw .invalid("newOrderRespType") }
        return text
    }

    /// A client's id, or an empty text when none was sent.
    static func clientID(_ parameters: Parameters, _ name: String) throws(APIError) -> String {
        guard let text = try parameters.text(name) else { return "" }
        let isLegal = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                || $0 == 0x5F
        }
        guard isLegal, (1...36).contains(text.utf8.count) else {
            throw .illegal(name, range: "^[a-zA-Z0-9-_]{1,36}$")
        }
        return text
    }
}
