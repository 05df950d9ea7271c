public import Market
public import Trading

/// Joins a kernel and a simulated venue: what the kernel asks for reaches the venue, what the venue answers reaches the
/// kernel, until both are quiet. Backtest and paper are this one loop with another feed in front.
///
/// Drive an instrument either by bars (`bar`, `bars`) or by quotes and prints (`quote`, `print`, with `candle` for the
/// closed candles), not by both. Everything but orders, cancels and amendments (records, alerts) collects in `output`
/// until it is taken. The order of things within one instant is written down in `docs/fill-rules.md`.
///
/// An exchange belongs to one thread. A bar of an instrument without orders, at which the kernel has nothing to say,
/// allocates nothing.
public final class SimulatedExchange {
    /// The kernel that decides.
    public let kernel: Kernel
    // Only methods of this class touch these, one after the other: a check for overlapping access finds nothing.
    @exclusivity(unchecked) private var market: SimulatedVenue
    @exclusivity(unchecked) private var collected: [Effect] = []
    @exclusivity(unchecked) private var effects: [Effect] = []

    /// An exchange of a kernel and a venue with the same instruments, cash and holdings.
    public init(kernel: Kernel, venue: SimulatedVenue) {
        self.kernel = kernel
        market = venue
        effects.reserveCapacity(64)
        collected.reserveCapacity(64)
    }

    /// The venue that fills, as it stands now.
    public var venue: SimulatedVenue { market }

    /// Records and alerts since they were last taken, in the order they arose.
    public var output: [Effect] { collected }

    /// Whether records or alerts wait to be taken.
    @inline(__always)
    public var hasOutput: Bool { !collected.isEmpty }

    /// Records and alerts since the last call, in the order they arose.
    public func takeOutput() -> [Effect] {
        defer { collected.removeAll(keepingCapacity: true) }
        return collected
    }

    /// Hands records and alerts to `body`, in the order they arose, and forgets them; keeps its memory for the next.
    public func drainOutput(_ body: (Effect) throws -> Void) rethrows {
        // Mostly there is one: taken out, it is not copied.
        if collected.count == 1 { return try body(collected.removeLast()) }
        defer { collected.removeAll(keepingCapacity: true) }
        for index in collected.indices { try body(collected[index]) }
    }

    // MARK: - Bars

    /// A whole bar: orders meet its open and its path, then the kernel sees it closed.
    @inline(__always)
    public func bar(_ instrument: InstrumentID, _ timeframe: Timeframe, _ candle: Candle) {
        trade(instrument, candle)
        self.candle(instrument, timeframe, candle)
    }

    /// The first half of a bar: orders meet its open and its path.
    @inline(__always)
    public func trade(_ instrument: InstrumentID, _ candle: Candle) {
        // The check alone is cheaper than an access that may write, and most bars reach no order.
        if market.nextFunding <= candle.openTime { fundBefore(instrument, candle) }
        if !market.isUntouched(instrument, by: candle), market.beginBar(instrument, candle) {
            walk()
            market.endBar(instrument, close: candle.close)
        }
        if market.isMeasuring { market.measure(instrument, candle) }
    }

    /// A closed candle that only the kernel sees: the second half of a bar, a longer timeframe derived from bars that
    /// have traded, or a candle of a market that quotes drive.
    @inline(__always)
    public func candle(_ instrument: InstrumentID, _ timeframe: Timeframe, _ candle: Candle) {
        let closeTime = candle.closeTime(timeframe)
        if market.nextFunding < closeTime { fundWithin(instrument, candle.close, before: closeTime) }
        kernel.close(candle, of: instrument, timeframe, into: &effects)
        if !effects.isEmpty { settle() }
    }

    /// Takes closed candles of which none reaches an order, as far as the kernel takes them at once.
    func close(stretch candles: Span<Candle>, of instrument: InstrumentID, _ timeframe: Timeframe) -> Int {
        let taken = kernel.close(stretch: candles, of: instrument, timeframe, into: &effects)
        if !effects.isEmpty { settle() }
        return taken
    }

    /// Whether no order of an instrument works.
    @inline(__always)
    public func isQuiet(_ instrument: InstrumentID) -> Bool { market.isQuiet(instrument) }

    /// How many bars at the front reach no working order.
    func untouched(_ candles: Span<Candle>, _ instrument: InstrumentID) -> Int {
        market.untouchedCount(candles, instrument)
    }

    // MARK: - Closes at one instant

    /// The close of a candle as its instrument's mark; `revalue` follows once all that close at the instant are marked,
    /// then `show` for each strategy that sees one of them. Together they are `candle` for several at once.
    @inline(__always)
    public func mark(_ instrument: InstrumentID, _ close: Price, at time: Timestamp) {
        if market.nextFunding < time { fundWithin(instrument, close, before: time) }
        kernel.mark(instrument, close, at: time, into: &effects)
        if !effects.isEmpty { settle() }
    }

    /// The account is valued at its marks.
    @inline(__always)
    public func revalue() {
        kernel.revalue(into: &effects)
        if !effects.isEmpty { settle() }
    }

    /// A strategy, by its place among the kernel's registrations, sees a candle that closes now.
    @inline(__always)
    public func show(_ candle: Candle, toStrategyAt place: Int) {
        kernel.show(candle, toStrategyAt: place, into: &effects)
        if !effects.isEmpty { settle() }
    }

