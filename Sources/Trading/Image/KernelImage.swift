public import Market

/// The whole state of a kernel, exact: a kernel made from it gives the same effects for the same events, bit for bit, and
/// images of two kernels in one state are the same bytes.
///
/// It holds its instruments, because every number in it that names one is a place in that table.
public struct KernelImage: Sendable {
    /// The table of instruments that the numbers in here refer to.
    public var instruments: [Instrument]
    /// How the kernel was run; the probe is not part of it.
    public var options: KernelOptions
    /// The newest instant seen.
    public var now: Timestamp
    /// The account.
    public var account: Account
    /// What is let through.
    public var tradingState: TradingState
    /// The account's limits.
    public var limits: RiskLimits
    /// Every position, open or with a history, in the order of the kernel's table.
    public var positions: [Position]
    /// The number of the next order.
    public var nextOrder: OrderID

    var ledger: LedgerImage
    var markets: [MarketImage]
    var strategies: [StrategyImage]
    var inquiries: [Inquiry]
    var blocks: [InstrumentBlock]
    var brackets: [Bracket]
    var nextGroup: UInt64
    var isFlattening: Bool
    var hasWordedRefusal: Bool
    var owedExits: [OwedExit]

    /// The registered strategies, by number. Their parameters have names and values alone until a catalogue describes
    /// them.
    public var registrations: [StrategyRegistration] { strategies.map(\.registration) }

    /// Orders that are not closed, in the order of the ledger.
    public var openOrders: [Order] { ledger.entries.map(\.order).filter { !$0.state.isClosed } }
}

/// Orders and what is known of their trades.
struct LedgerImage: Sendable {
    var entries: [OrderLedger.Entry]
    var open: [OrderID]
}

/// What a kernel knows of an instrument beside its rules.
struct MarketImage: Sendable {
    var mark: Price?
    var lastHeard: Timestamp
    var held: [Int]
    var bound = Quantity.zero
    var feeExcess: Int64 = 0
}

/// A strategy's place and what it has seen.
struct StrategyImage: Sendable {
    var registration: StrategyRegistration
    var position: Int
    var candleCount: Int
    var direction: Direction
    var entryPrice: Double
    var entry: OrderID?
    var exit: OrderID?
    var stop: OrderID?
    var target: OrderID?
    var bestClose: Price?
    var base: Money
    var peak: Money
    /// The form of the state, where the class can write it down.
    var stateVersion: UInt8?
    var state: [UInt8]
}

/// Why no kernel can be made from an image.
public enum KernelImageError: Error, Sendable, CustomStringConvertible {
    /// The instruments given do not begin with those that the image's numbers refer to.
    case instruments(String)
    /// Its parts contradict each other.
    case inconsistent(String)

    /// What is wrong, with what would be right.
    public var description: String {
        switch self {
        case .instruments(let text): return "the instruments are not those of the state: \(text)"
        case .inconsistent(let text): return "the state contradicts itself: \(text)"
        }
    }
}
