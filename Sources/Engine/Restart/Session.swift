import Market
import Simulation
import Storage
import Trading

/// What a session begins with: nothing, or what the last one left in the store.
struct Session {
    let isEphemeral: Bool
    let recovery: Recovery
    let instruments: [Instrument]
    let kernel: Kernel
    let venue: SimulatedVenue
    var book: TradeBook
    var alerts: AlertBook
    var priceAlerts: PriceAlerts
    var equityHistory: [EquityPoint]
    var dayTotals: DayTotals
    /// What a person should know of the recovery.
    var remarks: [String]

    /// Reads a store and builds kernel and venue from it.
    ///
    /// - Parameters:
    ///   - store: the store of the account.
    ///   - fed: the instruments of the feed; those that positions and strategies need come behind them.
    ///   - isHalted: whether the latch is set.
    /// - Throws: `EngineError` when the store can't be read or contradicts the configuration.
    init(
        store: Store, fed: [Instrument], configuration: EngineConfiguration, isEphemeral: Bool, isHalted: Bool
    ) throws(EngineError) {
        self.isEphemeral = isEphemeral
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
            // ends before them.
            var recovery = try store.recover(try store.declare(fed))
            let usable = recovery.table.instruments.filter { $0.quote == currency }
            if usable.count < recovery.table.instruments.count {
                recovery = try store.recover(try store.declare(usable))
            }
            var remarks: [String] = []
            let state = try Session.state(recovery, usable, store, configuration, isHalted: isHalted, &remarks)
            self.recovery = recovery
            instruments = usable
            kernel = Kernel(
                state, instruments: usable, catalog: configuration.catalog, limits: configuration.limits,
                options: KernelOptions(feeEstimate: configuration.venue.takerFee))
            var options = configuration.venue
            // Recorded candles fill as they do in a backtest of them.
            if isEphemeral { options.fillsInEmptyBars = true }
            let lastTrade =
                try store.fills(limit: 200).map(\.record.fill).filter { !$0.isInferred }.map(\.tradeID).max() ?? 0
            venue = SimulatedVenue(
                instruments: usable, cash: state.account.cash, options: options,
                holdings: state.positions.filter { !$0.isFlat }.map {
                    VenueHolding(owner: $0.owner, instrument: $0.instrument, quantity: $0.quantity)
                },
                openOrders: state.openOrders, nextTradeID: lastTrade + 1)
            book = try Session.book(recovery, usable, store)
            alerts = AlertBook(recovery.alerts.map { Session.alert($0, usable) })
            priceAlerts = PriceAlerts(text: try store.value(for: PriceAlerts.key) ?? "", usable)
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
                remarks.append("strategy \(record.name) is not loaded: there is no class '\(record.className)'")
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
