public import Ingestion
public import Market
public import Network
public import Venues

/// What is examined.
public struct DoctorPlan: Sendable {
    /// Where the venue's REST API is.
    public var server: String
    /// Where its market streams are.
    public var streams: String
    /// The key that is examined, with where it is good; without one only what everybody may ask is.
    public var access: BinanceSpotAccess?
    /// The symbols that are to be traded, in capitals.
    public var symbols: [String]
    /// How long requests may take, and whom to trust besides the system's certificates.
    public var http = HTTPOptions()
    /// What is reckoned with as the account's money where no key tells it.
    public var purse: Money
    /// Whether an order is placed, and cancelled.
    public var placesOrders = true
    /// How long the market streams may take to say something of everything.
    public var streamPatience = Duration.seconds(15)
    /// How long the private stream may take to tell of an order.
    public var reportPatience = Duration.seconds(5)
    /// How long is waited before an order whose fate is not known is asked for again, each time.
    public var lookUpPauses: [Duration] = [
        .zero, .milliseconds(300), .milliseconds(700), .milliseconds(1_500), .seconds(3), .seconds(5),
    ]

    /// A plan of what it can't do without.
    public init(server: String, streams: String, access: BinanceSpotAccess?, symbols: [String], purse: Money) {
        self.server = server
        self.streams = streams
        self.access = access
        self.symbols = symbols
        self.purse = purse
        http.connectTimeout = .seconds(5)
        http.totalTimeout = .seconds(15)
    }
}

/// What the doctor needs of the world around it.
public struct DoctorSurroundings: Sendable {
    /// The machine's time of day.
    public var wall: @Sendable () -> Timestamp
    /// Writes down what can move money, before it leaves and when its outcome is known.
    public var audit: SpotAudit
    /// Asks a person whether an order with real money is meant. Never asked where the money is not real.
    public var confirm: @Sendable (FarOrder) -> Bool
    /// Whether somebody wants it to end.
    public var isInterrupted: @Sendable () -> Bool
    /// Told what is being looked at.
    public var telling: @Sendable (String) -> Void
    /// Remembers, for other processes, that the venue wants to be left alone; `nil` to remember nothing.
    public var pauses: (@Sendable (BinanceSpot) -> PauseMemory)?

    /// Surroundings of their parts.
    public init(
        wall: @escaping @Sendable () -> Timestamp, audit: SpotAudit,
        confirm: @escaping @Sendable (FarOrder) -> Bool, isInterrupted: @escaping @Sendable () -> Bool = { false },
        telling: @escaping @Sendable (String) -> Void = { _ in },
        pauses: (@Sendable (BinanceSpot) -> PauseMemory)? = nil
    ) {
        self.wall = wall
        self.audit = audit
        self.confirm = confirm
        self.isInterrupted = isInterrupted
        self.telling = telling
        self.pauses = pauses
    }
}
