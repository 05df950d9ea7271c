import Market

// Market events: marking, breakers, strategies.
extension Kernel {
    /// Moves time on and begins a new UTC day where one began.
    @inline(__always)
    func advance(to time: Timestamp, _ effects: inout [Effect]) {
        if time > now { now = time }
        let day = now.day
        if day != account.day { beginDay(day, &effects) }
    }

    private func beginDay(_ day: Int64, _ effects: inout [Effect]) {
        account.day = day
        account.dayStartEquity = account.equity
        if tradingState == .reducing(.dailyLoss) { setTradingState(.active, &effects) }
    }

    func candleClosed(
        _ id: InstrumentID, _ timeframe: Timeframe, _ candle: Candle, _ effects: inout [Effect]
    ) {
        // The candle's own day is the day it opened in: a candle that closes at midnight still belongs to it.
        let closeTime = candle.closeTime(timeframe)
        advance(to: closeTime.adding(nanoseconds: -1), &effects)
        if closeTime > now { now = closeTime }
        mark(id, candle.close, heard: closeTime, &effects)
        // No command can come in between, so no slot goes away under the loop and none is counted.
        for index in 0..<slots.count {
            Unmanaged.passUnretained(slots[index])._withUnsafeGuaranteedRef { slot in
                if slot.registration.instrument == id && slot.registration.timeframe == timeframe {
                    run(slot, candle, &effects)
                }
            }
        }
        if isFlattening { continueFlattening(&effects) }
    }

    func quoted(_ id: InstrumentID, _ quote: Quote, _ effects: inout [Effect]) {
        advance(to: quote.time, &effects)
        mark(id, quote.mid, heard: quote.time, &effects)
    }

    @inline(__always)
    private func mark(_ id: InstrumentID, _ price: Price, heard time: Timestamp, _ effects: inout [Effect]) {
        instruments[id.index].mark = price
        instruments[id.index].lastHeard = time
        if !instruments[id.index].held.isEmpty {
            revalue()
            if hasBreakers { checkBreakers(&effects) }
        }
    }

    /// Takes equity and peak anew from cash, positions and marks. After a restart the equity stays as it was until every
    /// instrument that is held has a mark again: half an account would look like a loss and trip the breakers.
    func revalue() {
        var units = account.cash.units
        for index in instruments.indices where !instruments[index].held.isEmpty {
            guard let mark = instruments[index].mark else { return }
            var quantity: Int64 = 0
            for held in instruments[index].held { quantity += positions[held].quantity.mantissa }
            units += Int128(mark.mantissa) * Int128(quantity) * instruments[index].notionalFactor
        }
        account.equity.units = units
        if units > account.peakEquity.units { account.peakEquity.units = units }
    }

    func run(_ slot: StrategySlot, _ candle: Candle, _ effects: inout [Effect]) {
        // A strategy that rests keeps what protects its position: the stop goes on trailing, a missing one is placed.
        if slot.registration.protection.isActive && !positions[slot.position].isFlat {
            if slot.registration.protection.trailingStop != nil { trail(slot, candle.close, &effects) }
            if slot.isUnprotected { protect(slot, &effects) }
        }
        guard slot.registration.status == .enabled && !slot.isSuspended else { return }
        let index = slot.registration.instrument.index
        let bar = Bar(
            candle, timeframe: slot.registration.timeframe, priceUnits: instruments[index].priceUnits,
            quantityUnits: instruments[index].quantityUnits)
        slot.candleCount += 1
        let context = StrategyContext(
            direction: slot.direction, entryPrice: slot.entryPrice, candleCount: slot.candleCount)
        do {
            options.probe?.enter(slot.id)
            let signal = try slot.strategy.onCandle(bar, context)
            options.probe?.leave()
            if let signal { act(on: signal, slot, candle, &effects) }
        } catch {
            options.probe?.leave()
            halt(slot, error.text, kind: Alert.strategyFault, &effects)
        }
    }

