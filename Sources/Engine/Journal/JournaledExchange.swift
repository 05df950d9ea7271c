import Bytes
import Journal
import Market
import Simulation
import Trading

/// Joins a kernel and a simulated venue as `SimulatedExchange` does, with the journal in between: what the kernel is told
/// is written down before it acts, what it answers is written down with it, and nothing leaves for the venue before the
/// records that explain it are on the disk.
///
/// The same calls in the same order give the same records, whether they happen for the first time or are followed in a
/// journal after a restart (see `DecisionLog`). An exchange belongs to the engine's thread.
final class JournaledExchange {
    /// The kernel that decides.
    let kernel: Kernel
    /// The venue that fills.
    var venue: SimulatedVenue { connection.venue }
    /// What is between this house and the venue; in a rehearsal of bad days it misbehaves.
    private(set) var connection: FaultyVenue
    /// What is written down.
    let log: DecisionLog
    /// Where the numbers of orders in the journal are kept.
    private(set) var tags: OrderTags
    /// Where longer candles are derived from those that close.
    private(set) var subscriptions: CandleSubscriptions
    /// The last second that the kernel was told of.
    private(set) var lastSecond: Int64
    /// The last minute of which the equity curve has a point.
    private(set) var lastMinute: Timestamp?
    /// Up to where the market was told.
    private(set) var marketTime: Timestamp

    private let gate: OpeningGate
    private let patience: Int32
    private var effects: [Effect] = []
    private var batch = MarketBatchWriter()
    private var collected: [ExchangeOutput] = []
    /// Reports of what never left the house; the kernel hears of them before anything else.
    private var withheld: [OrderReport] = []
    private var withheldPlace = 0
    private var hasRecorded = false
    /// Steps within a market update that a strategy was kept out of; it is halted once the update has settled.
    private var suspended: [UInt64] = []

    /// Why the journal could not be written when something had to leave; `nil` while it can.
    private(set) var stall: String?
    /// The engine's own name in the numbers that venues are told.
    var instance: ClientOrderID.Instance?
    /// Strategies that are kept out of a step, and halted after it.
    var suspensions: [Suspension] = []
    /// Where it is noted which step runs, for a watchdog and for the next start.
    var probe: ProbePage?
    /// Called when something is ready to leave, before it waits for the disk; for measuring.
    var onDecided: (() -> Void)?
    /// Called where the process may be made to die, for the tests that kill it.
    var crashPoint: ((ExchangeBoundary) -> Void)?

