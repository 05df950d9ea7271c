import Market
import Simulation
import Trading

/// A run under way.
struct BacktestRun {
    private let candles: [Candle]
    let timeframe: Timeframe
    let instrument: Instrument
    let exchange: SimulatedExchange
    private(set) var tracker: EquityTracker
    private(set) var trips: [RoundTrip] = []
    private(set) var refusals = BacktestResult.Refusals()
    private(set) var gaps: [Gap] = []
    private(set) var partialCount = 0
    private var expected: Timestamp
    /// Shorter candles to fill on, and where the next of them stands.
    private let detail: [Candle]
    private var nextDetail = 0
    let detailTimeframe: Timeframe?
    /// Prices that mark what is held, where those that are traded don't.
    private var marks: MarkCursor?
    /// What a recording says besides, where fills are made from one.
    private(set) var recorded: RecordedPlay?
    /// Whether nothing at the venue asks for each candle, so that quiet ones may be taken many at a time, and the shorter
    /// ones inside them be passed over.
    private let takesStretches: Bool
    /// What the account came to after each trade; empty where no equity curve is kept.
    private(set) var lines: [EquityLine] = []
    private let keepsCurve: Bool
    /// The nearest that the price came to a liquidation; only on margin.
    private(set) var distance: LiquidationDistance?

    static let instrumentID = InstrumentID(0)
    /// Candles looked at in one go: the fewest and the most.
    private static let shortest = 32
    private static let longest = 1_024
    static let strategyID = StrategyID(rawValue: 1)

    init(
        _ series: CandleSeries, _ configuration: BacktestConfiguration, tracker: EquityTracker,
        recording: KernelOptions.Recording = .results
    ) {
        candles = series.candles
        timeframe = series.timeframe
        instrument = configuration.instrument(series.instrument)
        self.tracker = tracker
        keepsCurve = configuration.keepsEquityCurve
        expected = series.candles.first?.openTime ?? .epoch
        detail = configuration.detail?.candles ?? []
        detailTimeframe = configuration.detail?.timeframe
        let first = expected
        nextDetail = detail.place { $0.openTime < first }
        marks = configuration.mark.map { MarkCursor($0, from: first) }
        distance = configuration.conditions.margin == nil ? nil : LiquidationDistance()
        var conditions = configuration.conditions
        takesStretches =
            conditions.margin == nil && conditions.funding == nil && conditions.slippage == nil
            && conditions.latency == nil && configuration.recorded == nil
        conditions.latency?.bar = (detailTimeframe ?? series.timeframe).nanoseconds
        conditions.sessions?.bar = (detailTimeframe ?? series.timeframe).nanoseconds
        let kernel = Kernel(
            cash: configuration.cash, instruments: [instrument], catalog: configuration.catalog,
            limits: configuration.accountLimits,
            // The simulated venue says nothing late, and a short list of closed orders stays near at hand.
            options: KernelOptions(
                feeEstimate: conditions.fees?.firstTakerFee ?? configuration.venue.takerFee, recording: recording,
                closedOrdersKept: 16, leverage: conditions.margin?.leverage))
        let venue = SimulatedVenue(
            instruments: [instrument], cash: configuration.cash, options: configuration.venue,
            conditions: conditions, start: series.candles.first?.openTime ?? .epoch)
        exchange = SimulatedExchange(kernel: kernel, venue: venue)
        let registration = StrategyRegistration(
            id: BacktestRun.strategyID, name: configuration.strategy, className: configuration.strategy,
            parameters: configuration.parameters, instrument: BacktestRun.instrumentID, timeframe: series.timeframe,
            sizing: configuration.sizing, protection: configuration.protection, limits: configuration.strategyLimits)
        let start = series.candles.first?.openTime ?? .epoch
        exchange.command(.register(registration, history: configuration.history), at: start)
    }

    /// Has orders meet what a recording says, from its beginning.
    ///
    /// - Throws: `BacktestError.invalid` when it can't be opened.
    mutating func open(_ fills: RecordedFills?) throws(BacktestError) {
        guard let fills else { return }
        do throws(RecordingError) {
            recorded = RecordedPlay(try fills.open())
        } catch {
            throw .invalid(["book: \(error.description)"])
        }
    }

    /// Why the recording could not be played to its end.
    var recordingProblem: String? { recorded?.problem.map { "book: \($0)" } }

    /// Plays every candle and marks the equity after each; `false` when it was cancelled.
    mutating func play(progress: (Double) -> Void, isCancelled: () -> Bool) -> Bool {
        var index = 0
        while index < candles.count {
            if isCancelled() { return false }
            progress(Double(index) / Double(candles.count))
            let end = min(index + Backtest.stride, candles.count)
            play(index..<end)
            index = end
        }
        recorded?.readOut()
        end()
        progress(1)
        return true
    }

