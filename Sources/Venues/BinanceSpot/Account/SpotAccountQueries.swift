public import Market
import Network

extension SpotAccountClient {
    /// An order. Refused as `noSuchOrder` right after it was sent it may still come: the venue's answers can lag.
    public func order(_ key: SpotOrderKey, of instrument: Instrument) async -> RequestOutcome<SpotOrder> {
        await ask(.order(key, of: instrument), .question) { (body) throws(UnreadableAnswer) in
            try SpotAnswers.order(body, instrument)
        }
    }

    /// The open orders of a symbol.
    public func openOrders(of instrument: Instrument) async -> RequestOutcome<[SpotOrder]> {
        await ask(.openOrders(of: instrument), .question) { (body) throws(UnreadableAnswer) in
            try SpotAnswers.orders(body, instrument)
        }
    }

    /// The open orders of all symbols. Dear: eighty of the six thousand that the venue grants a minute.
    ///
    /// - Parameter instruments: those that are known.
    public func openOrders(among instruments: [Instrument]) async -> RequestOutcome<SpotOpenOrders> {
        let known = Dictionary(instruments.map { ($0.symbol, $0) }) { first, _ in first }
        return await ask(.openOrders, .question) { (body) throws(UnreadableAnswer) in
            try SpotAnswers.orders(body, known)
        }
    }

    /// Orders of a symbol, open or done; from a number on, or the latest.
    public func allOrders(
        of instrument: Instrument, from id: Int64? = nil, limit: Int = 1_000
    ) async -> RequestOutcome<[SpotOrder]> {
        await ask(.allOrders(of: instrument, from: id, limit: limit), .question) { (body) throws(UnreadableAnswer) in
            try SpotAnswers.orders(body, instrument)
        }
    }

    /// Trades of the account in a symbol; from a number on, oldest first, or the latest.
    public func trades(
        of instrument: Instrument, from id: Int64? = nil, limit: Int = 1_000
    ) async -> RequestOutcome<[SpotTrade]> {
        await ask(.trades(of: instrument, from: id, limit: limit), .question) { (body) throws(UnreadableAnswer) in
            try SpotAnswers.trades(body, instrument)
        }
    }

    /// The trades of one order.
    public func trades(ofOrder id: Int64, of instrument: Instrument) async -> RequestOutcome<[SpotTrade]> {
        await ask(.trades(ofOrder: id, of: instrument), .question) { (body) throws(UnreadableAnswer) in
            try SpotAnswers.trades(body, instrument)
        }
    }

    /// Balances, rates and rights of the account.
    public func account() async -> RequestOutcome<SpotAccount> {
        await ask(.account, .question) { (body) throws(UnreadableAnswer) in try SpotAnswers.account(body) }
    }

    /// What trading a symbol costs the account.
    public func commission(of instrument: Instrument) async -> RequestOutcome<SpotCommission> {
        await ask(.commission(of: instrument), .data) { (body) throws(UnreadableAnswer) in
            try SpotAnswers.commission(body)
        }
    }

    /// How many orders count against the account's limits. From then on what opens is held back when they are nearly used up.
    public func orderCounts() async -> RequestOutcome<[SpotOrderCount]> {
        let outcome = await ask(.orderCounts, .data) { (body) throws(UnreadableAnswer) in
            try SpotAnswers.orderCounts(body)
        }
        if case .confirmed(let counts) = outcome, let now = clock.now { allowance.learn(counts, at: now) }
        return outcome
    }

    /// A symbol's rules with those of the account added to them.
    public func rules(
        _ rules: SymbolRules, of instrument: Instrument
    ) async -> RequestOutcome<SymbolRules> {
        await ask(.accountFilters(of: instrument), .data) { (body) throws(UnreadableAnswer) in
            var rules = rules
            try rules.takeAccount(body)
            return rules
        }
    }

    /// What the key may do. A testnet has nothing to say about that but whether the account may trade.
    public func permissions() async -> RequestOutcome<KeyPermissions> {
        switch access.environment.keys {
        case .live:
            return await ask(.keyRestrictions, .data) { (body) throws(UnreadableAnswer) in
                try KeyPermissions.live(body)
            }
        case .testnet:
            return await ask(.account, .data) { (body) throws(UnreadableAnswer) in try KeyPermissions.testnet(body) }
        }
    }
}
