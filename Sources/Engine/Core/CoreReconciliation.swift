import Market
import Simulation
import Trading

// What is held to be true, against what the venue says.
extension EngineCore {
    /// After how many nanoseconds a session that went on compares again: what moved a moment before its end has come to
    /// rest by then.
    static let secondComparison: Int64 = 10_000_000_000
    /// The pause between two comparisons while something does not agree.
    static let comparisonPause: Int64 = 60_000_000_000

    /// Compares with the venue and acts on what differs: missed reports are taken in, orders are asked about, instruments
    /// whose positions differ are blocked. Everything done is written down before it acts, so that a restart follows it.
    func reconcile() {
        guard exchange.log.journal != nil else { return }
        if tradesAtVenue { return askForAccount() }
        let time = commandTime
        act(on: differences(from: exchange.venue.view(at: time, fillsSince: .epoch), at: time))
        comparison.next =
            comparison.isSettled && kernel.blocks.isEmpty
            ? .max : EngineClock.monotonic() + EngineCore.comparisonPause
    }

    /// Acts on what differs, where that is new.
    func act(on all: [ReconciliationStep]) {
        let time = commandTime
        let steps = all.filter { !isAskedAbout($0) }
        let news = steps.filter { !comparison.standing.contains($0) }
        if !news.isEmpty {
            exchange.log.note(.reconciliation, at: time) { $0.array(news.map(text)) }
            for step in news { apply(step, at: time) }
            settle()
            tell(news)
            isChanged = true
        }
        // Cash follows positions: it is told of once those are settled.
        comparison.standing = steps.filter { $0.isForPeople && !($0.isBalance && !kernel.blocks.isEmpty) }
        comparison.isSettled = steps.isEmpty
    }

    /// Compares as the first thing of a session that goes on, and once more when what moved at its end has come to rest.
    func reconcileAtStart() {
        // A venue over a network is compared with once it is heard.
        if tradesAtVenue { return }
        reconcile()
        comparison.next = EngineClock.monotonic() + EngineCore.secondComparison
    }

    /// Compares when that is due.
    func reconcileIfDue(_ monotonic: Int64) {
        if monotonic >= comparison.next { reconcile() }
    }

    /// What differs now from what the venue says.
    ///
    /// - Parameters:
    ///   - since: when the venue's word began to be read, where that takes time.
    ///   - ignoringBlocks: whether instruments that are blocked for just this difference are told too.
    func differences(
        from view: VenueView, at time: Timestamp, since: Timestamp? = nil, ignoringBlocks: Bool = false
    ) -> [ReconciliationStep] {
        var ours = kernel.reconciliationView
        ours.now = max(ours.now, time)
        ours.externals = comparison.externals
        if ignoringBlocks { ours.blocks = [] }
        return Reconciliation.compare(ours: ours, venue: view, since: since)
    }

    /// Whether the kernel asks about the order already; then its answers settle it.
    private func isAskedAbout(_ step: ReconciliationStep) -> Bool {
        guard case .query(let order) = step else { return false }
        return kernel.inquiries.contains { $0.order == order }
    }

    private func apply(_ step: ReconciliationStep, at time: Timestamp) {
        switch step {
        case .report(let report):
            if tradesAtVenue { return take([report]) }
            exchange.take(.report(report), at: time)
        case .query(let order): exchange.take(.query(order), at: time)
        case .mismatch, .agreement:
            if case .command(let command, _)? = step.event(at: time) { exchange.command(command, at: time) }
        case .external, .conflict, .balance: break
        }
    }

    // MARK: Telling

    private func tell(_ steps: [ReconciliationStep]) {
        var repairs = 0
        for step in steps {
            switch step {
            case .report, .query: repairs += 1
            case .external(let order):
                comparison.externals.append(order.venueID)
                raise(.warning, "foreign-order", text(step), instrument: order.instrument)
            case .conflict(let fill): raise(.warning, "conflicting-fill", text(step), instrument: fill.instrument)
            case .balance where kernel.blocks.isEmpty && !comparison.standing.contains(where: \.isBalance):
                raise(.critical, "cash-differs", "\(text(step)); 'wick position accept --cash' takes the venue's word")
            // The kernel tells of blocks and their ends itself; cash follows positions.
            case .mismatch, .agreement, .balance: break
            }
        }
        guard repairs > 0 else { return }
        raise(
            .warning, "venue-differed",
            "the venue knew otherwise in \(repairs) \(repairs == 1 ? "case" : "cases"): what was missed is booked, "
                + "orders in doubt are asked about")
    }

    private func text(_ step: ReconciliationStep) -> String {
        switch step {
        case .report(let report): return "order \(report.order.rawValue): \(report.kind)"
        case .query(let order): return "order \(order.rawValue) is asked about"
        case .external(let order):
            let instrument = instruments[order.instrument.index]
            return
                "order \(order.venueID) of \(instrument.pair) is another client's: it is left alone until somebody claims it"
        case .conflict(let fill):
            return "trade \(fill.fill.tradeID) of order \(fill.order?.rawValue ?? 0) is booked with another price or "
                + "quantity than the venue's \(instruments[fill.instrument.index].text(fill.fill.price))"
        case .mismatch(let mismatch): return "\(instruments[mismatch.instrument.index].pair): \(mismatch.text)"
        case .agreement(let instrument): return "\(instruments[instrument.index].pair) agrees again"
        case .balance(let ours, let venue): return "cash is \(ours) by our books and \(venue) by the venue's"
        }
    }

