import Market
import Storage
import Trading

// What steps bring forth: to the store, to the screen.
extension EngineCore {
    /// Takes what kernel and venue have brought forth since the last call, and hands it to the recorder.
    func settle() {
        guard exchange.hasOutput, !isSettling else { return }
        isSettling = true
        for output in exchange.takeOutput() {
            switch output {
            case .record(let record, let sequence):
                take(record, sequence)
            case .alert(let alert, let sequence): raise(alert, sequence: sequence)
            case .account(let point, let time, let sequence):
                if point.isEquityPoint { closeMinute(time, point.account) }
                record(.account(point, at: time), sequence)
            }
        }
        isSettling = false
        isChanged = true
        let notes = notesOfSettling
        notesOfSettling = []
        for note in notes { note(self) }
    }

    /// Writes down what the engine itself does, in its turn: behind everything that came forth before it. The store takes
    /// records in the order of their numbers and notes how far it has come; one that came late would be passed over.
    func inTurn(_ body: @escaping (EngineCore) -> Void) {
        if isSettling { return notesOfSettling.append(body) }
        settle()
        body(self)
    }

    private func take(_ record: Record, _ sequence: UInt64) {
        switch record {
        case .refusal(let text):
            lastRefusal = text
            return
        case .verdict(let verdict): firstVerdict = firstVerdict ?? verdict
        case .strategy(let registration, let reason):
            // Warming up changes nothing, unless the strategy failed at it.
            if isWarmingUp && registration.status != .halted { return }
            log.write(.info, "strategy \(registration.name): \(reason.isEmpty ? "changed" : reason)", at: kernel.now)
            subscribe(registration)
            snapshot.removedStrategies.removeAll { $0 == registration.name }
            supervisor.note(registration, at: EngineClock.monotonic())
        case .strategyRemoved(let id): snapshot.removedStrategies.append(book.ownerName(id))
        case .fill(let fill): announce(fill)
        case .tradingState(let state, _): log.write(.warning, "trading state: \(state)", at: kernel.now)
        case .order: areOrdersChanged = true
        default: break
        }
        book.take(record)
        if case .order(let order) = record { book.identify(order.id) { exchange.clientOrderID($0) } }
        self.record(.record(record, at: kernel.now), sequence)
    }

    /// Hands a job to the recorder. A session that keeps nothing keeps alerts and audits alone, in its own store.
    func record(_ job: RecorderJob, _ sequence: UInt64? = nil) {
        switch job {
        case .record, .account, .note(.value), .candles: if isEphemeral { return }
        default: break
        }
        // Numbers count from 1; a session without a journal numbers nothing.
        recorder.add(job, sequence == 0 ? nil : sequence)
    }

    private func announce(_ fill: FillRecord) {
        let instrument = instruments[fill.instrument.index]
        let verb = fill.side == .buy ? "bought" : "sold"
        let owner = book.ownerName(fill.owner)
        let whose = owner == fill.purpose.name ? owner : "\(owner) \(fill.purpose.name)"
        let text =
            "\(verb) \(instrument.text(fill.fill.quantity)) \(instrument.pair) at "
            + "\(instrument.text(fill.fill.price)), \(whose)"
        notices.post(.fill, text)
        log.write(.info, text, at: fill.time)
    }

    /// Keeps a value in the store.
    func store(_ value: String?, for key: String) { note(.value(value, key: key, at: commandTime)) }

    /// A minute is over: a point of the equity curve, and now and then a new day.
    func closeMinute(_ minute: Timestamp, _ account: Account) {
        equityHistory.append(EquityPoint(time: minute, equity: account.equity))
        if equityHistory.count > 2_880 + 240 { equityHistory.removeFirst(equityHistory.count - 2_880) }
        if dayTotals.begin(day: minute.day, totals: { totals() }) { store(dayTotals.text, for: DayTotals.key) }
        storePeaks()
        isChanged = true
    }
}
