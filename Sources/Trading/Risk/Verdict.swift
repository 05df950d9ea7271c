public import Market

/// The checks of the risk gate, in the order they run.
public enum RiskCheck: UInt8, Sendable, Hashable, CaseIterable, Codable {
    /// The emergency stop, or a breaker that allows reductions only.
    case halt = 0
    /// The strategy is enabled.
    case strategyStatus = 1
    /// Terms that fit together: prices where the type needs them, a positive size.
    case terms = 2
    /// The price is on the tick.
    case tick = 3
    /// The quantity is on the step.
    case quantityStep = 4
    /// The quantity is not below the venue's smallest.
    case minimumQuantity = 5
    /// The quantity is not above the venue's largest.
    case maximumQuantity = 6
    /// The notional is not below the venue's smallest.
    case minimumNotional = 7
    /// The price is within the venue's or the account's band around the last price.
    case priceBand = 8
    /// A reduce-only order has something to reduce.
    case reduceOnly = 9
    /// The instrument allows shorts, where the order would make one.
    case shorting = 10
    /// No order of the same owner, side and purpose is already working.
    case duplicate = 11
    /// The count of working orders.
    case openOrders = 12
    /// The notional of the order.
    case orderNotional = 13
    /// The notional of the instrument's position after the order.
    case positionNotional = 14
    /// The notional of the strategy's position after the order.
    case strategyNotional = 15
    /// The strategy's share of equity after the order.
    case strategyShare = 16
    /// The notional of all positions after the order.
    case exposure = 17
    /// The free balance.
    case balance = 18
    /// The strategy's drawdown.
    case strategyDrawdown = 19
    /// The account's drawdown.
    case drawdown = 20
    /// The day's loss.
    case dailyLoss = 21
    /// The age of the instrument's data.
    case staleData = 22
    /// No order of the same owner and instrument is unknown.
    case unknownOrder = 23
    /// The instrument's position agrees with the venue's.
    case unreconciled = 24
    /// The stop and the target that an entry asks for stand on their sides of its price, and there is something to protect.
    case protection = 25

    /// The name shown to people and kept in files.
    public var name: String {
        switch self {
        case .halt: return "halt"
        case .strategyStatus: return "strategy-status"
        case .terms: return "terms"
        case .tick: return "tick"
        case .quantityStep: return "quantity-step"
        case .minimumQuantity: return "minimum-quantity"
        case .maximumQuantity: return "maximum-quantity"
        case .minimumNotional: return "minimum-notional"
        case .priceBand: return "price-band"
        case .reduceOnly: return "reduce-only"
        case .shorting: return "shorting"
        case .duplicate: return "duplicate"
        case .openOrders: return "open-orders"
        case .orderNotional: return "order-notional"
        case .positionNotional: return "position-notional"
        case .strategyNotional: return "strategy-notional"
        case .strategyShare: return "strategy-share"
        case .exposure: return "exposure"
        case .balance: return "balance"
        case .strategyDrawdown: return "strategy-drawdown"
        case .drawdown: return "drawdown"
        case .dailyLoss: return "daily-loss"
        case .staleData: return "stale-data"
        case .unknownOrder: return "unknown-order"
        case .unreconciled: return "unreconciled"
        case .protection: return "protection"
        }
    }
}

/// What one check saw and said.
public struct CheckOutcome: Sendable, Hashable {
    /// Which check.
    public var check: RiskCheck
    /// Whether the order passes.
    public var isPassed: Bool
    /// What was measured, in `unit`.
    public var value: Int128
    /// What is allowed, in `unit`.
    public var limit: Int128
    /// What `value` and `limit` are.
    public var unit: Unit

    /// What a check's numbers are.
    public enum Unit: Sendable, Hashable {
        /// Plain counts, or 0 and 1 for no and yes.
        case count
        /// `Money.units` of the quote currency.
        case money
        /// `Ratio.units`.
        case ratio
        /// Price mantissas of the instrument with this scale.
        case price(scale: Int)
        /// Quantity mantissas of the instrument with this scale.
        case quantity(scale: Int)
        /// Seconds.
        case seconds
    }

    /// An outcome of its parts.
    public init(_ check: RiskCheck, isPassed: Bool, value: Int128 = 0, limit: Int128 = 0, unit: Unit = .count) {
        self.check = check
        self.isPassed = isPassed
        self.value = value
        self.limit = limit
        self.unit = unit
    }

    /// `exposure 0.62 > 0.5` or `halt`, for people.
    public var text: String {
        func number(_ value: Int128) -> String {
            switch unit {
            case .count, .seconds: return String(value)
            case .money: return Money(units: value, .usd).text(decimals: 2)
            case .ratio: return Ratio(units: Int64(clamping: value)).description
            case .price(let scale), .quantity(let scale): return DecimalText.text(value, scale: scale)
            }
        }
        if value == 0 && limit == 0 { return check.name }
        return "\(check.name) \(number(value)) (limit \(number(limit)))"
    }
}

/// The risk gate's answer to one order, with everything it looked at.
public struct Verdict: Sendable, Hashable {
    /// The order judged.
    public var order: OrderID
    /// When.
    public var time: Timestamp
    /// Every check that ran, in order; all failures, not only the first.
    public var outcomes: [CheckOutcome]

    /// A verdict of its parts.
    public init(order: OrderID, time: Timestamp, outcomes: [CheckOutcome]) {
        self.order = order
        self.time = time
        self.outcomes = outcomes
    }

    /// Whether every check passed.
    public var isAllowed: Bool { outcomes.allSatisfy(\.isPassed) }

    /// The failures in words, or `allowed`.
    public var text: String {
        let failures = outcomes.filter { !$0.isPassed }
        return failures.isEmpty ? "allowed" : failures.map(\.text).joined(separator: "; ")
    }
}
