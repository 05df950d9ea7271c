public import Market

// Candles between which nothing happens, taken at once.
extension Kernel {
    /// Takes closed candles as `close(_:of:_:into:)` would one after the other, up to the first at which the strategy
    /// speaks; what follows comes to the same to the last bit. O(candles).
    ///
    /// For runs over the past alone, in which nothing comes between two candles: whoever calls it knows that no order
    /// fills in any of them.
    ///
    /// - Returns: how many were taken; 0 when they have to be taken one by one, because more than one strategy, a breaker or
    ///   a protective order has a say in each.
    public func close(
        stretch candles: Span<Candle>, of id: InstrumentID, _ timeframe: Timeframe, into effects: inout [Effect]
    ) -> Int {
        guard !candles.isEmpty, slots.count == 1, !hasBreakers, tradingState == .active, !isFlattening,
            options.probe == nil
        else { return 0 }
        let slot = slots[0]
        guard takesStretches(slot, of: id, timeframe) else { return 0 }
        let isHeld = !instruments[id.index].held.isEmpty
        let scan = slot.strategy.scan(
            candles, timeframe, priceUnits: instruments[id.index].priceUnits,
            quantityUnits: instruments[id.index].quantityUnits,
            StrategyContext(
                direction: slot.direction, entryPrice: slot.entryPrice, candleCount: slot.candleCount))
        slot.candleCount += scan.taken
        let taken = candles.extracting(first: scan.taken)
        beginDays(taken, id, timeframe, isHeld: isHeld, &effects)
        if isHeld { notePeak(taken, id) }
        let last = candles[scan.taken - 1]
        let closeTime = last.closeTime(timeframe)
        advance(to: closeTime.adding(nanoseconds: -1), &effects)
        if closeTime > now { now = closeTime }
        instruments[id.index].mark = last.close
        instruments[id.index].lastHeard = closeTime
        if isHeld { revalue() }
        if let fault = scan.fault {
            halt(slot, fault.text, kind: Alert.strategyFault, &effects)
        } else if let signal = scan.signal {
            act(on: signal, slot, last, &effects)
        }
        return scan.taken
    }

    /// What the account is worth at a price of this instrument, while nothing is traded: `base` + price units × `perUnit`,
    /// in money units. Other instruments stand at their marks.
    public func equityLine(_ id: InstrumentID) -> (base: Int128, perUnit: Int128) {
        var base = account.cash.units
        var perUnit: Int128 = 0
        for index in instruments.indices where !instruments[index].held.isEmpty {
            var quantity: Int64 = 0
            for held in instruments[index].held { quantity += positions[held].quantity.mantissa }
            let factor = Int128(quantity) * instruments[index].notionalFactor
            if index == id.index {
                perUnit = factor
            } else {
                base += Int128(instruments[index].mark?.mantissa ?? 0) * factor
            }
        }
        return (base, perUnit)
    }

    private func takesStretches(_ slot: StrategySlot, of id: InstrumentID, _ timeframe: Timeframe) -> Bool {
        guard slot.registration.instrument == id, slot.registration.timeframe == timeframe,
            slot.registration.status == .enabled, !slot.isSuspended
        else { return false }
        let protection = slot.registration.protection
        if protection.isActive, !positions[slot.position].isFlat,
            protection.trailingStop != nil || slot.isUnprotected
        {
            return false
        }
        // What else is held has its mark, or the equity waits for it.
        let others = instruments.indices.contains { $0 != id.index && !instruments[$0].held.isEmpty }
        return !others && (instruments[id.index].held.isEmpty || instruments[id.index].mark != nil)
    }

    /// Begins the UTC days that begin within some candles, the last of them with the equity at the close before it: nothing
    /// else is kept of those before.
    private func beginDays(
        _ candles: Span<Candle>, _ id: InstrumentID, _ timeframe: Timeframe, isHeld: Bool, _ effects: inout [Effect]
    ) {
        // The first day begins before the first candle is marked.
        advance(to: candles[0].closeTime(timeframe).adding(nanoseconds: -1), &effects)
        let day = candles[candles.count - 1].closeTime(timeframe).adding(nanoseconds: -1).day
        guard isHeld, day != account.day else { return }
        var first = candles.count - 1
        while first > 0, candles[first - 1].closeTime(timeframe).adding(nanoseconds: -1).day == day { first -= 1 }
        guard first > 0 else { return }
        let (base, perUnit) = equityLine(id)
        account.equity.units = base + Int128(candles[first - 1].close.mantissa) * perUnit
    }

    /// Takes the highest equity of some closes.
    private func notePeak(_ candles: Span<Candle>, _ id: InstrumentID) {
        let (base, perUnit) = equityLine(id)
        var best = candles[0].close.mantissa
        for index in candles.indices {
            let close = candles[unchecked: index].close.mantissa
            best = perUnit > 0 ? max(best, close) : min(best, close)
        }
        let units = base + Int128(best) * perUnit
        if units > account.peakEquity.units { account.peakEquity.units = units }
    }
}
