public import Market
import Network
import Trading

extension BinanceSpotVenue {
    /// The most executions that the venue gives at once.
    private static let pageOfTrades = 1_000

    /// An order by the number it was placed with; confirmed with `nil` when the venue does not know it now.
    public func order(
        _ clientOrderID: String, of instrument: Instrument
    ) async -> RequestOutcome<StandingOrder?> {
        switch await account.order(.clientOrderID(clientOrderID), of: instrument) {
        case .confirmed(let order): return .confirmed(learn(order, of: instrument))
        case .refused(let refusal) where refusal.reason == .noSuchOrder: return .confirmed(nil)
        case .refused(let refusal): return .refused(refusal)
        case .denied(let denial): return .denied(denial)
        case .unknown(let doubt): return .unknown(doubt)
        }
    }

    /// An order by the number it was placed with, and what it has filled with.
    ///
    /// The venue's lists can lag behind: executions that do not add up to what the order says are not given out.
    public func receipt(
        _ clientOrderID: String, of instrument: Instrument
    ) async -> RequestOutcome<OrderReceipt?> {
        switch await order(clientOrderID, of: instrument) {
        case .confirmed(let order?): return .confirmed(await whole(order))
        case .confirmed(nil): return .confirmed(nil)
        case .refused(let refusal): return .refused(refusal)
        case .denied(let denial): return .denied(denial)
        case .unknown(let doubt): return .unknown(doubt)
        }
    }

    /// An order with its executions, where they add up.
    func whole(_ order: StandingOrder) async -> OrderReceipt {
        guard !order.status.filled.isZero else { return OrderReceipt(order: order, executions: []) }
        let executions = await trades(ofOrder: order.venueID, order.instrument)
        let sum = (executions ?? []).reduce(Quantity.zero) { $0 + $1.quantity }
        return OrderReceipt(order: order, executions: sum == order.status.filled ? executions : nil)
    }

    /// The open orders of an instrument, those of other clients among them.
    public func openOrders(of instrument: Instrument) async -> RequestOutcome<[StandingOrder]> {
        await account.openOrders(of: instrument).map { orders in orders.map { learn($0, of: instrument) } }
    }

    /// The account's executions in an instrument, oldest first.
    ///
    /// The venue tells the number of the order only; which number it was placed with is asked for where it is not known.
    public func fills(of instrument: Instrument, since trade: UInt64?) async -> RequestOutcome<[VenueExecution]> {
        let overlap = trade.map { $0 > options.tradeOverlap ? $0 - options.tradeOverlap : 0 }
        return await trades(of: instrument, from: overlap.map { Int64(clamping: $0) })
    }

    /// The executions from a number on, page by page; the latest page without one.
    func trades(of instrument: Instrument, from first: Int64?) async -> RequestOutcome<[VenueExecution]> {
        var trades: [SpotTrade] = []
        var next = first
        while true {
            let outcome = await account.trades(of: instrument, from: next, limit: BinanceSpotVenue.pageOfTrades)
            guard let page = outcome.value else { return outcome.map { _ in [] } }
            trades += page
            guard let from = next, page.count == BinanceSpotVenue.pageOfTrades, let last = page.last, last.id >= from
            else { break }
            next = last.id + 1
        }
        await learnOrders(of: trades, instrument)
        return .confirmed(executions(trades, instrument))
    }

    /// The executions of one order.
    func trades(ofOrder venueID: String, _ instrument: Instrument) async -> [VenueExecution]? {
        guard let id = Int64(venueID), let trades = await account.trades(ofOrder: id, of: instrument).value else {
            return nil
        }
        return executions(trades, instrument)
    }

    private func executions(_ trades: [SpotTrade], _ instrument: Instrument) -> [VenueExecution] {
        trades.compactMap { trade in
            translation.execution(
                trade, of: instrument, board.clientOrderID(of: "\(trade.orderID)", in: instrument.symbol))
        }
    }

    /// Finds out the numbers that the orders of trades were placed with: one by one where they are few, else all orders
    /// from the oldest on. What can't be found out stays unknown, and is said to be.
    private func learnOrders(of trades: [SpotTrade], _ instrument: Instrument) async {
        let unknown = Set(trades.map(\.orderID)).filter {
            board.clientOrderID(of: "\($0)", in: instrument.symbol) == nil
        }
        guard let oldest = unknown.min() else { return }
        guard unknown.count > 5 else {
            for id in unknown.sorted() {
                if let order = await account.order(.id(id), of: instrument).value { _ = learn(order, of: instrument) }
            }
            return
        }
        // Only those that are looked for are kept: a client that places and cancels all the time has more orders than there
        // is room for, and what lies between two that are looked for is passed over.
        var wanted = unknown.sorted()[...]
        var next = oldest
        while let page = await account.allOrders(of: instrument, from: next).value {
            for order in page where unknown.contains(order.id) { _ = learn(order, of: instrument) }
            guard page.count == 1_000, let last = page.last, last.id >= next else { return }
            wanted = wanted.drop { $0 <= last.id }
            guard let first = wanted.first else { return }
            next = first
        }
    }

    /// What the account holds, of every asset that can be traded here.
    public func balances() async -> RequestOutcome<[VenueBalance]> {
        await account.account().map { account in
            account.balances.map { VenueBalance(free: $0.free, locked: $0.locked) }
        }
    }

    /// What trading an instrument costs the account, taxes and special rates included. What the venue takes of the buyer
    /// or the seller besides is in both rates, the dearer of the two.
    public func rates(of instrument: Instrument) async -> RequestOutcome<VenueRates> {
        await account.commission(of: instrument).map { commission in
            func sum(_ rate: (SpotRates) -> Ratio) -> Int64 {
                let parts = [commission.standard, commission.special, commission.tax]
                let side = parts.reduce(Int64(0)) { $0 + max($1.buyer.units, $1.seller.units) }
                return parts.reduce(side) { $0 + rate($1).units }
            }
            let discount = commission.discount.flatMap { share in
                commission.discountAsset.flatMap { Currency($0) }.map { VenueRates.Discount($0, share: share) }
            }
            return VenueRates(
                maker: Ratio(units: sum(\.maker)), taker: Ratio(units: sum(\.taker)), discount: discount)
        }
    }
}
