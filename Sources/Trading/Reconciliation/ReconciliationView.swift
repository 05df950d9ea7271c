public import Market

/// What we hold to be true, as far as a venue can contradict it.
public struct ReconciliationView: Sendable {
    /// A trade that is booked.
    public struct Trade: Sendable, Hashable, Comparable {
        /// On which order.
        public var order: OrderID
        /// Which.
        public var tradeID: UInt64
        /// At which price.
        public var price: Price
        /// How much.
        public var quantity: Quantity

        /// A trade of its parts.
        public init(order: OrderID, tradeID: UInt64, price: Price, quantity: Quantity) {
            self.order = order
            self.tradeID = tradeID
            self.price = price
            self.quantity = quantity
        }

        /// By order, then by trade id.
        public static func < (a: Trade, b: Trade) -> Bool {
            a.order == b.order ? a.tradeID < b.tradeID : a.order < b.order
        }
    }

    /// Now, by our clock.
    public var now: Timestamp
    /// The instruments, by number.
    public var instruments: [Instrument]
    /// Orders that work and closed ones that are still known, by number.
    public var orders: [Order]
    /// The trades booked on them, in order.
    public var trades: [Trade]
    /// The positions of all owners.
    public var positions: [Position]
    /// The mark of each instrument.
    public var marks: [Price?]
    /// The cash.
    public var cash: Money
    /// Instruments that are blocked already.
    public var blocks: [InstrumentBlock]
    /// Orders of others that are known already, by the venue's number.
    public var externals: [String]
    /// Whether what is held is assets, of which more may come from elsewhere: what nobody here bought belongs to the person.
    public var holdsAssets = false

    /// A view of its parts; orders and trades are put in order.
    public init(
        now: Timestamp, instruments: [Instrument], orders: [Order], trades: [Trade], positions: [Position],
        marks: [Price?], cash: Money, blocks: [InstrumentBlock] = [], externals: [String] = []
    ) {
        self.now = now
        self.instruments = instruments
        self.orders = orders.sorted { $0.id < $1.id }
        self.trades = trades.sorted()
        self.positions = positions
        self.marks = marks
        self.cash = cash
        self.blocks = blocks
        self.externals = externals
    }

    /// The order with a number. O(log n).
    func order(_ id: OrderID) -> Order? {
        let place = orders.partition { $0.id >= id }
        return place < orders.count && orders[place].id == id ? orders[place] : nil
    }

    /// The trade booked on an order under an id. O(log n).
    func trade(_ order: OrderID, _ id: UInt64) -> Trade? {
        let key = Trade(order: order, tradeID: id, price: .zero, quantity: .zero)
        let place = trades.partition { !($0 < key) }
        guard place < trades.count, trades[place].order == order, trades[place].tradeID == id else { return nil }
        return trades[place]
    }
}

extension Array {
    /// The first place from which on a condition holds that never stops holding once it does.
    func partition(where holds: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension Kernel {
    /// What this kernel holds to be true, for a comparison with its venue. O(orders log orders).
    public var reconciliationView: ReconciliationView {
        var trades: [ReconciliationView.Trade] = []
        for entry in ledger.entries {
            for trade in (entry.firstTrade.map { [$0] } ?? []) + entry.furtherTrades {
                trades.append(
                    ReconciliationView.Trade(
                        order: entry.order.id, tradeID: trade.id, price: trade.price, quantity: trade.quantity))
            }
        }
        var view = ReconciliationView(
            now: now, instruments: instruments.map(\.instrument), orders: ledger.entries.map(\.order), trades: trades,
            positions: positions, marks: instruments.map(\.mark), cash: account.cash, blocks: blocks)
        view.holdsAssets = options.locksHoldings
        return view
    }
}
