import Market
import Trading

/// What the venue knows of an instrument's prices.
struct MarketState: Sendable {
    /// The last price: of a print, a quote's middle or a bar's close; the reference of instrument checks.
    var last: Price?
    /// The last quote; none while bars alone drive the fills.
    var quote: Quote?
    /// What marks the instrument during the bar at hand, and before it; `nil` where its own prices do. No part of an image:
    /// only backtests tell marks apart.
    var mark: Candle?
    var markBefore: Price?
    /// How much buyers and sellers may still take out of the last event, in quantity units; only with participation.
    var buyable: Int64 = 0
    var sellable: Int64 = 0
    /// A bar that stays above this low and below this high reaches no working order; a low of `Int64.max` where an order
    /// has yet to be looked at.
    var quietLow = Int64.max
    var quietHigh = Int64.min
}

/// What is under way: an instant that orders meet, or a bar between its open and its close.
struct MarketWalk: Sendable {
    enum Stage: Sendable {
        case idle
        /// Every order of the instrument meets the point once.
        case point
        /// The inside of a bar, owner by owner and leg by leg.
        case path
    }

    var stage = Stage.idle
    var instrument = 0
    var time = Timestamp.epoch
    var point = MarketPoint(traded: .zero)
    /// Numbers the events; an order carries the number of the last it met.
    var event: UInt64 = 0
    /// The bar, when one is walked.
    var bar: Candle?
    /// Whose orders walk; `nil` for all together.
    var owner: StrategyID?
    /// The ends of the legs from the open on, and which one is walked.
    var ends: (Price, Price, Price) = (.zero, .zero, .zero)
    var leg = 0
    /// Where the price stands on the leg.
    var cursor = Price.zero
    /// The ends of the legs of what marks the instrument, where that is told apart.
    var markEnds: (Price, Price, Price)?
    /// When the bar ends; beyond all data where nothing takes time.
    var end = FundingCursor.never
    /// Whether the point is the auction that a session opens with.
    var isAuction = false

    /// Whether the price is between a bar's open and its close.
    var isInsideBar: Bool { stage == .path }
}