    /// Funding up to a bar's open: what is held pays at the open where the instant is the open's, at the last mark where
    /// it lies in a gap before it.
    @inline(never)
    private func fundBefore(_ instrument: InstrumentID, _ candle: Candle) {
        guard market.fundingDue(instrument) <= candle.openTime else { return }
        let mark = market.markets[instrument.index].mark
        let last = mark == nil ? kernel.mark(instrument) : market.markets[instrument.index].markBefore
        let open = mark?.open ?? candle.open
        market.fund(instrument, until: candle.openTime, isInclusive: true) { point in
            point.time == candle.openTime ? open : last ?? open
        }
        settle()
    }

    /// Funding at instants inside a bar: what is held at its close pays, at the close.
    @inline(never)
    private func fundWithin(_ instrument: InstrumentID, _ close: Price, before closeTime: Timestamp) {
        guard market.fundingDue(instrument) < closeTime else { return }
        let mark = market.markets[instrument.index].mark?.close ?? close
        market.fund(instrument, until: closeTime, isInclusive: false) { _ in mark }
        settle()
    }

    /// What marks an instrument during its next bar, where that is not the bar itself: funding is reckoned by it, and
    /// positions on margin are liquidated by it. To be told before each bar once it has been told before one.
    public func takeMark(_ candle: Candle, of instrument: InstrumentID) { market.takeMark(candle, instrument.index) }

    /// The prices at and below, and at and above which a position of an instrument is liquidated, as of the last bar that was
    /// walked; the ends of the range where none is, and on an account without margin.
    public func liquidationBounds(_ instrument: InstrumentID) -> (low: Int64, high: Int64) {
        market.isMargined ? market.liquidationRanges[instrument.index] : (.min, .max)
    }

    /// What trading has cost so far, by its causes.
    public var costs: TradingCosts { market.costs }

    // MARK: - Quotes and prints

    /// A new best bid and ask: orders meet it, then the kernel marks by it.
    public func quote(_ instrument: InstrumentID, _ quote: Quote) {
        if market.beginQuote(instrument, quote) { walk() }
        kernel.step(.quote(instrument, quote), into: &effects)
        if !effects.isEmpty { settle() }
    }

    /// The visible levels of a recorded book: orders meet it. One that is none ends what is known of the book.
    public func book(_ instrument: InstrumentID, _ depth: BookDepth) {
        if market.beginBook(instrument, depth) { walk() }
    }

    /// Nothing is heard of an instrument any more: orders wait for what comes next.
    public func forgetPrices(_ instrument: InstrumentID) { market.forgetPrices(instrument) }

    /// How many fills were made from what so far.
    public var fillCounts: FillCounts { market.fillCounts }

    /// A print of the tape: orders meet it.
    public func print(_ instrument: InstrumentID, _ print: TradePrint) {
        if market.beginPrint(instrument, print) { walk() }
    }

    // MARK: - The rest

    /// A price that only the kernel sees: what is known of a market before its first event. Nothing fills at it.
    public func mark(_ instrument: InstrumentID, _ quote: Quote) {
        kernel.step(.quote(instrument, quote), into: &effects)
        if !effects.isEmpty { settle() }
    }

    /// A person's or a program's wish, at an instant.
    public func command(_ command: Command, at time: Timestamp) {
        kernel.step(.command(command, at: time), into: &effects)
        settle()
    }

    /// Time passed without anything else happening.
    public func timer(_ time: Timestamp) {
        kernel.step(.timer(time), into: &effects)
        if !effects.isEmpty { settle() }
    }

    /// The data ended: working orders are cancelled, new ones refused, positions stay and keep their marks.
    public func endOfData() {
        market.endOfData(at: kernel.now)
        settle()
    }

    // MARK: - Routing

    /// Walks the venue's event; the kernel answers each thing that happens before the next does.
    private func walk() {
        while market.advance() { settle() }
    }

    /// Routes effects and reports until both are quiet: all effects of a step, then the oldest report.
    private func settle() {
        while true {
            if !effects.isEmpty { release() }
            if let happened = market.nextSettlement() {
                kernel.step(.command(.settle(happened.settlement), at: happened.time), into: &effects)
                continue
            }
            guard let report = market.nextReport() else { return }
            kernel.take(report, into: &effects)
        }
    }

    private func release() {
        // Mostly there is one: taken out, it is not copied.
        if effects.count == 1 { return release(effects.removeLast()) }
        for index in effects.indices { release(effects[index]) }
        effects.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    private func release(_ effect: Effect) {
        switch effect {
        // The reference is the kernel's mark: the venue does not see the bars that find no order.
        case .submit(let order):
            market.submit(order, at: kernel.now, reference: kernel.mark(order.request.instrument))
        case .cancel(let order):
            market.cancel(order, at: kernel.now)
        case .amend(let order, let amendment):
            let reference = kernel.order(order).flatMap { kernel.mark($0.request.instrument) }
            market.amend(order, amendment, at: kernel.now, reference: reference)
        case .query(let order): market.query(order, at: kernel.now)
        case .record, .alert: collected.append(effect)
        }
    }
}
