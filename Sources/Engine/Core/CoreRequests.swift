import Market
import Storage
import Trading
import Venues

// What people and programs ask for.
extension EngineCore {
    /// Carries out what somebody handed in.
    func handle(_ item: InboxItem) {
        switch item {
        case .request(let request, let origin, let reply): handle(request, origin: origin, reply: reply)
        case .news(let news): news(self)
        }
        retryRemovals()
        answerWaiting()
    }

    /// Carries out one request and answers it.
    func handle(_ request: EngineRequest, origin: String, reply: (@Sendable (EngineReply) -> Void)?) {
        isChanged = true
        switch request {
        case .placeOrder(let order):
            if order.trailing != nil, let venue = desk?.venue, !venue.capabilities.has(.trailing) {
                return tell(
                    .refused("\(venue.name) has no trailing orders; a stop at a price of its own is one way"), reply)
            }
            place(.place(order, owner: .manual), order.instrument, origin: origin, reply)
        case .closePosition(let owner, let instrument):
            place(.close(owner, instrument), instrument, origin: origin, reply)
        case .addStrategy(let registration):
            add(registration, origin: origin, reply)
        default:
            let answer = carryOut(request, origin: origin)
            // An emergency stop has a latch of its own, and waits for no disk.
            if !request.isEmergency { exchange.waitForInputs() }
            tell(answer, reply)
        }
    }

    /// Answers whoever asked, and shows what came of it first: who has the answer can see it in the snapshot. Where nobody
    /// waits for the answer, a notice says it.
    func tell(_ answer: EngineReply, _ reply: (@Sendable (EngineReply) -> Void)?) {
        if let reply {
            if isChanged { publishNow() }
            return reply(answer)
        }
        switch answer {
        case .done(let text): notices.post(.info, text)
        case .refused(let text): notices.post(.refused, text)
        case .order(let order, let verdict):
            switch order.state {
            case .denied: notices.post(.refused, "order \(order.id.rawValue) denied: \(verdict.text)")
            case .rejected, .expired:
                notices.post(.refused, "order \(order.id.rawValue) \(order.state.name): \(order.reason.text)")
            default: notices.post(.info, "order \(order.id.rawValue) is \(order.state.name)")
            }
        }
    }

    private func carryOut(_ request: EngineRequest, origin: String) -> EngineReply {
        switch request {
        case .enableStrategy(let id): return enable(id, origin: origin)
        case .enableWaived(let id, let reason): return enableWaived(id, reason: reason, origin: origin)
        case .disableStrategy(let id):
            return strategyCommand(.disable(id), id, "disabled", origin: origin)
        case .removeStrategy(let id):
            return strategyCommand(.remove(id), id, "removed", origin: origin)
        case .changeStrategy(let registration): return change(registration, origin: origin)
        case .cancelOrder(let id): return cancel(id, origin: origin)
        case .claimOrder(let venueID, let cancels): return claimOrder(venueID, cancels: cancels, origin: origin)
        case .cancelAll(let instrument): return cancelAll(instrument, origin: origin)
        case .halt(let origin): return halt(origin: origin)
        case .emergencyStop(let keepsProtection, let origin):
            return emergencyStop(keepsProtection: keepsProtection, flattens: false, origin: origin)
        case .emergencyFlatten(let origin):
            return emergencyStop(keepsProtection: false, flattens: true, origin: origin)
        case .rearm: return rearm(origin: origin)
        case .resetBreakers:
            _ = run(.resetBreakers)
            audit("reset breakers", origin: origin, detail: "")
            return .done("peak and day start are taken anew from now")
        case .acceptPosition(let instrument): return acceptPosition(instrument, origin: origin)
        case .acceptCash: return acceptCash(origin: origin)
        case .acknowledge(let ids): return acknowledge(ids, origin: origin)
        case .shelve(let id, let seconds): return shelve(id, seconds, origin: origin)
        case .addPriceAlert(let instrument, let price): return addPriceAlert(instrument, price)
        case .runBacktest(let request):
            guard let runBacktest else { return .refused("backtests can't be run in this session") }
            guard let id = runBacktest(request) else {
                return .refused("too many backtests wait already; cancel one, or ask again when some are done")
            }
            return .done("backtest \(-id) runs")
        case .cancelBacktest(let id):
            return cancelBacktest?(id) == true ? .done("cancelled") : .refused("no such backtest is running")
        case .runSearch(let request):
            guard let runSearch else { return .refused("searches can't be run in this session") }
            guard runSearch(request) != nil else {
                return .refused(
                    "\(SearchRunner.capacity) searches wait already; cancel one, or ask again when one is done")
            }
            return .done("the search begins")
        case .cancelSearch(let id):
            return cancelSearch?(id) == true
                ? .done("the search ends; its trials are kept") : .refused("no such search is running")
        case .pauseReplay(let isPaused):
            return control(.pause(isPaused), done: isPaused ? "the replay is paused" : "the replay goes on")
        case .stepReplay: return control(.step, done: "one candle on")
        case .setReplaySpeed(let speed):
            if let speed, !(speed > 0 && speed <= 1_000_000) {
                return .refused("a speed is above 0 and up to 1,000,000")
            }
            return control(
                .speed(speed), done: speed.map { "the replay runs at \($0)×" } ?? "the replay runs as fast as it can")
        case .placeOrder, .closePosition, .addStrategy:
            preconditionFailure("answered by handle(_:origin:reply:)")
        }
    }

