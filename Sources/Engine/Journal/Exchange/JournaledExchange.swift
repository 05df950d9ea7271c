import Market
import Simulation
import Trading

/// Joins a kernel and a venue with the journal in between: what the kernel is told is written down before it acts, what it
/// answers is written down with it, and nothing leaves for the venue before the records that explain it are on the disk.
///
/// A simulated venue answers at once, as in `SimulatedExchange`. One over a network is remote: what leaves is handed to
/// `depart`, and what it says comes in later, as findings that follow from nothing recorded.
///
/// The same calls in the same order give the same records, whether they happen for the first time or are followed in a
/// journal after a restart (see `DecisionLog`). An exchange belongs to the engine's thread.
final class JournaledExchange {
    /// The kernel that decides.
    let kernel: Kernel
    /// The venue that fills.
    var venue: SimulatedVenue { connection.venue }
    /// What is between this house and the venue; in a rehearsal of bad days it misbehaves.
    var connection: FaultyVenue
    /// Whether orders leave for a venue over a network; the simulated one rests then.
    var isRemote = false
    /// Why nothing that opens may leave for a venue over a network: the account is not compared with it. `nil` when it may.
    var doubt: String?
    /// Takes what leaves for a venue over a network.
    var depart: (([Departure]) -> Void)?
    /// What waits for `depart`: let out before there was anybody to take it.
    var departures: [Departure] = []
    /// Open orders of other clients of the account, as far as they are known.
    var othersOrders: [ExternalOrderView] = []
    /// What is written down.
    let log: DecisionLog
    /// Where the numbers of orders in the journal are kept.
    var tags = OrderTags()
    /// Where longer candles are derived from those that close.
    var subscriptions: CandleSubscriptions
    /// The last second that the kernel was told of.
    var lastSecond = Int64.min
    /// The last minute of which the equity curve has a point.
    var lastMinute: Timestamp?
    /// Up to where the market was told.
    var marketTime: Timestamp

    /// What opening orders pass on their last step.
    let gate: OpeningGate
    /// What the kernel asked for and has not been let out yet.
    var effects: [Effect] = []
    /// The stretch of the market that is written down next.
    var batch = MarketBatchWriter()
    /// What came forth since it was last taken.
    var collected: [ExchangeOutput] = []
    /// Reports of what never left the house; the kernel hears of them before anything else.
    var withheld: [OrderReport] = []
    /// Whether an input has led to something that the store keeps.
    var hasRecorded = false
    /// Steps that a strategy was kept out of; it is halted once what led to them has settled.
    var suspended: [UInt64] = []

    /// Why the journal could not be written when something had to leave; `nil` while it can.
    var stall: String?
    /// The engine's own name in the numbers that venues are told.
    var instance: ClientOrderID.Instance?
    /// Strategies that are kept out of a step, and halted after it.
    var suspensions: [Suspension] = []
    /// Where it is noted which step runs, for a watchdog and for the next start.
    var probe: ProbePage?
    /// How many steps strategies ran in since this exchange was made.
    var stepCount: UInt64 = 0
    /// Up to which input from outside the disk was waited for.
    var confirmedInput: UInt64 = 0
    /// Called when something is ready to leave, before it waits for the disk; for measuring.
    var onDecided: (() -> Void)?
    /// Called where the process may be made to die, for the tests that kill it.
    var crashPoint: ((ExchangeBoundary) -> Void)?

    /// An exchange that begins with a kernel and a venue.
    init(
        kernel: Kernel, connection: FaultyVenue, subscriptions: CandleSubscriptions, log: DecisionLog,
        gate: OpeningGate
    ) {
        self.kernel = kernel
        self.connection = connection
        self.subscriptions = subscriptions
        self.log = log
        self.gate = gate
        marketTime = kernel.now
        effects.reserveCapacity(64)
        collected.reserveCapacity(64)
    }

    /// What came forth since the last call, in order.
    func takeOutput() -> [ExchangeOutput] {
        defer { collected.removeAll(keepingCapacity: true) }
        return collected
    }

    /// Whether anything came forth since it was last taken.
    var hasOutput: Bool { !collected.isEmpty }

    // MARK: Steps

    /// Walks the venue's event; the kernel answers each thing that happens before the next does.
    func walk() {
        while connection.advance() { settle() }
    }

    /// Writes and routes effects, and hands reports to the kernel, until both are quiet: all effects of a step, then the
    /// oldest report.
    ///
    /// - Parameter input: the record that led to the effects; it begins their chain.
    func settle(after input: UInt64 = 0) {
        var cause = input
        var correlation = input
        while true {
            if !effects.isEmpty { release(cause: cause, correlation: correlation) }
            guard let report = withheld.isEmpty ? connection.nextReport() : withheld.removeFirst() else { return }
            let tag = tags[report.order]
            correlation = tag?.correlation ?? 0
            cause = log.append(.report, at: report.time, cause: tag?.submission ?? 0, correlation: correlation) {
                $0.value(report)
            }
            crashPoint?(.beforeReport)
            step(cause) { kernel.take(report, into: &effects) }
        }
    }

    /// After everything that an input led to: where something was recorded, the account that it left; then strategies that
    /// were kept out are halted.
    func close(at time: Timestamp) {
        if hasRecorded {
            hasRecorded = false
            recordAccount(isEquityPoint: false, at: max(time, kernel.now))
        }
        if !suspended.isEmpty { haltSuspended(at: time) }
    }

    /// Writes the account down.
    func recordAccount(isEquityPoint: Bool, at time: Timestamp) {
        let state = AccountPoint(account: kernel.account, isEquityPoint: isEquityPoint)
        let sequence = log.append(.account, at: time) { $0.value(state) }
        if !log.wasRecorded { collected.append(.account(state, at: time, sequence: sequence)) }
    }
}
