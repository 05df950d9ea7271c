import Market
import Trading
import Venues

// Open orders of other clients of the account: shown, and touched only where a person has claimed them.
extension EngineCore {
    /// Takes over which ones are open. Cancels of claimed ones that are wanted and have not come about are sent again.
    func noteExternalOrders(_ orders: [StandingOrder], _ numbers: [Instrument: InstrumentID]) {
        let views = orders.compactMap { order -> ExternalOrderView? in
            guard order.isOpen, order.isExternal || exchange.order(order.clientOrderID) == nil,
                let instrument = numbers[order.instrument]
            else { return nil }
            return externalView(order, instrument)
        }
        if views != comparison.externalOrders {
            comparison.externalOrders = views
            exchange.othersOrders = views
            isChanged = true
        }
        // What has ended is nobody's any more.
        let open = Set(views.map(\.venueID))
        comparison.unwanted.formIntersection(open)
        keepClaims(comparison.claims.filter { open.contains($0) || comparison.unvaluedClaims.contains($0) })
        for view in views where comparison.unwanted.contains(view.venueID) { cancelAtVenue(view) }
    }

    /// Takes over what the venue tells of an order of another client as it happens: what opens is held against it.
    func noteExternalOrder(_ order: StandingOrder) {
        let name = order.instrument.name
        guard let index = instruments.firstIndex(where: { $0.name == name }) else { return }
        let place = comparison.externalOrders.firstIndex { $0.venueID == order.venueID }
        if let place, !order.isOpen {
            comparison.externalOrders.remove(at: place)
        } else if order.isOpen {
            let view = externalView(order, InstrumentID(index))
            if let place { comparison.externalOrders[place] = view } else { comparison.externalOrders.append(view) }
        }
        exchange.othersOrders = comparison.externalOrders
        isChanged = true
    }

    private func externalView(_ order: StandingOrder, _ instrument: InstrumentID) -> ExternalOrderView {
        ExternalOrderView(
            instrument: instrument, venueID: order.venueID, clientOrderID: order.clientOrderID, side: order.side,
            type: order.type, timeInForce: order.timeInForce, quantity: order.status.quantity,
            filled: order.status.filled, limitPrice: order.status.limitPrice,
            triggerPrice: order.status.triggerPrice, trailing: order.trailing, time: order.time,
            isClaimed: comparison.claims.contains(order.venueID))
    }

    /// A person takes responsibility for an order of another client.
    ///
    /// - Parameter cancels: whether it is cancelled at once.
    func claimOrder(_ venueID: String, cancels: Bool, origin: String) -> EngineReply {
        guard let place = comparison.externalOrders.firstIndex(where: { $0.venueID == venueID }) else {
            return .refused(
                "no open order of another client has the venue's number \(venueID.prefix(40)); "
                    + "'wick order list --external' shows those that were open when the account was compared last")
        }
        let view = comparison.externalOrders[place]
        let pair = instruments[view.instrument.index].pair
        comparison.externalOrders[place].isClaimed = true
        if !comparison.claims.contains(venueID) { comparison.claimedSince[venueID] = view.time }
        keepClaims(comparison.claims.contains(venueID) ? comparison.claims : comparison.claims + [venueID])
        audit("order claim", subject: venueID, origin: origin, detail: cancels ? "claimed, to be cancelled" : "claimed")
        guard cancels else {
            return .done(
                "order \(venueID) of \(pair) is claimed: it can be cancelled from here, and the emergency stop cancels it"
            )
        }
        comparison.unwanted.insert(venueID)
        cancelAtVenue(view)
        return .done("order \(venueID) of \(pair) is claimed and is being cancelled")
    }

    /// Cancels every claimed order, as part of an emergency stop.
    ///
    /// - Parameter keepsProtection: whether orders that wait for a trigger stay.
    /// - Returns: how many.
    func cancelClaimedOrders(keepsProtection: Bool) -> Int {
        let targets = comparison.externalOrders.filter { $0.isClaimed && !(keepsProtection && $0.type.hasTrigger) }
        for target in targets {
            comparison.unwanted.insert(target.venueID)
            cancelAtVenue(target)
        }
        return targets.count
    }

    /// Takes in what came of a cancel.
    ///
    /// - Parameter words: why it is not known to have ended; `nil` when it has.
    func heardOfCancel(_ venueID: String, _ words: String?) {
        if let words {
            raise(.warning, "venue", "\(venueName): claimed order \(venueID): its cancel \(words); it is tried again")
        } else {
            comparison.externalOrders.removeAll { $0.venueID == venueID }
            exchange.othersOrders = comparison.externalOrders
            comparison.unwanted.remove(venueID)
            // The claim stays until a comparison has booked what it filled with.
            log.write(.info, "\(venueName): order \(venueID), which was claimed, has ended", at: now)
        }
        isChanged = true
        heardOfOthers()
    }

    private func cancelAtVenue(_ order: ExternalOrderView) {
        desk?.cancelClaimed(order, of: instruments[order.instrument.index])
    }

    private func keepClaims(_ claims: [String]) {
        guard claims != comparison.claims else { return }
        comparison.claims = claims
        comparison.claimedSince = comparison.claimedSince.filter { claims.contains($0.key) }
        let lines = claims.map { "\($0) \((comparison.claimedSince[$0] ?? .epoch).nanoseconds)" }
        store(lines.joined(separator: "\n"), for: EngineTexts.claimsKey)
    }

    // MARK: What claimed orders fill with

    /// Books trades of claimed orders that happened since they were claimed, each once: they are the person's.
    func bookClaimed(_ executions: [VenueExecution]) {
        guard let desk, !comparison.claims.isEmpty else { return }
        comparison.unvaluedClaims = []
        for execution in executions {
            guard let since = comparison.claimedSince[execution.venueOrderID], execution.time > since,
                comparison.claims.contains(execution.venueOrderID),
                let index = instruments.firstIndex(where: { $0.name == execution.instrument.name })
            else { continue }
            let id = InstrumentID(index)
            guard let fill = execution.fill(valuing: desk.worth) else {
                comparison.unvaluedClaims.insert(execution.venueOrderID)
                continue
            }
            guard !kernel.hasBooked(trade: fill.tradeID, execution.side, of: id) else { continue }
            if let refusal = run(.bookClaimed(ClaimedTrade(instrument: id, side: execution.side, fill: fill))) {
                log.write(
                    .warning, "\(venueName): a trade of claimed order \(execution.venueOrderID): \(refusal)", at: now)
                continue
            }
            if execution.isFeeElsewhere { bookPaidElsewhere(execution.fee, of: fill, id) }
            let instrument = instruments[index]
            raise(
                .info, "claimed-fill",
                "\(venueName): claimed order \(execution.venueOrderID) \(execution.side == .buy ? "bought" : "sold") "
                    + "\(instrument.text(fill.quantity)) \(instrument.base) at \(instrument.text(fill.price)); it is yours",
                instrument: id)
        }
    }
}
