public import Market

/// A venue at which orders are placed for one account.
///
/// Four things hold for every venue behind this, and the conformance suite tries them all:
///
/// - **Every request ends in one of four outcomes**, see `RequestOutcome`. An answer that was lost, that can't be read or
///   that speaks of a failure of the server's own is `unknown`.
/// - **Nothing that changes orders is sent twice** for one intent. What became of an unknown one is found out by `resolve`.
/// - **What is not in `capabilities` is refused here**, as `unsupported`, and never sent.
/// - **Events are told once and in the order of the venue**, and every interruption of them is told as a gap. After a gap
///   its owner compares everything: `reconciliationView`.
///
/// What the market does is told by `HistoricalVenue` and `StreamingVenue`; a venue may be all three.
public protocol TradingVenue: Sendable {
    /// The venue's name in capitals, `BINANCE`.
    var name: String { get }
    /// What it can do.
    var capabilities: VenueCapabilities { get }
    /// What is traded here. Orders of other symbols of the account are counted, not told in full.
    var instruments: [Instrument] { get }

    /// Everything that the venue would refuse an order for, as far as that can be known before it is sent.
    /// O(open orders).
    func objections(to order: OrderPlacement, given: PlacementCircumstances) -> [RuleViolation]

    /// Places an order.
    ///
    /// - Returns: confirmed with the order as it is, which may have ended already, and what it filled with at once.
    func place(_ order: OrderPlacement) async -> RequestOutcome<OrderReceipt>

    /// Places orders that depend on each other.
    func place(_ list: OrderListPlacement) async -> RequestOutcome<OrderListReceipt>

    /// Makes a working order smaller; it keeps its place in the queue and its number.
    ///
    /// - Parameter quantity: its whole quantity afterwards, what has filled included.
    func amend(
        _ clientOrderID: String, of instrument: Instrument, to quantity: Quantity
    ) async -> RequestOutcome<StandingOrder>

    /// Cancels an order and places another in one request. The old one may fill between.
    ///
    /// - Parameter isStrict: whether the new order stays away when the old one could not be cancelled, or has filled in part.
    /// - Returns: confirmed with both halves whenever the venue told of both, whatever became of them.
    func replace(
        _ clientOrderID: String, by order: OrderPlacement, isStrict: Bool
    ) async -> RequestOutcome<OrderReplacement>

    /// Whether orders of an instrument can be replaced.
    func canReplace(ordersOf instrument: Instrument) -> Bool

    /// Whether orders of an instrument can be placed that begin to work when another has filled.
    func canSequence(ordersOf instrument: Instrument) -> Bool

    /// Cancels an order. Refused as `noSuchOrder` it has ended, and how is to be asked. May be asked for again while its
    /// outcome is unknown: a second cancel can do no harm.
    func cancel(_ clientOrderID: String, of instrument: Instrument) async -> RequestOutcome<StandingOrder>

    /// Cancels a list of orders by the number it was placed with.
    func cancelList(_ clientListID: String, of instrument: Instrument) async -> RequestOutcome<OrderListReceipt>

    /// Cancels every open order of an instrument, whoever placed it.
    ///
    /// - Returns: confirmed with the orders that were cancelled; none when none was open.
    func cancelAll(of instrument: Instrument) async -> RequestOutcome<[StandingOrder]>

    /// An order by the number it was placed with.
    ///
    /// - Returns: confirmed with `nil` when the venue does not know it *now*. Right after it was sent that proves
    ///   nothing; see `resolve`.
    func order(_ clientOrderID: String, of instrument: Instrument) async -> RequestOutcome<StandingOrder?>

    /// An order by the number it was placed with, and what it has filled with.
    ///
    /// - Returns: confirmed with `nil` when the venue does not know it *now*, which proves nothing, as with `order`.
    func receipt(_ clientOrderID: String, of instrument: Instrument) async -> RequestOutcome<OrderReceipt?>

    /// The open orders of an instrument, those of other clients among them.
    func openOrders(of instrument: Instrument) async -> RequestOutcome<[StandingOrder]>

    /// The account's executions in an instrument, oldest first.
    ///
    /// - Parameter trade: the last that is known; asked for again from some way before it, so that one that was overtaken
    ///   by another is not missed. The latest page when `nil`.
    func fills(of instrument: Instrument, since trade: UInt64?) async -> RequestOutcome<[VenueExecution]>

    /// What the account holds, of every asset.
    func balances() async -> RequestOutcome<[VenueBalance]>

    /// What trading an instrument costs the account.
    func rates(of instrument: Instrument) async -> RequestOutcome<VenueRates>

    /// Finds out what became of an order whose outcome is unknown. Takes as long as it takes: while the venue does not
    /// answer nothing is known.
    ///
    /// - Returns: `absent` only once it is proved; `undecided` when the task was cancelled or the venue won't say.
    func resolve(_ clientOrderID: String, of instrument: Instrument) async -> OrderFate

    /// Everything that the venue says of the account, taken in one go.
    ///
    /// - Parameter trades: the last known execution of each instrument.
    func reconciliationView(since trades: [Instrument: UInt64]) async -> AccountStatement

    /// Begins to tell what happens to the account. To be called once.
    ///
    /// - Parameter handler: called on a thread of the network, one event after the other; it hands on and returns.
    func listen(_ handler: @escaping @Sendable (VenueEvent) -> Void)

    /// Stops telling, and ends the connection. Orders stay as they are.
    func stop() async
}
