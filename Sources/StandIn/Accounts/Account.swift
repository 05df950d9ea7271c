import Market

/// What an account has of an asset, in units of 10^−16.
struct Balance: Sendable, Hashable {
    var free: Int128 = 0
    var locked: Int128 = 0
}

/// A trade of an account.
struct AccountTrade: Sendable {
    var id: Int64
    var order: Int64
    var list: Int64
    var market: Int
    var price: Price
    var quantity: Quantity
    var commission: Int64
    var commissionAsset: Currency
    var time: Timestamp
    var isBuyer: Bool
    var isMaker: Bool
}

/// A client of the exchange: balances, orders, trades, and the keys that may act for it.
final class Account {
    /// The place in the exchange's list.
    let id: Int
    let uid: Int64
    let keys: [APIKey]
    /// Assets in the order in which they are listed.
    private(set) var assets: [Currency] = []
    private(set) var balances: [Currency: Balance] = [:]
    /// Every order that it may still ask for, oldest first.
    private(set) var orders: [Order] = []
    private(set) var trades: [AccountTrade] = []
    /// What the smart order routing traded for it, oldest first.
    private(set) var allocations: [AccountTrade] = []
    /// Trades with itself that were prevented, oldest first.
    private(set) var preventedMatches: [PreventedMatch] = []
    private var byID: [Int64: Order] = [:]
    var updated: Int64 = 0
    /// What is locked for something outside of the exchange, in units of 10^−16; part of what is locked.
    var lockedOutside: [Currency: Int128] = [:]
    /// Assets whose balances have changed since the last event that told them.
    private(set) var touched: [Currency] = []
    var counter = OrderCounter()
    var canTrade = true
    /// Whether commissions are paid in BNB.
    var paysInBNB = false

    init(id: Int, keys: [APIKey], balances: [(Currency, Int128)]) {
        self.id = id
        uid = 354_000_000 + Int64(id)
        self.keys = keys
        for (asset, amount) in balances {
            assets.append(asset)
            self.balances[asset] = Balance(free: amount)
        }
    }

    /// The balance of an asset.
    subscript(_ asset: Currency) -> Balance { balances[asset] ?? Balance() }

    /// Changes a balance; neither part ever falls below zero.
    func change(_ asset: Currency, free: Int128 = 0, locked: Int128 = 0) {
        var balance = self[asset]
        balance.free += free
        balance.locked += locked
        precondition(balance.free >= 0 && balance.locked >= 0, "nobody spends what is not there")
        if balances[asset] == nil { assets.append(asset) }
        balances[asset] = balance
        if !touched.contains(asset) { touched.append(asset) }
    }

    /// Takes the assets whose balances have changed.
    func takeTouched() -> [Currency] {
        defer { touched.removeAll(keepingCapacity: true) }
        return touched
    }

    // MARK: - Orders and trades

    /// The order of a number.
    func order(_ id: Int64) -> Order? { byID[id] }

    /// The newest order of a client's id in a symbol; open ones before others.
    func order(client id: String, market: Int) -> Order? {
        var closed: Order?
        for order in orders.reversed() where order.market == market && order.clientID == id {
            if order.status.isOpen { return order }
            closed = closed ?? order
        }
        return closed
    }

    /// Keeps an order; the oldest closed ones go when there are more than `capacity`.
    func keep(_ order: Order, capacity: Int) {
        orders.append(order)
        byID[order.id] = order
        guard orders.count > capacity + capacity / 4 else { return }
        var excess = orders.count - capacity
        orders.removeAll { old in
            guard excess > 0, !old.status.isOpen else { return false }
            excess -= 1
            byID[old.id] = nil
            return true
        }
    }

    /// Keeps a trade or an allocation; the oldest go when there are more than `capacity`.
    func keep(_ trade: AccountTrade, isAllocation: Bool = false, capacity: Int) {
        func keep(in list: inout [AccountTrade]) {
            list.append(trade)
            if list.count > capacity + capacity / 4 { list.removeFirst(list.count - capacity) }
        }
        if isAllocation { keep(in: &allocations) } else { keep(in: &trades) }
    }

    /// Keeps a match that was prevented; the oldest go when there are more than `capacity`.
    func keep(_ match: PreventedMatch, capacity: Int) {
        preventedMatches.append(match)
        if preventedMatches.count > capacity + capacity / 4 {
            preventedMatches.removeFirst(preventedMatches.count - capacity)
        }
    }
}
