import Market
import Trading

// What the screen gets to see.
extension EngineCore {
    /// Publishes a snapshot when something changed and the last one is old enough.
    ///
    /// - Returns: nanoseconds until the next may come out; `nil` when nothing waits.
    func publishIfDue(monotonic: Int64) -> Int64? {
        let isLogChanged = log.generation != lastLogGeneration
        guard isChanged || isLogChanged || markets.contains(where: \.isChanged) else { return nil }
        let interval = 1_000_000_000 / Int64(configuration.snapshotsPerSecond)
        let age = monotonic - lastPublished
        guard age >= interval else { return interval - age }
        lastPublished = monotonic
        publishNow()
        return nil
    }

    /// Publishes a snapshot of what is there now.
    func publishNow() {
        isChanged = false
        snapshot.generation += 1
        snapshot.time = max(kernel.now, feed.startTime)
        snapshot.source = feed.source
        refreshStatus()
        takeMarkets()
        snapshot.account = accountView()
        snapshot.positions = positionViews()
        if areOrdersChanged {
            snapshot.orders = book.orderViews
            areOrdersChanged = false
        }
        snapshot.strategies = strategyViews()
        snapshot.alerts = alerts.views.reversed()
        snapshot.backtests = backtests
        snapshot.searches = searches
        snapshot.tradingState = kernel.tradingState
        snapshot.blocks = kernel.blocks
        snapshot.venueProblem = exchange.doubt
        snapshot.externalOrders = comparison.externalOrders
        snapshot.receipt = currentReceipt()
        snapshot.health = health.view
        snapshot.health.storeBacklog = recorder.backlog
        snapshot.health.storeProblem = recorder.problem
        let generation = log.generation
        if generation != lastLogGeneration {
            lastLogGeneration = generation
            snapshot.log = log.newest.lines
        }
        snapshot.notices = notices.notices
        publish(snapshot)
    }

    private func takeMarkets() {
        if snapshot.markets.count != markets.count {
            snapshot.markets = markets.indices.map { markets[$0].take() }
            return
        }
        for index in markets.indices where markets[index].isChanged { snapshot.markets[index] = markets[index].take() }
    }

    private func accountView() -> AccountView {
        let account = kernel.account
        var view = AccountView(currency: account.currency)
        view.equity = account.equity
        view.cash = account.cash
        let free = kernel.spendableCash
        view.freeCash = free.units > 0 ? free : .zero(account.currency)
        view.dayProfit = account.equity - account.dayStartEquity
        view.dayStartEquity = account.dayStartEquity
        view.drawdown = account.drawdown
        view.exposure = exposure()
        view.fees = account.fees
        view.makerFee = configuration.venue.makerFee
        view.takerFee = configuration.venue.takerFee
        view.limits = kernel.limits
        view.equityHistory = equityHistory
        return view
    }

    private func exposure() -> Money {
        var total = Money.zero(kernel.account.currency)
        for position in kernel.positions where !position.isFlat {
            let notional = instruments[position.instrument.index].notional(mark(position), position.quantity.magnitude)
            total += notional
        }
        return total
    }

    private func mark(_ position: Position) -> Price {
        let instrument = instruments[position.instrument.index]
        return kernel.mark(position.instrument) ?? position.averagePrice(instrument) ?? .zero
    }

    private func positionViews() -> [PositionView] {
        let open = kernel.positions.filter { !$0.isFlat }.sorted { $0.openedAt < $1.openedAt }
        let closing = kernel.openOrders.filter { $0.request.isReduceOnly && !kernel.isWaitingForEntry($0) }
        return open.map { position in
            let instrument = instruments[position.instrument.index]
            let mark = mark(position)
            let (stop, target) = protection(of: position, closing)
            return PositionView(
                position: position, ownerName: book.ownerName(position.owner),
                entry: position.averagePrice(instrument) ?? mark, mark: mark,
                unrealized: position.unrealized(at: mark, instrument),
                stop: stop, target: target, fills: book.fills(position))
        }
    }

    /// The stop and the target that the price meets first, whether a strategy or a person placed them.
    private func protection(of position: Position, _ closing: [Order]) -> (stop: Price?, target: Price?) {
        let isLong = position.quantity.mantissa > 0
        var stop: Price?
        var target: Price?
        for order in closing
        where order.owner == position.owner && order.request.instrument == position.instrument
            && order.request.side == (isLong ? .sell : .buy)
        {
            switch order.request.type {
            case .stop, .stopLimit:
                guard let price = order.request.triggerPrice else { continue }
                stop = stop.map { isLong ? max($0, price) : min($0, price) } ?? price
            case .limit, .takeProfit, .takeProfitLimit:
                guard let price = order.request.limitPrice ?? order.request.triggerPrice else { continue }
                target = target.map { isLong ? min($0, price) : max($0, price) } ?? price
            // Where a trailing stop stands its venue knows.
            case .market, .trailingStop:
                continue
            }
        }
        return (stop, target)
    }

    /// What every strategy has brought since its registration, fees off and the open position marked.
    func totals() -> [(id: StrategyID, units: Int128)] {
        kernel.registrations.map { ($0.id, total(kernel.position($0.id, $0.instrument)).units) }
    }

    private func total(_ position: Position) -> Money {
        let closed = position.realized - position.fees
        if position.isFlat { return closed }
        return closed + position.unrealized(at: mark(position), instruments[position.instrument.index])
    }

    private func strategyViews() -> [StrategyView] {
        let open = kernel.openOrders
        return kernel.registrations.map { registration in
            let position = kernel.position(registration.id, registration.instrument)
            var view = StrategyView(
                registration: registration, position: position, currency: kernel.account.currency)
            let results = book.results[registration.id] ?? StrategyResults()
            view.statusReason = results.statusReason
            view.totalProfit = total(position)
            view.dayProfit = Money(units: view.totalProfit.units - dayTotals[registration.id], kernel.account.currency)
            view.tripCount = results.tripCount
            view.winCount = results.winCount
            view.profitFactor = results.profitFactor
            view.lastSignal = results.lastSignal
            view.warmUpRemaining = kernel.warmUpRemaining(registration.id)
            view.openOrderCount = open.count { $0.owner == registration.id }
            view.rules = rulesNotices[registration.id]
            return view
        }
    }

    /// Keeps the peaks of the strategies' drawdown breakers, where there are any.
    func storePeaks() {
        guard !isEphemeral, kernel.registrations.contains(where: { $0.limits.maximumDrawdown != nil }) else { return }
        let peaks = kernel.state.strategies.compactMap { entry in
            entry.peak.map { (id: entry.registration.id, units: $0.units) }
        }
        store(EngineTexts.text(peaks), for: EngineTexts.peaksKey)
    }
}