    /// Plays some candles; `false` when it was cancelled.
    mutating func play(_ range: Range<Int>, isCancelled: () -> Bool) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            if isCancelled() { return false }
            let end = min(index + Backtest.stride, range.upperBound)
            play(index..<end)
            index = end
        }
        return true
    }

    /// The candles are at their end.
    mutating func end() {
        exchange.endOfData()
        collect()
    }

    private mutating func play(_ range: Range<Int>) {
        var index = range.lowerBound
        // Borrowed from a copy, so that the run may change meanwhile.
        let candles = candles
        // A short look first where an order works: who trades often would have the rest looked at in vain.
        var length = BacktestRun.shortest
        while index < range.upperBound {
            if exchange.isQuiet(BacktestRun.instrumentID) { length = BacktestRun.longest }
            let end = min(index + length, range.upperBound)
            let taken =
                takesStretches && (detail.isEmpty || exchange.isQuiet(BacktestRun.instrumentID))
                ? exchange.bars(
                    stretch: candles.span.extracting(index..<end), of: BacktestRun.instrumentID, timeframe) : 0
            if taken > 0 {
                if !detail.isEmpty { skipDetail(to: candles[index + taken - 1].closeTime(timeframe)) }
                length = index + taken == end ? min(2 * length, BacktestRun.longest) : BacktestRun.shortest
                mark(candles.span.extracting(index..<index + taken), from: index)
                index += taken
            } else {
                length = BacktestRun.shortest
                step(candles[index])
                mark(candles.span.extracting(index..<index + 1), from: index)
                index += 1
            }
            if exchange.hasOutput { collect() }
        }
    }

    /// Plays one candle, whatever happens in it, without following the equity.
    mutating func step(_ candle: Candle) {
        if distance != nil { watch(candle) }
        if recorded != nil {
            recorded?.play(candle, timeframe, of: BacktestRun.instrumentID, on: exchange)
        } else if detail.isEmpty {
            takeMark(candle, until: candle.closeTime(timeframe))
            exchange.bar(BacktestRun.instrumentID, timeframe, candle)
        } else {
            playDetail(candle)
        }
    }

    /// Follows the equity over candles in which nothing filled, or one in which something did.
    private mutating func mark(_ candles: Span<Candle>, from first: Int) {
        let (base, perUnit) = exchange.kernel.equityLine(BacktestRun.instrumentID)
        let line = EquityLine(first: first, base: base, perUnit: perUnit)
        if keepsCurve, lines.last.map({ $0.base != base || $0.perUnit != perUnit }) ?? true { lines.append(line) }
        inspect(candles)
        tracker.take(candles, on: line, isHeld: exchange.kernel.isHolding)
    }

    /// Counts what is missing before candles and between them, and those that are partial. One pass without a branch
    /// tells whether there is any.
    private mutating func inspect(_ candles: Span<Candle>) {
        let step = timeframe.nanoseconds
        var before = expected.nanoseconds - step
        var longest: Int64 = 0
        var flags: UInt32 = 0
        for index in candles.indices {
            let openTime = candles[unchecked: index].openTime.nanoseconds
            longest = max(longest, openTime - before)
            before = openTime
            flags |= candles[unchecked: index].flags.rawValue
        }
        if longest > step || Candle.Flags(rawValue: flags).contains(.isPartial) { note(candles) }
        expected = Timestamp(nanoseconds: before + step)
    }

    @inline(never)
    private mutating func note(_ candles: Span<Candle>) {
        for index in candles.indices {
            let candle = candles[unchecked: index]
            if candle.openTime > expected { gaps.append(Gap(from: expected, to: candle.openTime)) }
            expected = candle.closeTime(timeframe)
            if candle.flags.contains(.isPartial) { partialCount += 1 }
        }
    }

    /// A candle whose orders are filled on the shorter ones inside it; on itself where there is none.
    @inline(never)
    private mutating func playDetail(_ candle: Candle) {
        let end = candle.closeTime(timeframe)
        let first = nextDetail
        while nextDetail < detail.count, detail[nextDetail].openTime < end {
            // Once no order works any more, the rest of the candle changes nothing.
            if takesStretches, exchange.isQuiet(BacktestRun.instrumentID) {
                skipDetail(to: end)
                break
            }
            if let detailTimeframe {
                takeMark(detail[nextDetail], until: detail[nextDetail].closeTime(detailTimeframe))
            }
            exchange.trade(BacktestRun.instrumentID, detail[nextDetail])
            nextDetail += 1
        }
        if nextDetail == first {
            takeMark(candle, until: end)
            exchange.trade(BacktestRun.instrumentID, candle)
        }
        exchange.candle(BacktestRun.instrumentID, timeframe, candle)
    }

    /// The volume of the last bar that orders met inside a candle, or would have.
    func lastVolume(_ candle: Candle) -> Quantity {
        guard nextDetail > 0, detail[nextDetail - 1].openTime >= candle.openTime else { return candle.volume }
        return detail[nextDetail - 1].volume
    }

    /// Passes over the shorter candles that open before an instant. O(log n).
    @inline(never)
    private mutating func skipDetail(to end: Timestamp) {
        nextDetail += detail[nextDetail...].place { $0.openTime < end }
    }

    /// Takes note of how near a candle comes to liquidating what is held when it opens.
    @inline(never)
    private mutating func watch(_ candle: Candle) {
        guard exchange.kernel.isHolding else { return }
        let bounds = exchange.liquidationBounds(BacktestRun.instrumentID)
        guard let marks else {
            distance?.take(candle, bounds)
            return
        }
        for mark in marks.candles(in: candle, until: candle.closeTime(timeframe)) { distance?.take(mark, bounds) }
    }

    /// Tells what marks the instrument during a bar, where that is told apart.
    @inline(__always)
    private mutating func takeMark(_ bar: Candle, until end: Timestamp) {
        guard let mark = marks?.mark(during: bar, until: end) else { return }
        exchange.takeMark(mark, of: BacktestRun.instrumentID)
    }

    /// Takes over what the kernel wrote down.
    @inline(never)
    private mutating func collect() {
        exchange.drainOutput { effect in
            switch effect {
            case .record(.trip(let trip)):
                trips.append(trip)
            case .alert(let alert) where alert.isRefusal:
                refusals.add(alert.text)
            default:
                break
            }
        }
    }
}