    /// An exchange that goes on where an image or a store left off.
    ///
    /// - Parameter patience: how long an effect waits for its record to be on the disk, in milliseconds.
    init(
        kernel: Kernel, connection: FaultyVenue, subscriptions: CandleSubscriptions, log: DecisionLog,
        gate: OpeningGate, patience: Int32 = 2_000
    ) {
        self.kernel = kernel
        self.connection = connection
        self.subscriptions = subscriptions
        self.log = log
        self.gate = gate
        self.patience = patience
        tags = OrderTags()
        lastSecond = .min
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

    // MARK: Market updates, each of a batch that is written down

    /// Writes a stretch of the market down, before any of it acts.
    ///
    /// - Returns: false when the journal can take no more now; the stretch must not act then.
    func begin(_ stretch: [MarketUpdate], upTo end: Timestamp) -> Bool {
        guard log.journal != nil else { return true }
        batch.removeAll()
        for update in stretch {
            switch update {
            case .quote(let id, let quote): batch.append(.quote(id, quote))
            case .print(let id, let print): batch.append(.print(id, print))
            case .minute(let id, let candle): batch.append(.minute(id, candle))
            case .timer(let time): batch.append(.timer(time))
            // The book is for the screen; bars come from a recording, which needs no journal.
            case .depth, .bar, .finished: break
            }
        }
        if batch.count > 0 && !log.appendMarket(batch, at: end) { return false }
        marketTime = max(marketTime, end)
        return true
    }

    /// Takes in an update of a batch.
    func take(_ input: MarketInput) {
        switch input {
        case .quote(let id, let quote): self.quote(id, quote)
        case .print(let id, let print): self.print(id, print)
        case .minute(let id, let candle): minute(id, candle)
        case .bar(let id, let candle): bar(id, subscriptions.base, candle)
        case .timer(let time): timer(time)
        }
    }

    /// Notes up to where the market was told.
    func noteMarketTime(_ time: Timestamp) { marketTime = max(marketTime, time) }

    /// A new best bid and ask: orders meet it, then the kernel marks by it.
    func quote(_ instrument: InstrumentID, _ quote: Quote) {
        log.countUpdate()
        if connection.beginQuote(instrument, quote) { walk() }
        kernel.step(.quote(instrument, quote), into: &effects)
        if !effects.isEmpty {
            settleMarket(.quote, quote.time) { writer in
                writer.value(instrument)
                writer.value(quote)
            }
        }
        closeInput(at: quote.time)
    }

    /// A print of the tape: orders meet it.
    func print(_ instrument: InstrumentID, _ print: TradePrint) {
        log.countUpdate()
        if connection.beginPrint(instrument, print) { walk() }
        closeInput(at: print.time)
    }

    /// A second of the market's time began: once a second, and a point of the equity curve once a minute.
    func timer(_ time: Timestamp) {
        log.countUpdate()
        lastSecond = time.seconds
        if !connection.isTransparent {
            // What was late comes with time, whatever the market does.
            connection.elapse(to: time)
            settle(cause: 0, correlation: 0)
        }
        kernel.step(.timer(time), into: &effects)
        if !effects.isEmpty { settleMarket(.timer, time) { $0.value(time) } }
        closeInput(at: time)
        let minute = time.floored(to: .oneMinute)
        if let lastMinute, minute > lastMinute { recordAccount(isEquityPoint: true, at: minute) }
        lastMinute = max(minute, lastMinute ?? minute)
    }

    /// A closed minute of a market whose quotes and prints are told too; the longer candles that it completes follow it.
    func minute(_ instrument: InstrumentID, _ candle: Candle) {
        log.countUpdate()
        self.candle(instrument, .oneMinute, candle)
        subscriptions.take(instrument, candle) { self.candle(instrument, $0, $1) }
    }

    /// A recorded candle of which nothing else is known: orders meet its open and its path, then the kernel sees it
    /// closed, and the longer ones that it completes.
    func bar(_ instrument: InstrumentID, _ timeframe: Timeframe, _ candle: Candle) {
        log.countUpdate()
        if connection.beginBar(instrument, candle) {
            walk()
            connection.endBar(instrument, close: candle.close)
        }
        self.candle(instrument, timeframe, candle)
        subscriptions.take(instrument, candle) { self.candle(instrument, $0, $1) }
    }

    private func candle(_ instrument: InstrumentID, _ timeframe: Timeframe, _ candle: Candle) {
        let time = candle.closeTime(timeframe)
        let input = log.append(.candle, at: time) { writer in
            writer.value(instrument)
            writer.value(timeframe)
            writer.value(candle)
        }
        step(input) { kernel.close(candle, of: instrument, timeframe, into: &effects) }
        settle(cause: input, correlation: input)
        closeInput(at: time)
        haltSuspended(after: input, at: time)
    }

    // MARK: What does not come from the market

    /// A price that only the kernel sees: what is known of a market before its first event. Nothing fills at it.
    func mark(_ instrument: InstrumentID, _ quote: Quote) {
        let input = log.append(.mark, at: quote.time) { writer in
            writer.value(instrument)
            writer.value(quote)
        }
        kernel.step(.quote(instrument, quote), into: &effects)
        settle(cause: input, correlation: input)
        closeInput(at: quote.time)
    }

    /// A person's or a program's wish, at an instant.
    func command(_ command: Command, at time: Timestamp) {
        let input = log.append(.command, at: time) { $0.value(command) }
        // A command whose warm-up held the engine up is not carried out.
        if suspensions.contains(where: { $0.input == input }) {
            noteSuspensions(of: input)
        } else {
            step(input) { kernel.step(.command(command, at: time), into: &effects) }
        }
        settle(cause: input, correlation: input)
        closeInput(at: time)
        haltSuspended(after: input, at: time)
    }

    /// What a comparison with the venue found, at an instant: a report that was missed, or a question.
    func take(_ finding: VenueFinding, at time: Timestamp) {
        let input = log.append(.finding, at: time) { $0.value(finding) }
        switch finding {
        case .report(let report): step(input) { kernel.take(report, into: &effects) }
        case .query(let order): connection.query(order, at: time)
        }
        settle(cause: input, correlation: input)
        closeInput(at: time)
        haltSuspended(after: input, at: time)
    }

    /// Derives candles of a timeframe from now on, beginning with those of its running interval.
    func subscribe(_ subscription: CandleSubscription) {
        guard subscriptions.needs(subscription.instrument, subscription.timeframe) else { return }
        log.append(.subscribe, at: kernel.now) { $0.value(subscription) }
        subscriptions.subscribe(subscription.instrument, subscription.timeframe, recent: subscription.recent)
    }

    /// Takes the candles that a market closed while nobody listened through the derivation of longer ones; gives what
    /// closed, by timeframe, for strategies to catch up with.
    func missed(_ instrument: InstrumentID, _ candle: Candle) -> [(Timeframe, Candle)] {
        var closed: [(Timeframe, Candle)] = [(subscriptions.base, candle)]
        log.append(.missed, at: candle.closeTime(subscriptions.base)) { writer in
            writer.value(instrument)
            writer.value(candle)
        }
        subscriptions.take(instrument, candle) { closed.append(($0, $1)) }
        return closed
    }

    /// The data ended: working orders are cancelled, new ones refused, positions stay and keep their marks.
    func endOfData() {
        connection.endOfData(at: kernel.now)
        settle(cause: 0, correlation: 0)
        closeInput(at: kernel.now)
    }

    // MARK: Steps

    /// Walks the venue's event; the kernel answers each thing that happens before the next does.
    private func walk() {
        while connection.advance() { settle(cause: 0, correlation: 0) }
    }

    /// Gives a market update that led to something a decision record of its own, as the cause of what follows.
    private func settleMarket(_ kind: JournalKind, _ time: Timestamp, _ body: (inout ByteWriter) -> Void) {
        let input = log.append(kind, at: time, body)
        settle(cause: input, correlation: input)
    }

    /// Writes and routes effects, and hands reports to the kernel, until both are quiet: all effects of a step, then the
    /// oldest report.
    private func settle(cause: UInt64, correlation: UInt64) {
        var cause = cause
        var correlation = correlation
        while true {
            if !effects.isEmpty { release(cause: cause, correlation: correlation) }
            guard let report = nextReport() else { return }
            let tag = tags[report.order]
            correlation = tag?.correlation ?? 0
            cause = log.append(.report, at: report.time, cause: tag?.submission ?? 0, correlation: correlation) {
                $0.value(report)
            }
            crashPoint?(.beforeReport)
            let input = cause
            step(input) { kernel.take(report, into: &effects) }
            if !suspensions.isEmpty && suspensions.contains(where: { $0.input == input }) {
                suspended.append(input)
            }
        }
    }

    /// Runs a step in which strategies run: those that got stuck in it are kept out.
    private func step(_ input: UInt64, _ body: () -> Void) {
        probe?.begin(input)
        defer { probe?.end() }
        guard !suspensions.isEmpty else {
            body()
            // A strategy that comes back after another core has taken over must not act.
            return log.fence.pass()
        }
        noteSuspensions(of: input)
        for suspension in suspensions where suspension.input == input { kernel.suspend(suspension.strategy, true) }
        body()
        for suspension in suspensions where suspension.input == input { kernel.suspend(suspension.strategy, false) }
    }

    /// Writes down who is kept out of a step, before what it leads to: whoever follows this must leave them out, too.
    private func noteSuspensions(of input: UInt64) {
        // The step's own record may be the last that was written: what is noted now comes right behind it.
        log.endFollowingIfDone()
        guard !log.isFollowing else { return }
        for suspension in suspensions where suspension.input == input {
            log.note(.supervision, at: kernel.now, cause: input) { $0.value(suspension) }
        }
    }

    /// Halts what was kept out of a step, as the next thing that happens.
    private func haltSuspended(after input: UInt64, at time: Timestamp) {
        guard !suspensions.isEmpty else { return }
        for input in suspended + [input] {
            for suspension in suspensions where suspension.input == input {
                command(.haltStrategy(suspension.strategy, reason: suspension.reason), at: max(time, kernel.now))
            }
        }
        suspended.removeAll()
    }

    private func nextReport() -> OrderReport? {
        if withheldPlace < withheld.count {
            withheldPlace += 1
            return withheld[withheldPlace - 1]
        }
        withheld.removeAll(keepingCapacity: true)
        withheldPlace = 0
        return connection.nextReport()
    }

    /// After everything that an input led to: where something was recorded, the account that it left.
    private func closeInput(at time: Timestamp) {
        if hasRecorded {
            hasRecorded = false
            recordAccount(isEquityPoint: false, at: max(time, kernel.now))
        }
        if !suspended.isEmpty { haltSuspended(after: 0, at: time) }
    }

    private func recordAccount(isEquityPoint: Bool, at time: Timestamp) {
        let state = AccountPoint(account: kernel.account, isEquityPoint: isEquityPoint)
        let sequence = log.append(.account, at: time) { $0.value(state) }
        if !log.wasRecorded { collected.append(.account(state, at: time, sequence: sequence)) }
    }
}

extension JournaledExchange {
    /// The number under which a venue is told of an order; `nil` for one that never left, or that left too long ago.
    func clientOrderID(_ order: OrderID) -> ClientOrderID? {
        guard let instance, let tag = tags[order], tag.submission > 0 else { return nil }
        return ClientOrderID(instance, sequence: tag.submission, ordinal: 0)
    }

