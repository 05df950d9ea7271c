public import Trading

/// What a venue can do for whoever trades there: declared, never guessed.
public struct VenueCapabilities: Sendable, Hashable {
    /// The types of orders.
    public var orderTypes: Set<OrderType>
    /// How long limit orders may work.
    public var timesInForce: Set<TimeInForce>
    /// What else there is.
    public var features: Set<Feature>
    /// The longest number that an order may be given, in characters.
    public var longestClientOrderID: Int

    /// What a venue has or has not.
    public enum Feature: String, Sendable, Hashable, CaseIterable {
        /// Limit orders that are refused rather than taking liquidity.
        case postOnly = "post-only"
        /// Market orders that say what to spend.
        case spending
        /// Triggers that follow the market.
        case trailing
        /// An order can be made smaller and keeps its place in the queue.
        case shrinking
        /// An order can be replaced by another in one request.
        case replacing
        /// All orders of an instrument can be cancelled in one request.
        case cancelAllOfInstrument = "cancel-all-of-instrument"
        /// All orders of the account can be cancelled in one request.
        case cancelAllOfAccount = "cancel-all-of-account"
        /// Two orders of which one cancels the other (OCO).
        case pair
        /// An order after which another begins to work (OTO).
        case sequence
        /// An order after which a pair begins to work (OTOCO).
        case bracket
        /// Orders of one account can be kept from trading with each other.
        case selfTradePrevention = "self-trade-prevention"
        /// An order can be asked for by the number it was placed with.
        case queryByClientID = "query-by-client-id"
        /// Executions can be asked for from a number on.
        case fillsSince = "fills-since"
        /// What happens to the account is told as it happens.
        case privateStream = "private-stream"
        /// The venue refuses a number that a working order has: a second attempt can't become a second order while the
        /// first works.
        case refusesDuplicates = "refuses-duplicates"
        /// Orders that may only make a position smaller.
        case reduceOnly = "reduce-only"
        /// The venue cancels everything when nobody calls for some time.
        case deadMansSwitch = "dead-mans-switch"
    }

    /// Capabilities of their parts.
    public init(
        orderTypes: Set<OrderType>, timesInForce: Set<TimeInForce>, features: Set<Feature>, longestClientOrderID: Int
    ) {
        self.orderTypes = orderTypes
        self.timesInForce = timesInForce
        self.features = features
        self.longestClientOrderID = longestClientOrderID
    }

    /// Whether it has something.
    public func has(_ feature: Feature) -> Bool { features.contains(feature) }

    /// Why an order can't be placed here; `nil` when nothing that is declared speaks against it.
    public func objection(to order: OrderPlacement) -> String? {
        if !orderTypes.contains(order.type) { return "there are no \(order.type.name) orders here" }
        if order.limitPrice != nil, !order.isPostOnly, !timesInForce.contains(order.timeInForce) {
            return "orders don't work \(order.timeInForce.name) here"
        }
        if order.isPostOnly, !has(.postOnly) { return "there are no post-only orders here" }
        if order.spend != nil, !has(.spending) { return "there are no orders to spend an amount here" }
        if order.trailing != nil, !has(.trailing) { return "there are no trailing orders here" }
        if order.selfTradePrevention != nil, !has(.selfTradePrevention) {
            return "orders of one account can't be kept from trading with each other here"
        }
        return order.contradiction
    }

    /// Why a list of orders can't be placed here; `nil` when nothing that is declared speaks against it.
    public func objection(to list: OrderListPlacement) -> String? {
        let needed: Feature
        switch list.kind {
        case .pair: needed = .pair
        case .sequence: needed = .sequence
        case .bracket: needed = .bracket
        }
        if !has(needed) { return "there are no lists of the kind '\(needed.rawValue)' here" }
        return list.contradiction ?? list.orders.lazy.compactMap(objection(to:)).first
    }
}