    // MARK: Accepting

    private static let asking = "the venue is being asked what it holds; try again in a moment"

    /// Since when what happened may be missing in it.
    private var currentSince: Timestamp? { tradesAtVenue ? comparison.since : nil }

    /// What the venue says now; `nil` while it has to be asked.
    private func currentView() -> VenueView? {
        tradesAtVenue ? recentView() : exchange.venue.view(at: commandTime, fillsSince: .epoch)
    }

    /// A person takes the venue's word for what is held of an instrument.
    func acceptPosition(_ id: InstrumentID, origin: String) -> EngineReply {
        guard instruments.indices.contains(id.index) else { return .refused("there is no such instrument") }
        let instrument = instruments[id.index]
        guard kernel.block(of: id) != nil else {
            return .refused("\(instrument.pair) agrees with its venue; there is nothing to accept")
        }
        // What the venue proves needs no acceptance.
        if !tradesAtVenue { reconcile() }
        guard kernel.block(of: id) != nil else { return .done("\(instrument.pair) agrees with its venue again") }
        guard let view = currentView() else { return .refused(EngineCore.asking) }
        let steps = differences(from: view, at: commandTime, since: currentSince, ignoringBlocks: true)
        let mismatch = steps.lazy.compactMap { step -> PositionMismatch? in
            if case .mismatch(let mismatch) = step, mismatch.instrument == id { return mismatch }
            return nil
        }.first
        guard let mismatch else {
            if view.positions == nil {
                return .refused("what the venue holds could not be read as of one moment; try again in a moment")
            }
            return .refused("an order of \(instrument.pair) is still in doubt; try again when it is settled")
        }
        guard !mismatch.corrections.isEmpty else {
            return .refused("\(instrument.pair) has no price yet to book the difference at; try again when it has")
        }
        let outcome = run(.accept(mismatch.accepted()))
        audit("accept position", subject: instrument.name, origin: origin, detail: outcome ?? mismatch.text)
        if let outcome { return .refused(outcome) }
        // Cash may differ now that positions don't.
        reconcile()
        return .done(
            "\(instrument.pair) is \(instrument.text(mismatch.venue)) by the venue's word (ours was "
                + "\(instrument.text(mismatch.ours))); orders may open in it again")
    }

    /// A person takes the venue's word for the cash.
    func acceptCash(origin: String) -> EngineReply {
        guard kernel.blocks.isEmpty else {
            return .refused("positions do not agree with the venue yet; accept or settle those first")
        }
        guard let view = currentView() else { return .refused(EngineCore.asking) }
        for step in differences(from: view, at: commandTime, since: currentSince) {
            guard case .balance(let ours, let venue) = step else { continue }
            let outcome = run(.accept(VenueTruth(cash: venue)))
            audit("accept cash", origin: origin, detail: outcome ?? "\(ours) becomes \(venue)")
            if let outcome { return .refused(outcome) }
            return .done("cash is \(venue) by the venue's word; ours was \(ours)")
        }
        return .refused("cash agrees with the venue, or orders are still in doubt; there is nothing to accept")
    }
}

extension ReconciliationStep {
    /// Whether only a person can settle it, so that it is found again and again.
    fileprivate var isForPeople: Bool {
        switch self {
        case .conflict, .balance: return true
        case .report, .query, .external, .mismatch, .agreement: return false
        }
    }

    fileprivate var isBalance: Bool {
        if case .balance = self { return true }
        return false
    }
}

/// What comparisons of a session have seen.
struct ComparisonState {
    /// When the next is due, by the monotonic clock.
    var next = Int64.max
    /// Orders of others that were told of.
    var externals: [String] = []
    /// What was told of and waits for a person.
    var standing: [ReconciliationStep] = []
    /// Whether the last found nothing.
    var isSettled = false
    /// How many in a row could not settle everything.
    var unsettled = 0
    /// When the last is due that somebody else's doings call for, by the monotonic clock.
    var forOthers = Int64.min / 2
    /// Whether it was told that the venue refuses the key.
    var isKeyRefused = false

    // Of a venue over a network:

    /// Whether the account's events come.
    var isVenueHeard = false
    /// Why they do not, or why the account can't be read, as it was told last.
    var lostWords: String?
    /// What is wrong with the audit and with the clock, as it was told last.
    var auditProblem: String?
    var clockProblem: String?
    /// Why the venue gets nothing that opens, as it was told last.
    var pause: String?
    /// Why the server of a followed market is asked for nothing, as it was told last.
    var dataPause: String?
    /// What the venue said last, and when, by the monotonic clock.
    var view: VenueView?
    var viewedAt: Int64 = 0
    /// Since when what happened may be missing in it.
    var since: Timestamp?
    /// Fees that were booked against the cash and paid from something else, in the account's currency.
    var paidElsewhere: Money?
    /// Open orders of other clients, as the last comparison found them.
    var externalOrders: [ExternalOrderView] = []
    /// Those of them that a person has claimed, and what the store knows of that.
    var claims = OrderClaims()
    var keptClaims = ""
    /// Fees of trades that are about to be booked, paid from something else than the cash, by their trade.
    var feesPaidElsewhere: [TradeKey: Money] = [:]
}
