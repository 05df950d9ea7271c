import Market

extension KernelImage {
    /// Sees to it that no number leads out of its table and no two currencies meet, so that a kernel made from here
    /// never traps on what it was given.
    func check(against table: [Instrument]) throws(KernelImageError) {
        try checkInstruments(table)
        let currency = account.currency
        guard markets.count == instruments.count else {
            throw .inconsistent("\(instruments.count) instruments and \(markets.count) marks")
        }
        for position in positions {
            try require(position.instrument)
            try require(
                [
                    position.cost, position.realized, position.fees, position.trip.entryNotional,
                    position.trip.exitNotional,
                    position.trip.fees, position.trip.funding,
                ], in: currency)
        }
        for index in markets.flatMap(\.held) where !positions.indices.contains(index) {
            throw .inconsistent("there is no position \(index)")
        }
        try checkOrders(currency)
        var last: StrategyID?
        for strategy in strategies {
            try require(strategy.registration.instrument)
            try require([strategy.base, strategy.peak], in: currency)
            guard positions.indices.contains(strategy.position) else {
                throw .inconsistent("strategy \(strategy.registration.id.rawValue) has no position")
            }
            guard last.map({ $0 < strategy.registration.id }) ?? true else {
                throw .inconsistent("strategies are not in the order of their numbers")
            }
            last = strategy.registration.id
        }
        for block in blocks { try require(block.instrument) }
        for bracket in brackets { try require(bracket.instrument) }
        for owed in owedExits {
            try require(owed.instrument)
            guard owed.failures < 1 << 40 else { throw .inconsistent("an exit failed \(owed.failures) times") }
        }
        for (instrument, market) in zip(instruments, markets) {
            guard market.bound.mantissa >= 0 else { throw .inconsistent("less than nothing is bound") }
            let unit = instrument.quantityFactor
            guard (0..<unit).contains(Int128(market.feeExcess)) else {
                throw .inconsistent("fees have taken \(market.feeExcess) of \(unit) too much")
            }
        }
    }

    private func checkInstruments(_ table: [Instrument]) throws(KernelImageError) {
        guard table.count >= instruments.count else {
            throw .instruments("\(table.count) of them, and \(instruments.count) are needed")
        }
        for (mine, yours) in zip(instruments, table) {
            let isSame =
                mine.name == yours.name && mine.priceScale == yours.priceScale
                && mine.quantityScale == yours.quantityScale
            guard isSame else {
                throw .instruments("\(yours.name) stands where \(mine.name) stood, or in another scale")
            }
        }
        if let other = table.first(where: { $0.quote != account.currency }) {
            throw .instruments("\(other.name) is not priced in \(account.currency)")
        }
    }

    private func checkOrders(_ currency: Currency) throws(KernelImageError) {
        var last: OrderID?
        for entry in ledger.entries {
            let order = entry.order
            try require(order.request.instrument)
            try require([order.filledNotional, order.quoteFees], in: currency)
            if let spend = order.request.spend { try require([spend], in: currency) }
            guard order.id < nextOrder, last.map({ $0 < order.id }) ?? true else {
                throw .inconsistent("order \(order.id.rawValue) is out of order")
            }
            last = order.id
        }
    }

    private func require(_ instrument: InstrumentID) throws(KernelImageError) {
        guard instruments.indices.contains(instrument.index) else {
            throw .inconsistent("there is no instrument \(instrument.rawValue)")
        }
    }

    private func require(_ amounts: [Money], in currency: Currency) throws(KernelImageError) {
        for amount in amounts where amount.currency != currency {
            throw .inconsistent("an amount of \(amount.currency) in an account of \(currency)")
        }
    }
}
