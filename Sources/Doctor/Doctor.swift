import Ingestion
import Market
public import Network
import Venues

/// Examines Binance Spot as an account would use it, from the way there to an order that is placed far from the market
/// and cancelled, and says of each thing how it stands and what to do.
///
/// With three symbols it asks for about two hundred of the six thousand that the venue grants a minute, and for five
/// hundred with a key. Whatever can move money goes through the audit, is sent once, and is looked up until its fate is
/// known.
public struct BinanceDoctor: Sendable {
    let plan: DoctorPlan
    let around: DoctorSurroundings
    let venue: BinanceSpot
    let client: SpotAccountClient?
    let pauses: PauseMemory?

    /// How many symbols are looked at more closely: their books and fees.
    static let closeLook = 5
    /// What is said of checks that nobody waited for.
    static let interruption = "it was interrupted before"

    /// A doctor for a plan.
    ///
    /// - Throws: `HTTPError` when the certificates can't be read.
    public init(_ plan: DoctorPlan, _ around: DoctorSurroundings) throws(HTTPError) {
        self.plan = plan
        self.around = around
        var attempts = BinanceSpot.Attempts()
        attempts.listing = 2
        // Whoever looks wants to hear of a pause rather than wait for its end.
        attempts.longestPause = .zero
        venue = try BinanceSpot(at: plan.server, streams: plan.streams, plan.http, attempts: attempts)
        pauses = around.pauses?(venue)
        if let access = plan.access {
            var patience = SpotAccountClient.Options()
            patience.attempts = 2
            patience.longestPause = .seconds(5)
            client = try SpotAccountClient(access, plan.http, patience, wall: around.wall, audit: around.audit)
        } else {
            client = nil
        }
    }

    /// Examines everything.
    ///
    /// It ends early when the surroundings say that it is interrupted; an order that was placed is cancelled all the same.
    public func run() async -> Diagnosis {
        var diagnosis = Diagnosis()
        pauses?.recall()
        diagnosis.findings.append(Addresses.finding(rest: plan.server, streams: plan.streams))
        around.telling("the way to the venue")
        guard await examineServer(&diagnosis) else {
            diagnosis.isReachable = false
            diagnosis.skip(
                ["clock", "weight", "symbols", "filters", "streams"] + BinanceDoctor.keyChecks,
                "the venue can't be asked")
            return diagnosis
        }
        await examineClock(&diagnosis)
        let symbols = await examineSymbols(&diagnosis)
        examineWeight(&diagnosis)
        let account = await examineAccount(symbols, &diagnosis)
        await examineFilters(symbols, account, &diagnosis)
        await examineStreams(symbols, &diagnosis)
        await examineOrders(symbols, account, &diagnosis)
        diagnosis.isInterrupted = around.isInterrupted()
        return diagnosis
    }

    /// What needs a key.
    static let keyChecks = ["key", "account", "fees", "private stream", "test order", "far order"]
}

/// A symbol as far as it could be examined.
struct ExaminedSymbol: Sendable {
    var instrument: Instrument
    var rules: SymbolRules
    /// What the venue holds prices against; `nil` when it does not say.
    var reference: Price?
    /// Whether orders are taken in it.
    var isTraded: Bool
}

/// An account as far as it could be examined.
struct ExaminedAccount: Sendable {
    var client: SpotAccountClient
    /// Whether its key may be used for orders.
    var mayTrade: Bool
    /// What it holds; `nil` when that is not known.
    var balances: [SpotBalance]?

    /// What is free of a currency; `nil` when that is not known.
    func free(_ currency: Currency) -> Money? {
        balances.map { $0.first { $0.currency == currency }?.free ?? .zero(currency) }
    }
}
