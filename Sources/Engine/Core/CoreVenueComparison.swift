import Market
import Trading
import Venues

// What a venue over a network says of the account, against the books.
extension EngineCore {
    /// The pause after which a question for the account that failed is put again.
    static let questionPause: Int64 = 5_000_000_000
    /// The pause before a comparison that waited for a price.
    private static let pricePause: Int64 = 500_000_000
    /// How often the account is compared although nothing calls for it.
    private static let usualPause: Int64 = 600_000_000_000
    /// How old a statement may be that a person accepts: then the venue is asked anew.
    private static let freshness: Int64 = 30_000_000_000

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
        if let instance = exchange.instance { skip(numbersUpTo: GivenNumbers.highest(in: statement, of: instance)) }
        bookClaimed(statement.executions ?? [])
        let view = view(of: statement)
        guard view.openOrders != nil, view.fills != nil else {
            tellUnread(statement, "a fee can't be valued, or it is not said whose a trade is")
            comparison.next = EngineClock.monotonic() + EngineCore.questionPause
            return
        }
        // What moved since it began to be read, or a moment before, may be missing in it.
        let since = commandTime.adding(nanoseconds: -took).adding(seconds: -Reconciliation.quietSeconds)
        comparison.view = view
        comparison.since = since
        comparison.viewedAt = EngineClock.monotonic()
        guard adoptIfNew(view) else { return }
        comparison.feesPaidElsewhere = (statement.executions ?? []).feesElsewhere
        act(on: differences(from: view, at: commandTime, since: since))
        comparison.feesPaidElsewhere = [:]
        let isBoundSettled = noteBound(by: statement, view, since: since)
        comparison.next = EngineClock.monotonic() + pauseAfterComparison(statement, isBoundSettled)
        guard let standing = desk?.standing, standing.isStanding else { return }
        // Events were lost since it was asked for.
        if standing.gaps != gaps { return askForAccount() }
        guard statement.tellsHoldings else {
            // Orders and trades agree; what is held was not compared.
            if exchange.doubt != nil { tellUnread(statement, "something traded each time what is held was read") }
            return
        }
        openAfterComparison()
    }

    /// Tells why the account was not compared as a whole, once for each reason; nothing opens meanwhile.
    private func tellUnread(_ statement: AccountStatement, _ otherwise: String) {
        let words = statement.problems.isEmpty ? otherwise : statement.problems.joined(separator: "; ")
        // One that is followed by its events goes on: this was no more than a look at it.
        if exchange.doubt != nil { doubt("the account can't be read (\(words))") }
        guard comparison.lostWords != words else { return }
        comparison.lostWords = words
        raise(.warning, "not-compared", "\(venueName): the account can't be read (\(words)); asking again")
    }

    /// When the next comparison is due: soon where this one could not settle everything, because something had happened a
    /// moment before or could not be read; less and less soon while that goes on, for each costs a good part of what the
    /// venue grants in a minute.
    private func pauseAfterComparison(_ statement: AccountStatement, _ isBoundSettled: Bool) -> Int64 {
        let quiet = commandTime.adding(seconds: -Reconciliation.quietSeconds)
        let isMoving = kernel.reconciliationView.orders.contains { $0.updatedAt > quiet || $0.requestedAt > quiet }
        if isMoving || !isBoundSettled || !statement.tellsHoldings || !comparison.isSettled {
            comparison.unsettled += 1
            let doubled = EngineCore.secondComparison << Int64(min(comparison.unsettled - 1, 3))
            return min(doubled, EngineCore.comparisonPause)
        }
        comparison.unsettled = 0
        return kernel.blocks.isEmpty && comparison.standing.isEmpty ? EngineCore.usualPause : EngineCore.comparisonPause
    }

    private func openAfterComparison() {
        comparison.lostWords = nil
        guard exchange.doubt != nil else { return }
        exchange.doubt = nil
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
        if let orders = statement.openOrders {
            noteExternalOrders(orders, numbers, tellsTrades: statement.executions != nil)
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
            guard !mismatch.corrections.isEmpty else {
                doubt("\(instruments[mismatch.instrument.index].pair), which is held, has no price yet")
                comparison.next = EngineClock.monotonic() + EngineCore.pricePause
                return false
            }
            truth.corrections += mismatch.corrections
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
}
