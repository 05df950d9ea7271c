import Journal
import Market
import Simulation
import Storage
import Trading

/// What a session begins with: nothing, or what the last one left in the store.
struct Session {
    let isEphemeral: Bool
    /// Whether it goes on from a journal.
    let isResumed: Bool
    let recovery: Recovery
    let instruments: [Instrument]
    let exchange: JournaledExchange
    let gate: OpeningGate
    var book: TradeBook
    var alerts: AlertBook
    var priceAlerts: PriceAlerts
    var equityHistory: [EquityPoint]
    var dayTotals: DayTotals
    /// Fees that were paid from something else than the cash, in all.
    var paidElsewhere: Money?
    /// Which orders of other clients were claimed, as the store keeps it.
    var claims = ""
    /// What a person should know of the recovery.
    var remarks: [String]

    /// What a session is built from beside its store.
    struct Foundation {
        /// What it writes, where no journal led anywhere.
        var log: DecisionLog
        /// What the journal led to, where one was there.
        var resumed: ResumedExchange?
        /// What it runs with.
        var means: ResumedExchange.Means
    }

    /// Reads a store, for everything that is shown, and builds kernel and venue from it where no journal did.
    ///
    /// - Parameters:
    ///   - store: the store of the account.
    ///   - feed: the market; instruments that positions and strategies need beside its own come behind them.
    ///   - isHalted: whether the latch is set.
    /// - Throws: `EngineError` when the store can't be read or contradicts the configuration.
    init(
        store: Store, feed: any MarketFeed, configuration: EngineConfiguration, isEphemeral: Bool, isHalted: Bool,
        on foundation: Foundation
    ) throws(EngineError) {
        self.isEphemeral = isEphemeral
        isResumed = foundation.resumed != nil
        gate = foundation.means.gate
        let fed = feed.instruments
        do {
            let currency = try store.account()?.currency ?? configuration.cash.currency
            guard fed.allSatisfy({ $0.quote == currency }) else {
                throw EngineError.configuration([
                    "the account is kept in \(currency), and "
                        + fed.filter { $0.quote != currency }.map { "\($0.name) is priced in \($0.quote)" }
                        .joined(separator: ", ")
                        + "; give this market its own directory with --data-dir, or the account that cash with --cash"
                ])
            }
            // Instruments in another currency can't be marked by this account: they come last, where the kernel's table
            // ends before them. Those of the journal keep their numbers.
            let known = try Session.known(fed, foundation.resumed)
            var recovery = try store.recover(try store.declare(known))
            let usable = recovery.table.instruments.filter { $0.quote == currency }
            if usable.count < recovery.table.instruments.count {
                recovery = try store.recover(try store.declare(usable))
            }
            var remarks: [String] = []
            self.recovery = recovery
            instruments = usable
            var options = configuration.venue
            // Recorded candles fill as they do in a backtest of them.
            if isEphemeral { options.fillsInEmptyBars = true }
            let isRemote = configuration.trading != nil
            var kernelOptions = KernelOptions(
                feeEstimate: options.takerFee, locksHoldings: isRemote, probe: foundation.means.probe?.kernelProbe)
            if let trading = configuration.trading { kernelOptions.inquiry = trading.inquiry }
            if let resumed = foundation.resumed {
                exchange = try resumed.exchange(
                    instruments: usable, venue: options, foundation.means)
                guard exchange.isRemote == isRemote else {
                    throw EngineError.journal(
                        "it is of an account that trades " + (exchange.isRemote ? "at a venue" : "on paper"),
                        remedy: "give this mode a directory of its own with --data-dir")
                }
            } else {
                var state = try Session.state(recovery, usable, store, configuration, isHalted: isHalted, &remarks)
                if isRemote { Session.leaveOrders(of: &state, &remarks) }
                let lastTrade =
                    try store.fills(limit: 200).map(\.record.fill).filter { !$0.isInferred }.map(\.tradeID).max() ?? 0
                exchange = JournaledExchange(
                    kernel: Kernel(
                        state, instruments: usable, catalog: configuration.catalog, limits: configuration.limits,
                        options: kernelOptions),
                    connection: FaultyVenue(
                        SimulatedVenue(
                            instruments: usable, cash: state.account.cash, options: options,
                            holdings: state.positions.filter { !$0.isFlat }.map {
                                VenueHolding(owner: $0.owner, instrument: $0.instrument, quantity: $0.quantity)
                            },
                            openOrders: isRemote ? [] : state.openOrders, nextTradeID: lastTrade + 1,
                            remembered: isEphemeral ? 0 : Session.rememberedByVenue), from: nil),
                    subscriptions: CandleSubscriptions(instrumentCount: usable.count, base: feed.timeframe),
                    log: foundation.log, gate: foundation.means.gate)
                exchange.probe = foundation.means.probe
                if isRemote { exchange.tradeRemotely() }
            }
            exchange.instance = foundation.means.instance
            exchange.rehearse(isRemote ? nil : configuration.faults)
            book = try Session.book(recovery, usable, store)
            alerts = AlertBook(recovery.alerts.map { Session.alert($0, usable) })
            priceAlerts = PriceAlerts(text: try store.value(for: PriceAlerts.key) ?? "", usable)
            paidElsewhere = try store.value(for: EngineTexts.paidElsewhereKey).flatMap { Int128($0) }.map {
                Money(units: $0, currency)
            }
            claims = try store.value(for: EngineTexts.claimsKey) ?? ""
            dayTotals = DayTotals(text: try store.value(for: DayTotals.key) ?? "")
            equityHistory = try store.equity(limit: 2_880).suffix(2_880).map {
                EquityPoint(time: $0.time, equity: $0.equity)
            }
            self.remarks = remarks
        } catch let error as EngineError {
            throw error
        } catch let error as StoreError {
            throw .store(reason: error.description)
        } catch {
            throw .store(reason: String(describing: error))
        }
    }

