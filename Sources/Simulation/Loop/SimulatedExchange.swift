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
    /// The venue that fills.
    public private(set) var venue: SimulatedVenue
    /// Records and alerts since they were last taken, in the order they arose.
    public private(set) var output: [Effect] = []

    private var effects: [Effect] = []

    /// An exchange of a kernel and a venue with the same instruments, cash and holdings.
    public init(kernel: Kernel, venue: SimulatedVenue) {
        self.kernel = kernel
        self.venue = venue
        effects.reserveCapacity(64)
        output.reserveCapacity(64)
    }

    /// Records and alerts since the last call, in the order they arose.
    public func takeOutput() -> [Effect] {
        defer { output.removeAll(keepingCapacity: true) }
        return output
    }

    /// Hands records and alerts to `body`, in the order they arose, and forgets them; keeps its memory for the next.
    public func drainOutput(_ body: (Effect) throws -> Void) rethrows {
        defer { output.removeAll(keepingCapacity: true) }
        for effect in output { try body(effect) }
    }

    // MARK: - Bars

    /// A whole bar: orders meet its open and its path, then the kernel sees it closed.
    @inline(__always)
    public func bar(_ instrument: InstrumentID, _ timeframe: Timeframe, _ candle: Candle) {
        trade(instrument, candle)
        self.candle(instrument, timeframe, candle)
    }

    /// Bars of several instruments over the same interval: all of them trade, in the order given, before any closes.
    public func bars(_ bars: [(instrument: InstrumentID, candle: Candle)], _ timeframe: Timeframe) {
        for bar in bars { trade(bar.instrument, bar.candle) }
        for bar in bars { candle(bar.instrument, timeframe, bar.candle) }
    }

    /// The first half of a bar: orders meet its open and its path.
    @inline(__always)
    public func trade(_ instrument: InstrumentID, _ candle: Candle) {
        guard venue.beginBar(instrument, candle) else { return }
        walk()
        venue.endBar(instrument, close: candle.close)
    }

    /// A closed candle that only the kernel sees: the second half of a bar, a longer timeframe derived from bars that
    /// have traded, or a candle of a market that quotes drive.
    @inline(__always)
    public func candle(_ instrument: InstrumentID, _ timeframe: Timeframe, _ candle: Candle) {
        // A local list costs nothing while it is empty; the stored one would be checked for overlapping access.
        var effects: [Effect] = []
        kernel.step(.candle(instrument, timeframe, candle), into: &effects)
        if effects.isEmpty { return }
        self.effects = effects
        settle()
    }

    // MARK: - Quotes and prints

    /// A new best bid and ask: orders meet it, then the kernel marks by it.
    public func quote(_ instrument: InstrumentID, _ quote: Quote) {
        if venue.beginQuote(instrument, quote) { walk() }
        kernel.step(.quote(instrument, quote), into: &effects)
        if !effects.isEmpty { settle() }
    }

    /// A print of the tape: orders meet it.
    public func print(_ instrument: InstrumentID, _ print: TradePrint) {
        if venue.beginPrint(instrument, print) { walk() }
    }

    // MARK: - The rest

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

    /// The data ended: working orders are cancelled, positions stay and keep their marks.
    public func endOfData() {
        venue.endOfData(at: kernel.now)
        settle()
    }

    // MARK: - Routing

    /// Walks the venue's event; the kernel answers each thing that happens before the next does.
    private func walk() {
        while venue.advance() { settle() }
    }

    /// Routes effects and reports until both are quiet: all effects of a step, then the oldest report.
    private func settle() {
        while true {
            if !effects.isEmpty { release() }
            guard let report = venue.nextReport() else { return }
            kernel.step(.report(report), into: &effects)
        }
    }

    private func release() {
        for index in effects.indices {
            switch effects[index] {
            case .submit(let order): venue.submit(order, at: kernel.now)
            case .cancel(let order): venue.cancel(order, at: kernel.now)
            case .amend(let order, let amendment): venue.amend(order, amendment, at: kernel.now)
            case .record, .alert: output.append(effects[index])
            }
        }
        effects.removeAll(keepingCapacity: true)
    }
}