    /// Everything that decides what happens next, at this place of the journal. Between two stretches of the market only:
    /// whatever led to something has settled then.
    func image(session: UInt64) -> EngineImage {
        EngineImage(
            kernel: kernel.image, venue: venue.image, subscriptions: subscriptions, tags: tags.tags,
            lastSecond: lastSecond, lastMinute: lastMinute, marketTime: marketTime, session: session,
            connection: connection.isTransparent ? nil : connection.connection)
    }

    /// Has the connection misbehave from now on by a plan, or behave; what is on its way stays.
    func rehearse(_ plan: FaultPlan?) { connection.plan = plan ?? FaultPlan() }

    /// Takes over what an image says beside kernel and venue.
    func restore(_ image: EngineImage) {
        tags = OrderTags(image.tags)
        lastSecond = image.lastSecond
        lastMinute = image.lastMinute
        marketTime = image.marketTime
    }

    /// Goes on for another exchange: what came forth there is given out here.
    func takeOver(_ other: JournaledExchange) {
        collected = other.collected + collected
        stall = other.stall
    }

    /// Writes the effects of a step; where one leaves the process, waits until all of it is on the disk; then lets them
    /// out in order.
    private func release(cause: UInt64, correlation: UInt64) {
        var leaves = false
        for effect in effects {
            let sequence = log.append(effect.journalKind, at: kernel.now, cause: cause, correlation: correlation) {
                effect.writePayload(to: &$0)
            }
            switch effect {
            case .record(let record):
                hasRecorded = true
                if !log.wasRecorded { collected.append(.record(record, sequence: sequence)) }
            case .alert(let alert): if !log.wasRecorded { collected.append(.alert(alert, sequence: sequence)) }
            case .submit(let order):
                leaves = true
                tags.append(OrderTag(order: order.id, submission: sequence, correlation: correlation))
            default: leaves = true
            }
        }
        if leaves { letOut() }
        effects.removeAll(keepingCapacity: true)
    }