    /// Without a journal nobody knows under which numbers a venue knows the orders of the store: they are left to it, where a
    /// comparison finds those that still work.
    private static func leaveOrders(of state: inout KernelState, _ remarks: inout [String]) {
        guard !state.openOrders.isEmpty else { return }
        let numbers = state.openOrders.map { "\($0.id.rawValue)" }.joined(separator: ", ")
        remarks.append(
            "orders \(numbers) of the store are not taken up: without the journal their numbers at the venue are not known. "
                + "Those that still work there show as orders of others; cancel them at the venue")
        state.openOrders = []
    }

    /// How many closed orders and fills the simulated venue can still tell of.
    static let rememberedByVenue = 2_000

    /// The instruments whose numbers are given: those of the journal, then those that the feed has beside them. Of the journal's
    /// come number and decimals; the rules are those of now, for a venue changes ticks, steps and bounds.
    private static func known(_ fed: [Instrument], _ resumed: ResumedExchange?) throws(EngineError) -> [Instrument] {
        guard let resumed else { return fed }
        guard zip(fed, resumed.instruments).allSatisfy({ $0.name == $1.name }) else {
            throw .configuration([
                "the journal was written with " + resumed.instruments.map(\.name).joined(separator: ", ")
                    + ", and this market has " + fed.map(\.name).joined(separator: ", ")
                    + "; give this market its own directory with --data-dir"
            ])
        }
        let own = resumed.instruments.enumerated().map { place, old in
            guard fed.indices.contains(place), fed[place].priceScale == old.priceScale,
                fed[place].quantityScale == old.quantityScale
            else { return old }
            return fed[place]
        }
        return own + fed.dropFirst(own.count)
    }

    private static func state(
        _ recovery: Recovery, _ usable: [Instrument], _ store: Store, _ configuration: EngineConfiguration,
        isHalted: Bool, _ remarks: inout [String]
    ) throws -> KernelState {
        var state = KernelState(cash: configuration.cash)
        if let account = recovery.account { state.account = account }
        state.positions = recovery.positions.filter { usable.indices.contains($0.instrument.index) }
        // What was on its way when the last session ended is at the simulated venue now: it lives in this process.
        state.openOrders = recovery.openOrders.map { order in
            var order = order
            if order.state == .initialized || order.state == .submitting || order.state == .unknown {
                order.state = .accepted
            }
            order.isCancelPending = false
            order.isAmendPending = false
            // What protects it works beside it from here on; as a bracket it would be protected twice.
            order.request.protection = nil
            return order
        }
        state.nextOrder = recovery.nextOrderID
        state.tradingState = isHalted ? .halted : recovery.tradingState
        let peaks = EngineTexts.amounts((try store.value(for: EngineTexts.peaksKey) ?? "").split(separator: "\n"))
        for record in recovery.strategies {
            guard let instrument = usable.firstIndex(where: { $0.name == record.instrument.name }) else {
                remarks.append(
                    "strategy \(record.name) is not loaded: \(record.instrument.name) is priced in another currency")
                continue
            }
            guard let strategyClass = configuration.catalog.strategyClass(named: record.className) else {
                remarks.append(
                    "strategy \(record.name) is not loaded: there is no class '\(StrategyClass.title(of: record.className))'"
                )
                continue
            }
            do {
                let registration = try record.registration(
                    descriptors: strategyClass.descriptor.parameters, instrument: InstrumentID(instrument))
                let peak = peaks.first { $0.id == record.id }.map { Money(units: $0.units, state.account.currency) }
                state.strategies.append((registration, peak))
            } catch {
                remarks.append("strategy \(record.name) is not loaded: \(error.description)")
            }
        }
        return state
    }

    private static func book(_ recovery: Recovery, _ usable: [Instrument], _ store: Store) throws -> TradeBook {
        var book = TradeBook(instruments: usable)
        func place(_ instrument: Instrument) -> InstrumentID? {
            usable.firstIndex { $0.name == instrument.name }.map(InstrumentID.init)
        }
        for record in try store.strategies(includingRemoved: true) { book.name(record.id, record.name) }
        for entry in try store.orders(limit: TradeBook.closedCapacity).reversed() {
            guard let id = place(entry.instrument) else { continue }
            var order = entry.order
            order.request.instrument = id
            book.restore(order)
        }
        for order in recovery.openOrders { book.restore(order) }
        for entry in try store.trips(limit: 100_000) { book.restore(entry.trip) }
        for record in recovery.strategies {
            var signal = try store.signals(of: record.id, limit: 1).first?.record
            if let id = place(record.instrument) { signal?.instrument = id }
            book.restore(record.id, lastSignal: signal, statusReason: record.reason)
        }
        let open = recovery.positions.filter { !$0.isFlat }
        guard let earliest = open.map(\.openedAt).min() else { return book }
        for entry in try store.fills(limit: 5_000).reversed() where entry.record.time >= earliest {
            guard let id = place(entry.instrument) else { continue }
            var fill = entry.record
            fill.instrument = id
            let belongs = open.contains {
                $0.owner == fill.owner && $0.instrument == id && $0.openedAt <= fill.time
            }
            if belongs { book.restore(fill) }
        }
        return book
    }

    private static func alert(_ record: AlertRecord, _ usable: [Instrument]) -> AlertView {
        var alert = record.alert
        alert.instrument = record.instrument.flatMap { name in
            usable.firstIndex { $0.name == name }.map(InstrumentID.init)
        }
        return AlertView(id: record.id, alert: alert, count: record.count, state: AlertState(record.status))
    }
}
