import Market

/// A registered strategy at work: its rule, its place in the position table and its protective orders.
final class StrategySlot {
    @exclusivity(unchecked) var registration: StrategyRegistration
    // Never replaced, so that a candle needs no reference count: another rule is another slot.
    let strategy: any Strategy
    let position: Int
    /// Whether it is kept out of the step that runs: it got stuck there once.
    @exclusivity(unchecked) var isSuspended = false
    /// Closed candles seen since it was made, warm-up included.
    @exclusivity(unchecked) var candleCount = 0
    /// Where the strategy stands, as it is told; taken anew after every fill.
    @exclusivity(unchecked) var direction = Direction.flat
    @exclusivity(unchecked) var entryPrice = 0.0
    /// Working orders of the strategy by their part; kept here so that no search is needed.
    @exclusivity(unchecked) var entry: OrderID?
    @exclusivity(unchecked) var exit: OrderID?
    @exclusivity(unchecked) var stop: OrderID?
    @exclusivity(unchecked) var target: OrderID?
    /// The best close since entry, which a trailing stop follows.
    @exclusivity(unchecked) var bestClose: Price?
    /// What it may use, and the highest its own equity has stood: the basis of its drawdown breaker.
    @exclusivity(unchecked) var base: Money
    @exclusivity(unchecked) var peak: Money

    init(_ registration: StrategyRegistration, _ strategy: any Strategy, position: Int, base: Money, peak: Money?) {
        self.registration = registration
        self.strategy = strategy
        self.position = position
        self.base = base
        self.peak = peak ?? base
    }

    /// The same place with another rule, which has seen nothing yet.
    init(_ other: StrategySlot, _ registration: StrategyRegistration, _ strategy: any Strategy) {
        self.registration = registration
        self.strategy = strategy
        position = other.position
        direction = other.direction
        entryPrice = other.entryPrice
        entry = other.entry
        exit = other.exit
        stop = other.stop
        target = other.target
        bestClose = other.bestClose
        base = other.base
        peak = other.peak
    }

    var id: StrategyID { registration.id }

    /// Whether a protective order that the registration asks for is not working.
    var isUnprotected: Bool {
        let protection = registration.protection
        let needsStop = protection.stopLoss != nil || protection.trailingStop != nil
        return needsStop && stop == nil || protection.takeProfit != nil && target == nil
    }

    /// Forgets an order that is closed.
    func forget(_ order: OrderID) {
        if entry == order { entry = nil }
        if exit == order { exit = nil }
        if stop == order { stop = nil }
        if target == order { target = nil }
    }
}

/// An instrument at work: its mark and what the hot path needs of it, computed once.
struct InstrumentSlot {
    /// What it is; its rules are the venue's of now.
    var instrument: Instrument
    let priceUnits: Double
    let quantityUnits: Double
    let notionalFactor: Int128
    var mark: Price?
    var lastHeard: Timestamp = .epoch
    /// By how much the base fees booked so far are more than the venue took, in units of 10^−16; less than one of quantity.
    var feeExcess: Int64 = 0
    /// How much of what is held can't be sold: others have locked it, or its venue has it no more.
    var bound = Quantity.zero
    /// Indices of positions of this instrument that are not flat.
    var held: [Int] = []

    init(_ instrument: Instrument) {
        self.instrument = instrument
        priceUnits = Double(DecimalText.powerOfTen(instrument.priceScale))
        quantityUnits = Double(DecimalText.powerOfTen(instrument.quantityScale))
        notionalFactor = instrument.notionalFactor
    }
}
