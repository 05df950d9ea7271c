public import Market

/// The money of the account and how it has fared.
public struct Account: Sendable, Hashable {
    /// The quote currency everything is settled in.
    public let currency: Currency
    /// Cash, not counting what positions are worth. A short's proceeds count as cash.
    public var cash: Money
    /// What the account began with.
    public private(set) var initialEquity: Money
    /// Cash plus positions at their marks.
    public var equity: Money
    /// The highest equity so far.
    public var peakEquity: Money
    /// The equity at the start of the UTC day.
    public var dayStartEquity: Money
    /// The UTC day that `dayStartEquity` belongs to.
    public var day: Int64
    /// All fees paid.
    public var fees: Money

    /// An account with `cash` and no positions.
    public init(cash: Money) {
        currency = cash.currency
        self.cash = cash
        initialEquity = cash
        equity = cash
        peakEquity = cash
        dayStartEquity = cash
        day = .min
        fees = .zero(cash.currency)
    }

    /// Begins anew with the equity as it stands: nothing was won or lost before.
    mutating func begin() {
        initialEquity = equity
        peakEquity = equity
        dayStartEquity = equity
    }

    /// How far the equity stands below its peak, as a share of the peak, rounded toward zero.
    public var drawdown: Ratio {
        peakEquity.units > 0 ? Account.share(peakEquity.units - equity.units, of: peakEquity.units) : .zero
    }

    /// `part ÷ whole` as a ratio rounded toward zero; amounts beyond the ratio's range saturate.
    static func share(_ part: Int128, of whole: Int128) -> Ratio {
        // Scaling both down keeps the product within 128 bits; 10^−8 of a currency is precise enough for a share.
        let scaledPart = part / 100_000_000
        let scaledWhole = max(whole / 100_000_000, 1)
        let units = scaledPart * Int128(Ratio.one.units) / scaledWhole
        return Ratio(units: Int64(clamping: units))
    }
}