    private func letOut() {
        onDecided?()
        crashPoint?(.beforeCommit)
        let isDurable = commit()
        crashPoint?(.beforeRelease)
        let held = withholding(isDurable: isDurable)
        for effect in effects {
            switch effect {
            // The reference is the kernel's mark: the venue does not see the bars that find no order.
            case .submit(let order):
                if let held, held.orders.contains(order.id) {
                    withheld.append(OrderReport(order: order.id, time: kernel.now, kind: .rejected(held.reason)))
                } else {
                    connection.submit(order, at: kernel.now, reference: kernel.mark(order.request.instrument))
                }
            case .cancel(let order): connection.cancel(order, at: kernel.now)
            case .amend(let order, let amendment):
                let reference = kernel.order(order).flatMap { kernel.mark($0.request.instrument) }
                connection.amend(order, amendment, at: kernel.now, reference: reference)
            case .query(let order): connection.query(order, at: kernel.now)
            case .record, .alert: break
            }
        }
        crashPoint?(.afterRelease)
    }

    /// Which orders of a step must not leave, written down; `nil` when all may. What only reduces always may.
    private func withholding(isDurable: Bool) -> Withholding? {
        let held: Withholding
        if log.isFollowing {
            // What is followed says itself whether anything was withheld here.
            guard let recorded = log.expected(.withheld, Withholding.self) else { return nil }
            held = recorded
        } else {
            guard let reason: OrderReason = isDurable ? gate.reasons.isEmpty ? nil : .emergencyStop : .journal else {
                return nil
            }
            held = Withholding(
                orders: effects.compactMap { effect in
                    guard case .submit(let order) = effect, !order.request.isReduceOnly else { return nil }
                    return order.id
                }, reason: reason)
            if held.orders.isEmpty { return nil }
        }
        log.append(.withheld, at: kernel.now) { $0.value(held) }
        return held
    }

    /// Waits until everything written is on the disk. Once that took too long nothing waits any more until the journal has
    /// caught up: what must not wait for a dead disk (cancels, exits) leaves, what opens is withheld. A disk that is about
    /// to be full withholds, too: the records of what it would lead to may find no room.
    private func commit() -> Bool {
        guard let journal = log.journal, !log.isFollowing else { return true }
        if stall != nil {
            journal.requestCommit()
            return hasRecovered(journal)
        }
        let isDurable = journal.waitUntilDurable(
            decisions: log.lastDecision, market: log.lastMarket, milliseconds: patience)
        let problem = journal.problem
        if isDurable && (problem == nil || problem?.kind == .stalled) { return true }
        stall = problem?.description ?? "the disk did not confirm a record within \(patience) ms"
        gate.close(.journal)
        return false
    }

    /// Looks whether a journal that stalled is written again.
    func tryRecovery() {
        guard stall != nil, let journal = log.journal else { return }
        journal.requestCommit()
        _ = hasRecovered(journal)
    }

    private func hasRecovered(_ journal: Journal) -> Bool {
        guard journal.problem == nil, journal.durable(.decisions) >= log.lastDecision else { return false }
        stall = nil
        gate.open(.journal)
        return true
    }
}