    private func control(_ control: ReplayControl, done: String) -> EngineReply {
        guard feed.control(control, now: now) else {
            return .refused(
                isFeedFinished ? "the recording is over" : "only a replay can be paused, stepped and sped up")
        }
        return .done(done)
    }

    // MARK: Orders

    /// Runs a command of the kernel; gives the reason when it was refused.
    func run(_ command: Command) -> String? {
        lastRefusal = nil
        firstVerdict = nil
        exchange.command(command, at: commandTime)
        settle()
        return lastRefusal
    }

    private func place(
        _ command: Command, _ instrument: InstrumentID, origin: String, _ reply: (@Sendable (EngineReply) -> Void)?
    ) {
        guard instruments.indices.contains(instrument.index) else {
            return tell(.refused("there is no such instrument"), reply)
        }
        guard !isFeedFinished else { return tell(.refused("the recording is over; nothing fills any more"), reply) }
        if let refusal = run(command) { return tell(.refused(refusal), reply) }
        guard let verdict = firstVerdict else { return tell(.refused("nothing came of it"), reply) }
        audit("order place", subject: "\(verdict.order.rawValue)", origin: origin, detail: verdict.text)
        waiting.append(
            WaitingOrder(
                order: verdict.order, verdict: verdict, deadline: EngineClock.monotonic() + WaitingOrder.patience,
                reply: reply))
    }

    /// Answers those whose orders have got as far as they get, or who have waited long enough.
    func answerWaiting() {
        guard !waiting.isEmpty else { return }
        let monotonic = EngineClock.monotonic()
        let before = waiting
        waiting.removeAll(keepingCapacity: true)
        for entry in before {
            guard let order = kernel.order(entry.order) else {
                tell(.refused("order \(entry.order.rawValue) is not known any more"), entry.reply)
                continue
            }
            if WaitingOrder.isSettled(order) || monotonic >= entry.deadline {
                tell(.order(order, entry.verdict), entry.reply)
            } else {
                waiting.append(entry)
            }
        }
    }

    private func cancel(_ id: OrderID, origin: String) -> EngineReply {
        let outcome = run(.cancel(id))
        audit("order cancel", subject: "\(id.rawValue)", origin: origin, detail: outcome ?? "done")
        if let outcome { return .refused(outcome) }
        let isClosed = kernel.order(id)?.state.isClosed ?? true
        return .done("order \(id.rawValue) \(isClosed ? "cancelled" : "is being cancelled")")
    }

    private func cancelAll(_ instrument: InstrumentID?, origin: String) -> EngineReply {
        let wanted = kernel.openOrders.filter { instrument == nil || $0.request.instrument == instrument }
        _ = run(.cancelAll(instrument))
        // A venue over a network has yet to say so.
        let left = wanted.count { kernel.order($0.id)?.state.isClosed == false }
        func orders(_ count: Int) -> String { "\(count) \(count == 1 ? "order" : "orders")" }
        var text = "\(orders(wanted.count - left)) cancelled"
        if left > 0 { text = left == wanted.count ? "" : text + ", " }
        if left > 0 { text += "\(orders(left)) \(left == 1 ? "is" : "are") being cancelled" }
        audit("order cancel-all", origin: origin, detail: text)
        return .done(text)
    }

    // MARK: Alerts

    private func acknowledge(_ ids: [Int64], origin: String) -> EngineReply {
        let found = alerts.acknowledge(ids)
        guard !found.isEmpty else { return .refused("there is no alert of that number") }
        note(.acknowledge(found, origin: origin))
        return .done("\(found.count) \(found.count == 1 ? "alert" : "alerts") acknowledged")
    }

    private func shelve(_ id: Int64, _ seconds: Int64, origin: String) -> EngineReply {
        guard (1...31_536_000).contains(seconds) else {
            return .refused("alerts are shelved for a second up to a year")
        }
        let until = now.adding(seconds: seconds)
        guard alerts.shelve(id, until: until) else { return .refused("there is no alert of that number") }
        note(.shelve(id, until: until, origin: origin))
        return .done("shelved until \(until.timeOfDay)")
    }

    private func addPriceAlert(_ id: InstrumentID, _ price: Price) -> EngineReply {
        guard instruments.indices.contains(id.index) else { return .refused("there is no such instrument") }
        guard price.mantissa > 0 else { return .refused("a price is positive") }
        priceAlerts.add(id, price, last: markets[id.index].view.last)
        store(priceAlerts.text(instruments), for: PriceAlerts.key)
        let instrument = instruments[id.index]
        return .done("an alert goes off when \(instrument.pair) reaches \(instrument.text(price))")
    }
}
