import Market
import Synchronization
import Trading
import Venues

/// Takes orders to a venue over a network, and brings back what becomes of them.
///
/// What was let out is handed in on the engine's thread, which never waits for it; answers and events go into the engine's
/// inbox. What is about one order leaves in its order: a cancel waits for the answer to the order before it, though not
/// longer than `patience`. Nothing is sent twice: what nobody answered for is reported as just that, and the kernel asks.
final class VenueDesk: Sendable {
    /// How long a request waits for the answer to the one before it about the same order.
    static let patience = Duration.seconds(1)
    /// How long after it was made an order may come to the venue, and be told of in its lists, at most; in nanoseconds. The venue
    /// itself takes no request that is older than some seconds.
    static let longestWay: Int64 = 60_000_000_000
    /// How many requests leave at most from the thread that lets them out, as far as that needs no waiting: to have another woken
    /// for one takes longer than to sign it, and to sign hundreds would hold the market up.
    private static let fewEnough = 4

    let venue: any TradingVenue
    /// What the venue trades, by name.
    let instruments: [String: Instrument]
    let inbox: Inbox
    let gate: OpeningGate
    /// What the fee of an execution is worth that was taken in a third currency.
    let worth: @Sendable (VenueExecution) -> Money?
    private let underWay = Mutex<[OrderID: Errand]>([:])
    private let isAskingForAccount = Mutex(false)
    private let stream = Mutex<(isStanding: Bool, gaps: Int)>((false, 0))
    private let crashPoint = Mutex<(@Sendable (String) -> Void)?>(nil)

    /// A desk before a venue.
    ///
    /// - Parameter worth: what the fee of an execution in a third currency is worth in the account's; `nil` where that is not known.
    init(
        _ venue: any TradingVenue, inbox: Inbox, gate: OpeningGate,
        worth: @escaping @Sendable (VenueExecution) -> Money?
    ) {
        self.venue = venue
        instruments = Dictionary(venue.instruments.map { ($0.name, $0) }) { first, _ in first }
        self.inbox = inbox
        self.gate = gate
        self.worth = worth
    }

    /// Whether nothing opens any more.
    var isClosedForOpening: Bool { gate.isClosed }

    /// Has something done where the process may be made to die; for tests alone.
    func reach(_ body: @escaping @Sendable (String) -> Void) { crashPoint.withLock { $0 = body } }

    // MARK: - Out

    /// Sends what was let out; returns at once.
    func carryOut(_ departures: [Departure]) {
        for departure in departures {
            let errand = Errand()
            let before = underWay.withLock { known in
                departure.orders.compactMap { known.updateValue(errand, forKey: $0.order.id) }
            }
            let run: @Sendable () async -> Void = {
                for other in before { await other.wait(VenueDesk.patience) }
                await self.send(departure)
                errand.end()
                self.underWay.withLock { known in
                    for order in departure.orders where known[order.order.id] === errand {
                        known[order.order.id] = nil
                    }
                }
            }
            if departures.count <= VenueDesk.fewEnough { Task.immediate(operation: run) } else { Task(operation: run) }
        }
    }

    private func send(_ departure: Departure) async {
        switch departure {
        case .submit(let order): await place(order)
        case .pair(let stop, let target, let listID): await place(stop, target, listID)
        case .bracket(let entry, let protection, let listID): await place(entry, protecting: protection, listID)
        case .replace(let old, let new): await replace(old, by: new)
        case .cancel(let order): await cancel(order)
        case .query(let order): await ask(order)
        }
    }

    // MARK: - Back

    /// Tells the engine what became of orders.
    ///
    /// - Parameters:
    ///   - elsewhere: fees that were taken in a third currency, by their trade.
    ///   - words: what a person should know of it.
    func tell(_ reports: [OrderReport], paidElsewhere elsewhere: [TradeKey: Money] = [:], _ words: String? = nil) {
        guard !reports.isEmpty || words != nil else { return }
        crashPoint.withLock { $0 }?("before-answer")
        inbox.tell { $0.take(reports, paidElsewhere: elsewhere, words) }
    }

    /// Begins to tell what happens to the account.
    func listen() {
        venue.listen { [weak self] event in
            guard let self else { return }
            stream.withLock { stream in
                switch event {
                case .lost: stream.isStanding = false
                case .gap: stream = (true, stream.gaps + 1)
                default: break
                }
            }
            inbox.tell { $0.hear(event) }
        }
    }

    /// Whether the account's events come, and how often they began anew.
    var standing: (isStanding: Bool, gaps: Int) { stream.withLock { $0 } }

    /// Asks for everything that the venue says of the account; the engine compares itself with it when it comes. One
    /// question at a time.
    func askForAccount(since trades: [String: UInt64]) {
        let isFirst = isAskingForAccount.withLock { isAsking in
            defer { isAsking = true }
            return !isAsking
        }
        guard isFirst else { return }
        var known: [Instrument: UInt64] = [:]
        for (name, trade) in trades {
            if let instrument = instruments[name] { known[instrument] = trade }
        }
        let since = known
        Task {
            let started = EngineClock.monotonic()
            let gaps = standing.gaps
            let statement = await venue.reconciliationView(since: since)
            isAskingForAccount.withLock { $0 = false }
            let took = EngineClock.monotonic() - started
            inbox.tell { $0.compare(with: statement, took: took, gaps: gaps) }
        }
    }

    /// Ends the connection; waits for what is under way, though not for ever. Orders stay as they are.
    func close() async {
        let errands = underWay.withLock { Array($0.values) }
        for errand in errands { await errand.wait(.seconds(2)) }
        await venue.stop()
    }
}
