/// The side of an order, a fill or a print's aggressor.
@frozen
public enum Side: UInt8, Sendable, Hashable, Codable, CaseIterable {
    /// Buying the base asset.
    case buy = 0
    /// Selling the base asset.
    case sell = 1

    /// +1 for a buy, −1 for a sell.
    @inlinable
    public var sign: Int64 { self == .buy ? 1 : -1 }

    /// `buy` or `sell`.
    public var name: String { self == .buy ? "buy" : "sell" }

    /// The side named `buy` or `sell`, in any case, or `nil`.
    public init?(name: some StringProtocol) {
        switch name.lowercased() {
        case "buy": self = .buy
        case "sell": self = .sell
        default: return nil
        }
    }
}
