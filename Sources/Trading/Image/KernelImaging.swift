import Bytes
public import Market

extension Kernel {
    /// The whole state, exact.
    public var image: KernelImage {
        KernelImage(
            instruments: instruments.map(\.instrument), options: options, now: now, account: account,
            tradingState: tradingState,
            limits: limits, positions: positions, nextOrder: ledger.nextID,
            ledger: LedgerImage(entries: ledger.entries, open: ledger.open),
            markets: instruments.map {
                MarketImage(
                    mark: $0.mark, lastHeard: $0.lastHeard, held: $0.held, bound: $0.bound, feeExcess: $0.feeExcess)
            },
            strategies: slots.map(StrategyImage.init), inquiries: inquiries, blocks: blocks, brackets: brackets,
            nextGroup: nextGroup,
            isFlattening: isFlattening, hasWordedRefusal: hasWordedRefusal, owedExits: owedExits)
    }

    /// A kernel that goes on from an image, bit for bit.
    ///
    /// Strategies whose class the catalogue does not have, or whose parameters it refuses, come back as nothing, as from a
    /// `KernelState`. Those whose own state could not be taken over have seen nothing yet and stand in
    /// `strategiesWithoutState`: `Command.catchUp` shows them the past.
    ///
    /// - Parameters:
    ///   - instruments: the table of this run, which begins with the image's; more may follow, and their rules may have
    ///     changed. `nil` takes the image's.
    ///   - limits: limits in place of the image's.
    ///   - options: options in place of the image's; the way to a probe.
    /// - Throws: `KernelImageError` when the instruments are others or the image contradicts itself.
    public convenience init(
        _ image: KernelImage, instruments: [Instrument]? = nil, catalog: StrategyCatalog, limits: RiskLimits? = nil,
        options: KernelOptions? = nil
    ) throws(KernelImageError) {
        let table = instruments ?? image.instruments
        try image.check(against: table)
        self.init(
            KernelState(cash: image.account.cash), instruments: table, catalog: catalog,
            limits: limits ?? image.limits, options: options ?? image.options)
        now = image.now
        account = image.account
        tradingState = image.tradingState
        positions = image.positions
        openPositionCount = positions.reduce(0) { $0 + ($1.isFlat ? 0 : 1) }
        ledger.next = image.nextOrder.rawValue
        ledger.entries = image.ledger.entries
        ledger.open = image.ledger.open
        for (index, market) in image.markets.enumerated() {
            self.instruments[index].mark = market.mark
            self.instruments[index].lastHeard = market.lastHeard
            self.instruments[index].held = market.held
            self.instruments[index].bound = market.bound
            self.instruments[index].feeExcess = market.feeExcess
        }
        inquiries = image.inquiries
        blocks = image.blocks
        brackets = image.brackets
        nextGroup = image.nextGroup
        isFlattening = image.isFlattening
        owedExits = image.owedExits
        hasWordedRefusal = image.hasWordedRefusal
        for strategy in image.strategies { resume(strategy) }
        updateBreakerFlag()
    }

    private func resume(_ image: StrategyImage) {
        var ignored: [Effect] = []
        guard let (registration, fresh) = make(image.registration, &ignored) else { return }
        var strategy = fresh
        strategy.onStart()
        var hasState = false
        if let version = image.stateVersion, version == type(of: strategy).stateVersion {
            var reader = ByteReader(image.state)
            do {
                try strategy.restore(from: &reader)
                try reader.expectEnd()
                hasState = true
            } catch {
                // What is half restored is no state at all.
                guard let (_, another) = make(image.registration, &ignored) else { return }
                strategy = another
                strategy.onStart()
            }
        }
        let slot = StrategySlot(
            registration, strategy, position: image.position, base: image.base, peak: image.peak)
        slot.candleCount = hasState ? image.candleCount : 0
        slot.direction = image.direction
        slot.entryPrice = image.entryPrice
        slot.entry = image.entry
        slot.exit = image.exit
        slot.stop = image.stop
        slot.target = image.target
        slot.bestClose = image.bestClose
        slots.append(slot)
        if !hasState { strategiesWithoutState.append(registration.id) }
    }
}

extension StrategyImage {
    init(_ slot: StrategySlot) {
        registration = slot.registration
        position = slot.position
        candleCount = slot.candleCount
        direction = slot.direction
        entryPrice = slot.entryPrice
        entry = slot.entry
        exit = slot.exit
        stop = slot.stop
        target = slot.target
        bestClose = slot.bestClose
        base = slot.base
        peak = slot.peak
        stateVersion = type(of: slot.strategy).stateVersion
        var writer = ByteWriter()
        if stateVersion != nil { slot.strategy.save(to: &writer) }
        state = writer.bytes
    }
}
