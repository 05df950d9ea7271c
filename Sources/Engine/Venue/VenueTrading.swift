public import Market
public import Trading
public import Venues

/// What an engine needs to trade at a venue over a network instead of on paper.
public struct VenueTrading: Sendable {
    /// What money is at stake: `testnet` or `live`.
    public var mode: TradingMode
    /// Makes the venue for an engine that is known by these three characters in the numbers of its orders.
    public var venue: @Sendable (ClientOrderID.Instance) -> any TradingVenue
    /// What the fee of an execution is worth that was taken in a third currency, in the account's currency; `nil` for a currency
    /// that is neither priced nor that of the account's discount.
    public var worth: @Sendable (VenueExecution) -> Money?
    /// The audit of what is asked of the venue.
    public var requests: RequestLog
    /// What is wrong with the machine's clock, against the venue's; `nil` when nothing is.
    public var clockProblem: @Sendable () -> String? = { nil }
    /// How near the venue's limits are; `nil` where that is not known.
    public var limits: @Sendable () -> VenueLimits? = { nil }
    /// When an order that nobody answered for is asked about, and when it is given up. A venue refuses a request that is
    /// older than five seconds; three times that, and three answers that do not know it, prove that it never will be taken.
    public var inquiry = InquiryOptions(validitySeconds: 15)

    /// A way to a venue.
    public init(
        mode: TradingMode, requests: RequestLog, worth: @escaping @Sendable (VenueExecution) -> Money? = { _ in nil },
        venue: @escaping @Sendable (ClientOrderID.Instance) -> any TradingVenue
    ) {
        self.mode = mode
        self.requests = requests
        self.worth = worth
        self.venue = venue
    }
}
