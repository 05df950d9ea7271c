import Market
import Trading
import Venues

// Open orders of other clients of the account: shown, and touched only where a person has claimed them.
extension EngineCore {
    /// Takes over which ones are open. Cancels of claimed ones that are wanted and have not come about are sent again.
    ///
    /// - Parameter tellsTrades: whether the same statement tells what has traded: only then is an order that is not open any more
    ///   forgotten.
    func noteExternalOrders(
        _ orders: [StandingOrder], _ numbers: [Instrument: InstrumentID], tellsTrades: Bool
    ) {
        let views = orders.compactMap { order -> ExternalOrderView? in
            guard order.isOpen, order.isExternal || exchange.order(order.clientOrderID) == nil,
                let instrument = numbers[order.instrument]
            else { return nil }
            comparison.claims.meet(key(order.venueID, instrument))
            return externalView(order, instrument)
        }
        if views != comparison.externalOrders {
            comparison.externalOrders = views
            exchange.othersOrders = views
            isChanged = true
        }
        // What has ended is nobody's any more.
        if tellsTrades { comparison.claims.prune(open: Set(views.map(key))) }
        keepClaims()
        for view in views where isUnwanted(view) { cancelAtVenue(view) }
    }

    /// Takes over what the venue tells of an order of another client as it happens: what opens is held against it.
    func noteExternalOrder(_ order: StandingOrder) {
        let name = order.instrument.name
        guard let index = instruments.firstIndex(where: { $0.name == name }) else { return }
        let id = InstrumentID(index)
        let place = comparison.externalOrders.firstIndex { $0.venueID == order.venueID && $0.instrument == id }
        if let place, !order.isOpen {
            comparison.externalOrders.remove(at: place)
        } else if order.isOpen {
            let view = externalView(order, id)
            if let place { comparison.externalOrders[place] = view } else { comparison.externalOrders.append(view) }
        }
        exchange.othersOrders = comparison.externalOrders
        isChanged = true
    }

    private func key(_ venueID: String, _ instrument: InstrumentID) -> OrderClaims.Key {
        OrderClaims.Key(instrument: instruments[instrument.index].name, venueID: venueID)
    }

    private func key(_ view: ExternalOrderView) -> OrderClaims.Key { key(view.venueID, view.instrument) }

    /// Whether a claimed order is to be cancelled. What protects counts with the list that it is in: whoever cancels one order of
    /// a list cancels them all.
    private func isUnwanted(_ view: ExternalOrderView) -> Bool {
        let isProtective =
            view.type.hasTrigger
            || view.listID != nil
                && comparison.externalOrders.contains {
                    $0.listID == view.listID && $0.instrument == view.instrument && $0.type.hasTrigger
                }
        return comparison.claims.isUnwanted(key(view), isProtective: isProtective)
    }

    private func externalView(_ order: StandingOrder, _ instrument: InstrumentID) -> ExternalOrderView {
        ExternalOrderView(
            instrument: instrument, venueID: order.venueID, clientOrderID: order.clientOrderID, side: order.side,
            type: order.type, timeInForce: order.timeInForce, quantity: order.status.quantity,
            filled: order.status.filled, limitPrice: order.status.limitPrice,
            triggerPrice: order.status.triggerPrice, trailing: order.trailing, time: order.time, listID: order.listID,
            isClaimed: comparison.claims.since(key(order.venueID, instrument)) != nil)
    }

    /// A person takes responsibility for an order of another client.
    ///
    /// - Parameters:
    ///   - name: the venue's number; with the symbol before it, `BTCUSDT:4711`, where several instruments have that number.
    ///   - cancels: whether it is cancelled at once.
    func claimOrder(_ name: String, cancels: Bool, origin: String) -> EngineReply {
        let found = comparison.externalOrders.indices.filter { place in
            let view = comparison.externalOrders[place]
            return view.venueID == name || "\(instruments[view.instrument.index].symbol):\(view.venueID)" == name
        }
        guard let place = found.first else {
            return .refused(
                "no open order of another client has the venue's number \(name.prefix(40)); "
                    + "'wick order list --external' shows those that were open when the account was compared last")
        }
        guard found.count == 1 else {
            let names = found.map { place in
                let view = comparison.externalOrders[place]
                return "\(instruments[view.instrument.index].symbol):\(view.venueID)"
            }
            return .refused("there are several of that number; name one of \(names.joined(separator: ", "))")
        }
        let view = comparison.externalOrders[place]
        let pair = instruments[view.instrument.index].pair
        comparison.externalOrders[place].isClaimed = true
        comparison.claims.add(key(view), since: view.time, cancels: cancels)
        keepClaims()
        audit(
            "order claim", subject: view.venueID, origin: origin,
            detail: cancels ? "claimed, to be cancelled" : "claimed")
        guard cancels else {
            return .done(
                "order \(view.venueID) of \(pair) is claimed: it can be cancelled from here, and the emergency stop "
                    + "cancels it")
        }
        cancelAtVenue(view)
        return .done("order \(view.venueID) of \(pair) is claimed and is being cancelled")
    }

    /// Cancels every claimed order, as part of an emergency stop, and goes on with those that show later, until it is lifted.
    ///
    /// - Parameter keepsProtection: whether orders that wait for a trigger stay.
    /// - Returns: how many are known.
    func cancelClaimedOrders(keepsProtection: Bool) -> Int {
        // A stop that keeps less counts on.
        if comparison.claims.stop != .everything {
            comparison.claims.stop = keepsProtection ? .unprotective : .everything
            keepClaims()
        }
        let targets = comparison.externalOrders.filter { isUnwanted($0) }
        for target in targets { cancelAtVenue(target) }
        return targets.count
    }

    /// Takes in what came of a cancel.
    ///
    /// - Parameter words: why it is not known to have ended; `nil` when it has.
    func heardOfCancel(_ order: ExternalOrderView, _ words: String?) {
        if let words {
            raise(
                .warning, "venue",
                "\(venueName): claimed order \(order.venueID): its cancel \(words); it is tried again")
        } else {
            comparison.externalOrders.removeAll { $0.venueID == order.venueID && $0.instrument == order.instrument }
            exchange.othersOrders = comparison.externalOrders
            // The claim stays until a comparison has booked what it filled with.
            comparison.claims.ended(key(order))
            keepClaims()
            log.write(.info, "\(venueName): order \(order.venueID), which was claimed, has ended", at: now)
        }
        isChanged = true
        heardOfOthers()
    }

    private func cancelAtVenue(_ order: ExternalOrderView) {
        desk?.cancelClaimed(order, of: instruments[order.instrument.index])
    }

    /// Keeps the claims for the next start, where they have changed.
    func keepClaims() {
        let text = comparison.claims.text
        guard text != comparison.keptClaims else { return }
        comparison.keptClaims = text
        store(text, for: EngineTexts.claimsKey)
    }

    // MARK: What claimed orders fill with

    /// Books trades of claimed orders that happened since they were claimed, each once: they are the person's.
    func bookClaimed(_ executions: [VenueExecution]) {
        guard let desk, !comparison.claims.isEmpty else { return }
        comparison.claims.unvalued = []
        for execution in executions {
            let key = OrderClaims.Key(instrument: execution.instrument.name, venueID: execution.venueOrderID)
            comparison.claims.meet(key)
            guard let since = comparison.claims.since(key), execution.time > since,
                let index = instruments.firstIndex(where: { $0.name == execution.instrument.name })
            else { continue }
            let id = InstrumentID(index)
            guard let fill = execution.fill(valuing: desk.worth) else {
                comparison.claims.unvalued.insert(key)
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
