import Market
import Trading
import Venues

// A venue over a network: what it says comes in here, on the engine's thread.
extension EngineCore {
    /// The pause after which a question for the account that failed is put again.
    static let questionPause: Int64 = 5_000_000_000
    /// The pause before a comparison that waited for a price.
    private static let pricePause: Int64 = 500_000_000
    /// How often the account is compared although nothing calls for it.
    private static let usualPause: Int64 = 600_000_000_000
    /// How old a statement may be that a person accepts: then the venue is asked anew.
    private static let freshness: Int64 = 30_000_000_000

    /// Whether orders leave for a venue over a network.
    var tradesAtVenue: Bool { exchange.isRemote }

    // MARK: Reports

    /// Takes in what became of orders.
    ///
    /// - Parameters:
    ///   - elsewhere: trades whose fee was not taken from the account's cash.
    ///   - words: what a person should know of it.
    func take(_ reports: [OrderReport], paidElsewhere elsewhere: Set<UInt64> = [], _ words: String? = nil) {
        comparison.tradesPaidElsewhere.formUnion(elsewhere)
        for report in reports { take(report) }
        comparison.tradesPaidElsewhere.subtract(elsewhere)
        if let words { raise(.warning, "venue", "\(venueName): \(words)") }
        settle()
        isChanged = true
    }

    private func take(_ report: OrderReport) {
        guard let order = kernel.order(report.order) else {
            return raise(
                .warning, "unknown-order", "a report came for order \(report.order.rawValue), which is not known")
        }
        switch report.kind {
        // The answer to a request and the account's stream tell the same.
        case .filled(let fill) where kernel.hasBooked(fill, of: order.id): return
        case .accepted where order.isAcknowledged && order.state != .unknown && order.state != .lost: return
        default: break
        }
        exchange.take(.report(timed(report, order)), at: commandTime)
        if case .filled(let fill) = report.kind, comparison.tradesPaidElsewhere.contains(fill.tradeID) {
            notePaidElsewhere(fill)
        }
    }

    /// A report in the engine's time: what arrives has happened, and nothing that arrives is older than what is known.
    private func timed(_ report: OrderReport, _ order: Order) -> OrderReport {
        var report = report
        report.time = max(order.updatedAt, min(report.time, commandTime))
        return report
    }

    // MARK: Events

    /// Takes in what the venue tells of the account.
    func hear(_ event: VenueEvent) {
        guard let desk else { return }
        switch event {
        case .order(let event):
            guard let id = exchange.order(event.order.clientOrderID) else { return heardOfOthers() }
            var reports = [event.report(as: id, valuing: desk.worth)]
            // An order to spend an amount has no quantity that would tell its last fill.
            if case .filled = event.kind, !event.order.isOpen { reports.append(event.order.report(as: id)) }
            var elsewhere: Set<UInt64> = []
            if case .filled(let execution) = event.kind, execution.isFeeElsewhere { elsewhere = [execution.tradeID] }
            take(reports, paidElsewhere: elsewhere)
        case .balances, .list: break
        case .elsewhere: heardOfOthers()
        case .transfer(let amount, _):
            raise(.info, "transfer", "\(venueName): \(amount) came or went without a trade; comparing")
            heardOfOthers()
        case .lost(let words): lostVenue(words)
        case .gap(let gap):
            log.write(
                .info, "\(venueName): the account's events begin again (\(gap.reason.rawValue): \(gap.words))", at: now)
            doubt("the account is being compared with the venue")
            askForAccount()
        }
    }

    /// Somebody else does something on the account: what is held changes.
    private func heardOfOthers() {
        comparison.next = min(comparison.next, EngineClock.monotonic() + EngineCore.questionPause)
    }

    private func lostVenue(_ words: String) {
        if comparison.isVenueHeard {
            raise(
                .warning, "venue-lost",
                "\(venueName): the account's events are lost (\(words)); nothing opens until they are back and the account "
                    + "is compared. Exits, stops and cancels go on")
        } else if comparison.lostWords != words {
            log.write(.warning, "\(venueName): no events of the account: \(words)", at: now)
        }
        comparison.isVenueHeard = false
        comparison.lostWords = words
        doubt(words)
    }

    /// Nothing opens until the account was compared.
    private func doubt(_ words: String) {
        exchange.doubt = words
        snapshot.venueProblem = words
        isChanged = true
    }

    // MARK: Comparing

    /// Asks the venue for everything of the account.
    func askForAccount() {
        comparison.next = EngineClock.monotonic() + EngineCore.questionPause
        desk?.askForAccount(since: lastTrades)
    }

    /// The newest trade that is booked, by the name of its instrument.
    private var lastTrades: [String: UInt64] {
        let view = kernel.reconciliationView
        var last: [String: UInt64] = [:]
        for trade in view.trades where trade.tradeID & Fill.inferredBit == 0 {
            guard let order = kernel.order(trade.order) else { continue }
            let name = instruments[order.request.instrument.index].name
            last[name] = max(last[name] ?? 0, trade.tradeID)
        }
        return last
    }