    /// Tells a strategy's slot where it stands after its position changed.
    func noteStanding(_ slot: StrategySlot) {
        let quantity = positions[slot.position].quantity.mantissa
        guard !isDust(positions[slot.position]) else {
            slot.direction = .flat
            slot.entryPrice = 0
            return
        }
        let index = slot.registration.instrument.index
        let cost = positions[slot.position].cost.units.approximation
        let units = (Int128(quantity) * instruments[index].notionalFactor).approximation
        slot.direction = quantity > 0 ? .long : .short
        slot.entryPrice = cost / units / instruments[index].priceUnits
    }

    // MARK: Breakers

    func checkBreakers(_ effects: inout [Effect]) {
        if tradingState == .active {
            if let limit = limits.maximumDrawdown, account.drawdown >= limit, account.drawdown > .zero {
                trip(.drawdown, "the account stands \(account.drawdown) below its peak, limit \(limit)", &effects)
            } else if let limit = limits.maximumDailyLoss, dailyLoss >= limit, dailyLoss > .zero {
                trip(.dailyLoss, "the day has lost \(dailyLoss) of its first equity, limit \(limit)", &effects)
            }
        }
        for index in slots.indices where slots[index].registration.status == .enabled {
            guard let limit = slots[index].registration.limits.maximumDrawdown else { continue }
            let slot = slots[index]
            let drawdown = drawdown(of: slot)
            if drawdown >= limit && drawdown > .zero {
                halt(slot, "drawdown \(drawdown) reached its limit \(limit)", &effects)
            }
        }
    }

    /// The share of the day's first equity that is lost; zero on a day that gains.
    var dailyLoss: Ratio {
        let lost = account.dayStartEquity.units - account.equity.units
        return lost > 0 && account.dayStartEquity.units > 0
            ? Account.share(lost, of: account.dayStartEquity.units) : .zero
    }

    /// How far a strategy's own equity stands below its peak; takes a new peak where there is one.
    func drawdown(of slot: StrategySlot) -> Ratio {
        let position = positions[slot.position]
        var equity = slot.base + position.realized - position.fees
        if !position.isFlat, let mark = instruments[slot.registration.instrument.index].mark {
            equity += position.unrealized(at: mark, instruments[slot.registration.instrument.index].instrument)
        }
        if equity > slot.peak { slot.peak = equity }
        guard slot.peak.units > 0 else { return .zero }
        return Account.share(slot.peak.units - equity.units, of: slot.peak.units)
    }

    private func trip(_ reason: BreakerReason, _ text: String, _ effects: inout [Effect]) {
        setTradingState(.reducing(reason), &effects)
        alert(.critical, "breaker-\(reason.rawValue)", "only reductions from now: \(text)", &effects)
        for order in openOrders where mayOpen(order) { cancel(order, .riskGate, &effects) }
    }

    func setTradingState(_ state: TradingState, _ effects: inout [Effect]) {
        guard tradingState != state else { return }
        tradingState = state
        record(.tradingState(state, at: now), &effects)
    }

    /// Stops a strategy that a breaker or a fault took out: what it opens is cancelled; what reduces its position, a stop
    /// above all, stays. The kind of its alert tells a fault, after which it may be tried again, from a breaker.
    func halt(
        _ slot: StrategySlot, _ reason: String, kind: String = Alert.strategyHalted, _ effects: inout [Effect]
    ) {
        slot.registration.status = .halted
        slot.strategy.onStop()
        record(.strategy(slot.registration, reason: reason), &effects)
        alert(
            .critical, kind, "\(slot.registration.name) is halted: \(reason)",
            instrument: slot.registration.instrument, strategy: slot.id, &effects)
        for order in openOrders where order.owner == slot.id && !order.request.isReduceOnly {
            cancel(order, .strategyStopped, &effects)
        }
    }
}
