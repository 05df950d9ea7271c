import Market
import Trading
import Venues

// A venue over a network: what it says comes in here, on the engine's thread.
extension EngineCore {
    /// Whether orders leave for a venue over a network.
    var tradesAtVenue: Bool { exchange.isRemote }

    // MARK: Reports

    /// Takes in what became of orders.
    ///
    /// - Parameters:
    ///   - elsewhere: fees that were not taken from the account's cash, by their trade.
    ///   - words: what a person should know of it.
    func take(_ reports: [OrderReport], paidElsewhere elsewhere: [TradeKey: Money] = [:], _ words: String? = nil) {
        let others = comparison.feesPaidElsewhere
        comparison.feesPaidElsewhere.merge(elsewhere) { $1 }
        for report in reports { take(report) }
        comparison.feesPaidElsewhere = others
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
        askForWhatIsFree(after: report, of: order)
        let instrument = order.request.instrument
        if case .filled(let fill) = report.kind,
            let fee = comparison.feesPaidElsewhere[
                TradeKey(instrument: instruments[instrument.index].name, trade: fill.tradeID)]
        {
            bookPaidElsewhere(fee, of: fill, instrument)
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
            guard let id = exchange.order(event.order.clientOrderID) else {
                if case .filled(let execution) = event.kind { bookClaimed([execution]) }
                noteExternalOrder(event.order)
                return heardOfOthers()
            }
            var reports = [event.report(as: id, valuing: desk.worth)]
            // An order to spend an amount has no quantity that would tell its last fill.
            if case .filled = event.kind, !event.order.isOpen { reports.append(event.order.report(as: id)) }
            var elsewhere: [TradeKey: Money] = [:]
            if case .filled(let execution) = event.kind { elsewhere = [execution].feesElsewhere }
            take(reports, paidElsewhere: elsewhere)
        case .rules(let instrument): take(rulesOf: instrument)
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

    /// Somebody else does something on the account: what is held changes. The first time it is looked at soon, and then once
    /// a minute at most: a client that never rests must not use up what the venue grants to all of them.
    func heardOfOthers() {
        let due = max(
            EngineClock.monotonic() + EngineCore.questionPause, comparison.forOthers + EngineCore.comparisonPause)
        guard due < comparison.next else { return }
        comparison.next = due
        comparison.forOthers = due
    }

    /// The venue does not take the key any more: nothing leaves, exits and cancels included. Whoever trades on does not know
    /// it, so nothing opens until a person has seen to it.
    func keyRefused(_ words: String) {
        guard !comparison.isKeyRefused || kernel.tradingState != .halted else { return }
        comparison.isKeyRefused = true
        raise(
            .critical, "key-refused",
            "\(venueName) refuses the key (\(words)): no order, no exit and no cancel gets there. Look at the key, its "
                + "rights and its addresses at the venue; 'wick keys test' asks")
        exchange.command(.halt, at: commandTime)
        settle()
        isChanged = true
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
    func doubt(_ words: String) {
        exchange.doubt = words
        isChanged = true
    }

    /// The venue that is traded at.
    var venueName: String { desk?.venue.name ?? "the venue" }
}
