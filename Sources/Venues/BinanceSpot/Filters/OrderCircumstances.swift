public import Market

/// What an order is judged against besides the rules.
public struct OrderCircumstances: Sendable, Hashable {
    /// The venue's reference price where it has one, else its average price over the filter's minutes, else the last
    /// price; `nil` when it is not known, and then what hangs on it is left to the venue.
    public var referencePrice: Price?
    /// The open orders of the symbol.
    public var openOrders: [SpotOrder]
    /// How many further orders of the symbol are open, of which no more is known than that.
    public var others = OpenCounts()
    /// How much those are still to buy.
    public var buying = Quantity.zero
    /// How many orders will follow on this one where it fills, and need room as well.
    public var following = OpenCounts()
    /// How many orders of the account are open in other symbols.
    public var elsewhere: OpenCounts
    /// What the account holds; `nil` when it is not known, and then what hangs on it is left to the venue.
    public var balances: [SpotBalance]?

    /// How many orders of a kind are open.
    public struct OpenCounts: Sendable, Hashable {
        /// All of them.
        public var orders = 0
        /// Those that wait for a trigger.
        public var triggered = 0
        /// Those that show a part of themselves only.
        public var icebergs = 0
        /// Lists of orders.
        public var lists = 0

        /// None.
        public init() {}

        /// The counts of orders.
        public init(_ orders: [SpotOrder]) {
            self.orders = orders.count
            triggered = orders.count { $0.type.isTriggered }
            icebergs = orders.count { $0.icebergQuantity != nil }
            lists = Set(orders.compactMap(\.listID)).count
        }

        /// The counts of orders.
        init(_ orders: [PlacementCircumstances.OpenOrder]) {
            self.orders = orders.count
            triggered = orders.count { $0.type.hasTrigger }
            lists = Set(orders.compactMap(\.list)).count
        }

        /// Both together.
        static func + (a: OpenCounts, b: OpenCounts) -> OpenCounts {
            var sum = a
            sum.orders += b.orders
            sum.triggered += b.triggered
            sum.icebergs += b.icebergs
            sum.lists += b.lists
            return sum
        }
    }

    /// Circumstances of their parts.
    public init(
        referencePrice: Price? = nil, openOrders: [SpotOrder] = [], elsewhere: OpenCounts = OpenCounts(),
        balances: [SpotBalance]? = nil
    ) {
        self.referencePrice = referencePrice
        self.openOrders = openOrders
        self.elsewhere = elsewhere
        self.balances = balances
    }
}

/// A rule that an order would break.
public struct RuleViolation: Sendable, Hashable, CustomStringConvertible {
    /// The venue's name of the rule, or what the symbol does not offer or the account does not have: `LOT_SIZE`,
    /// `status`, `balance`.
    public var rule: String
    /// What is wrong and what was expected, in words.
    public var words: String

    /// The rule and what is wrong.
    public var description: String { "\(rule): \(words)" }
}