    /// Compares with what the venue says, and acts on what differs.
    ///
    /// - Parameters:
    ///   - took: how long reading it took, in nanoseconds.
    ///   - gaps: how often the account's events had begun anew when it was asked for.
    func compare(with statement: AccountStatement, took: Int64, gaps: Int) {
        let view = view(of: statement)
        guard view.openOrders != nil, view.fills != nil else {
            let words =
                statement.problems.isEmpty
                ? "a fee can't be valued, or it is not said whose a trade is"
                : statement.problems.joined(separator: "; ")
            if comparison.lostWords != words {
                comparison.lostWords = words
                raise(.warning, "not-compared", "\(venueName): the account can't be read (\(words)); asking again")
            }
            comparison.next = EngineClock.monotonic() + EngineCore.questionPause
            return
        }
        // What moved since it began to be read, or a moment before, may be missing in it.
        let since = commandTime.adding(nanoseconds: -took).adding(seconds: -Reconciliation.quietSeconds)
        comparison.view = view
        comparison.since = since
        comparison.viewedAt = EngineClock.monotonic()
        guard adoptIfNew(view) else { return }
        comparison.tradesPaidElsewhere = Set((statement.executions ?? []).filter(\.isFeeElsewhere).map(\.tradeID))
        act(on: differences(from: view, at: commandTime, since: since))
        comparison.tradesPaidElsewhere = []
        comparison.next = EngineClock.monotonic() + pauseAfterComparison(view)
        guard let standing = desk?.standing, standing.isStanding else { return }
        // Events were lost since it was asked for.
        if standing.gaps != gaps { return askForAccount() }
        openAfterComparison()
    }

    /// When the next comparison is due: soon where this one could not settle everything, because something had happened a
    /// moment before or could not be read.
    private func pauseAfterComparison(_ view: VenueView) -> Int64 {
        let quiet = commandTime.adding(seconds: -Reconciliation.quietSeconds)
        let isMoving = kernel.reconciliationView.orders.contains { $0.updatedAt > quiet || $0.requestedAt > quiet }
        if isMoving || view.positions == nil || view.cash == nil || !comparison.isSettled {
            return EngineCore.secondComparison
        }
        return kernel.blocks.isEmpty && comparison.standing.isEmpty ? EngineCore.usualPause : EngineCore.comparisonPause
    }

    private func openAfterComparison() {
        guard exchange.doubt != nil else { return }
        exchange.doubt = nil
        snapshot.venueProblem = nil
        comparison.lostWords = nil
        if !comparison.isVenueHeard {
            comparison.isVenueHeard = true
            raise(.info, "venue-compared", "\(venueName): the account was compared; orders may open")
        }
        isChanged = true
    }

    /// The statement in the kernel's words.
    private func view(of statement: AccountStatement) -> VenueView {
        var numbers: [Instrument: InstrumentID] = [:]
        var covered = Set<InstrumentID>()
        for (index, instrument) in instruments.enumerated() {
            guard let traded = desk?.instruments[instrument.name] else { continue }
            numbers[traded] = InstrumentID(index)
            covered.insert(InstrumentID(index))
        }
        var view = statement.view(numbers, order: { exchange.order($0) }, valuing: desk?.worth ?? { _ in nil })
        view.time = commandTime
        // What is not followed in this session is not asked for, and not taken for flat.
        for index in instruments.indices where !covered.contains(InstrumentID(index)) {
            let net = kernel.positions.reduce(Quantity.zero) {
                $1.instrument == InstrumentID(index) ? $0 + $1.quantity : $0
            }
            if !net.isZero { view.positions?.append(VenuePosition(instrument: InstrumentID(index), quantity: net)) }
        }
        if let cash = view.cash { view.cash = cash - paidElsewhere }
        return view
    }

    /// The first comparison of an account that has done nothing takes over what the venue says: there is nothing of ours that
    /// it could contradict. What is held is the person's, and no strategy touches it.
    ///
    /// - Returns: false while that has to wait for the price of something that is held.
    private func adoptIfNew(_ view: VenueView) -> Bool {
        guard kernel.nextOrderID.rawValue == 1, kernel.positions.allSatisfy(\.isFlat), let cash = view.cash,
            view.positions != nil
        else { return true }
        var truth = VenueTruth(cash: cash)
        for step in differences(from: view, at: commandTime, ignoringBlocks: true) {
            guard case .mismatch(let mismatch) = step else { continue }
            guard let correction = mismatch.correction else {
                doubt("\(instruments[mismatch.instrument.index].pair), which is held, has no price yet")
                comparison.next = EngineClock.monotonic() + EngineCore.pricePause
                return false
            }
            truth.corrections.append(correction)
            truth.instruments.append(mismatch.instrument)
        }
        guard !truth.corrections.isEmpty || cash != kernel.account.cash else { return true }
        _ = run(.accept(truth))
        let held = truth.corrections.map {
            let instrument = instruments[$0.instrument.index]
            return "\(instrument.text($0.quantity)) \(instrument.base)"
        }
        let text = (["\(cash)"] + held).joined(separator: ", ")
        audit("adopt account", origin: "start", detail: text)
        raise(.info, "account-adopted", "\(venueName): the account begins with \(text); what is held is yours by hand")
        return true
    }

    /// A statement young enough for a person to accept what it says; asks for one where there is none.
    func recentView() -> VenueView? {
        if let view = comparison.view, EngineClock.monotonic() - comparison.viewedAt < EngineCore.freshness {
            return view
        }
        askForAccount()
        return nil
    }

    // MARK: Fees elsewhere

    /// A fee that is booked against the cash was paid from a holding that is not part of the account.
    private func notePaidElsewhere(_ fill: Fill) {
        let sum = paidElsewhere + fill.quoteFee
        comparison.paidElsewhere = sum
        store("\(sum.units)", for: EngineTexts.paidElsewhereKey)
    }

    /// What was paid so in all: by this much the venue's cash is above ours.
    private var paidElsewhere: Money { comparison.paidElsewhere ?? .zero(kernel.account.currency) }

    /// The venue that is traded at.
    var venueName: String { desk?.venue.name ?? "the venue" }
}
