public import Market
import Simulation
import Trading

/// Runs one strategy over one series of candles through the kernel and the simulated venue that paper trading uses.
public enum Backtest {
    /// Candles between two looks at progress and cancellation.
    static let stride = 8_192

    /// The result of `configuration` over `series`: O(candles), the same to the last digit on every run.
    ///
    /// What is decided on the close of a candle meets the market from the open of the next one on. At the end open
    /// orders are cancelled and an open position is marked at the last close.
    ///
    /// - Parameters:
    ///   - progress: called now and then with the share done, 0…1.
    ///   - isCancelled: asked now and then; `true` ends the run with `BacktestError.cancelled`.
    /// - Throws: `BacktestError.invalid` with every problem of the configuration, or `.cancelled`.
    public static func run(
        _ series: CandleSeries, _ configuration: BacktestConfiguration, progress: (Double) -> Void = { _ in },
        isCancelled: () -> Bool = { false }
    ) throws(BacktestError) -> BacktestResult {
        let problems = configuration.problems(for: series)
        guard problems.isEmpty, let first = series.candles.first, let last = series.candles.last else {
            throw .invalid(problems)
        }
        let days = Int(last.openTime.day - first.openTime.day) + 1
        if configuration.measuresAmbiguity {
            return try ambiguous(series, configuration, progress: progress, isCancelled: isCancelled)
        }
        var run = BacktestRun(
            series, configuration,
            tracker: EquityTracker(initial: configuration.cash.units, first: first.openTime, days: days))
        try run.open(configuration.recorded)
        var isComplete = false
        // The column is written once and never zeroed first.
        let capacity = configuration.keepsEquityCurve ? series.candles.count : 0
        let units = [Int128](unsafeUninitializedCapacity: capacity) { column, count in
            isComplete = run.play(
                into: configuration.keepsEquityCurve ? column : nil, progress: progress, isCancelled: isCancelled)
            count = isComplete ? capacity : 0
        }
        if let problem = run.recordingProblem { throw .invalid([problem]) }
        guard isComplete else { throw .cancelled }
        return run.result(series, configuration, from: first.openTime, curve: units)
    }

    /// Both the cruellest and the kindest way through each bar.
    private static func ambiguous(
        _ series: CandleSeries, _ configuration: BacktestConfiguration, progress: (Double) -> Void,
        isCancelled: () -> Bool
    ) throws(BacktestError) -> BacktestResult {
        var cruel = configuration
        cruel.measuresAmbiguity = false
        cruel.venue.path = .pessimistic
        var kind = cruel
        kind.venue.path = .optimistic
        kind.keepsEquityCurve = false
        var result = try run(series, cruel, progress: { progress($0 / 2) }, isCancelled: isCancelled)
        let other = try run(series, kind, progress: { progress(0.5 + $0 / 2) }, isCancelled: isCancelled)
        result.ambiguity = AmbiguityInterval(pessimistic: result, optimistic: other)
        return result
    }

    /// As `run`, with a look at what came out so far after equal parts of the candles; for searches, which give up what
    /// does not look well. No equity curve is kept.
    ///
    /// - Parameters:
    ///   - looks: how many looks before the end; none in series shorter than `looks` + 1 candles.
    ///   - goesOn: the result as if the candles had ended there, with open orders still open; `false` ends the run.
    ///   - isCancelled: as for `run`.
    /// - Returns: the result, or `nil` when a look ended it.
    /// - Throws: `BacktestError`, as `run`.
    public static func run(
        _ series: CandleSeries, _ configuration: BacktestConfiguration, looks: Int,
        goesOn: (BacktestResult) -> Bool, isCancelled: () -> Bool = { false }
    ) throws(BacktestError) -> BacktestResult? {
        let problems = configuration.problems(for: series)
        guard problems.isEmpty, let first = series.candles.first, let last = series.candles.last else {
            throw .invalid(problems)
        }
        var configuration = configuration
        configuration.keepsEquityCurve = false
        let days = Int(last.openTime.day - first.openTime.day) + 1
        var run = BacktestRun(
            series, configuration,
            tracker: EquityTracker(initial: configuration.cash.units, first: first.openTime, days: days))
        try run.open(configuration.recorded)
        let count = series.candles.count
        for part in 0...looks {
            let range = count * part / (looks + 1)..<count * (part + 1) / (looks + 1)
            guard run.play(range, isCancelled: isCancelled) else { throw .cancelled }
            if let problem = run.recordingProblem { throw .invalid([problem]) }
            guard part < looks, range.upperBound > 0 else { continue }
            let partial = run.result(series, configuration, from: first.openTime, curve: [], bars: range.upperBound)
            if !goesOn(partial) { return nil }
        }
        run.end()
        return run.result(series, configuration, from: first.openTime, curve: [])
    }
}

/// A run under way.
struct BacktestRun {
    private let candles: [Candle]
    private let timeframe: Timeframe
    private let instrument: Instrument
    let exchange: SimulatedExchange
    private var tracker: EquityTracker
    private var trips: [RoundTrip] = []
    private var refusals = BacktestResult.Refusals()
    private var gaps: [Gap] = []
    private var partialCount = 0
    private var expected: Timestamp
    /// Shorter candles to fill on, and where the next of them stands.
    private let detail: [Candle]
    private var nextDetail = 0
    private let detailTimeframe: Timeframe?
    /// What a recording says besides, where fills are made from one.
    private var recorded: RecordedPlay?
    /// Whether whole bars are all that orders meet.
    private var isPlain: Bool
    /// Whether nothing at the venue asks for each candle, so that quiet ones may be taken many at a time.
    private var takesStretches: Bool
    /// The nearest that the price came to a liquidation; only on margin.
    private var distance: LiquidationDistance?

    static let instrumentID = InstrumentID(0)
    /// Candles looked at in one go: the fewest and the most.
    private static let shortest = 32
    private static let longest = 1_024
    private static let strategyID = StrategyID(rawValue: 1)

    init(
        _ series: CandleSeries, _ configuration: BacktestConfiguration, tracker: EquityTracker,
        recording: KernelOptions.Recording = .results
    ) {
        candles = series.candles
        timeframe = series.timeframe
        instrument = configuration.instrument(series.instrument)
        self.tracker = tracker
        expected = series.candles.first?.openTime ?? .epoch
        detail = configuration.detail?.candles ?? []
        detailTimeframe = configuration.detail?.timeframe
        let first = expected
        nextDetail = detail.firstIndex { $0.openTime >= first } ?? detail.count
        distance = configuration.conditions.margin == nil ? nil : LiquidationDistance()
        var conditions = configuration.conditions
        takesStretches =
            detail.isEmpty && conditions.margin == nil && conditions.funding == nil && conditions.slippage == nil
            && conditions.latency == nil
        isPlain = detail.isEmpty
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
        (isPlain, takesStretches) = (false, false)
    }

    /// Why the recording could not be played to its end.
    var recordingProblem: String? { recorded?.problem.map { "book: \($0)" } }

    /// Plays every candle and marks the equity after each; `false` when it was cancelled.
    mutating func play(
        into column: UnsafeMutableBufferPointer<Int128>?, progress: (Double) -> Void, isCancelled: () -> Bool
    ) -> Bool {
        var index = 0
        while index < candles.count {
            if isCancelled() { return false }
            progress(Double(index) / Double(candles.count))
            let end = min(index + Backtest.stride, candles.count)
            play(index..<end, into: column)
            index = end
        }
        end()
        progress(1)
        return true
    }

    /// Plays some candles without keeping their equity; `false` when it was cancelled.
    mutating func play(_ range: Range<Int>, isCancelled: () -> Bool) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            if isCancelled() { return false }
            let end = min(index + Backtest.stride, range.upperBound)
            play(index..<end, into: nil)
            index = end
        }
        return true
    }

    /// The candles are at their end.
    mutating func end() {
        exchange.endOfData()
        collect()
    }

    private mutating func play(_ range: Range<Int>, into column: UnsafeMutableBufferPointer<Int128>?) {
        var index = range.lowerBound
        // A short look first: who trades often would have the rest looked at in vain.
        var length = BacktestRun.shortest
        while index < range.upperBound {
            let end = min(index + length, range.upperBound)
            let taken =
                takesStretches
                ? exchange.bars(
                    stretch: candles.span.extracting(index..<end), of: BacktestRun.instrumentID, timeframe) : 0
            if taken > 0 {
                length = index + taken == end ? min(2 * length, BacktestRun.longest) : BacktestRun.shortest
                mark(index..<index + taken, into: column)
                index += taken
            } else {
                length = BacktestRun.shortest
                step(candles[index])
                mark(index..<index + 1, into: column)
                index += 1
            }
            if exchange.hasOutput { collect() }
        }
    }

    /// Plays one candle, whatever happens in it, without following the equity.
    mutating func step(_ candle: Candle) {
        if distance != nil { watch(candle) }
        if isPlain {
            exchange.bar(BacktestRun.instrumentID, timeframe, candle)
        } else if recorded != nil {
            recorded?.play(candle, timeframe, of: BacktestRun.instrumentID, on: exchange)
        } else {
            playDetail(candle)
        }
    }

    /// Follows the equity over candles in which nothing filled, or one in which something did.
    private mutating func mark(_ range: Range<Int>, into column: UnsafeMutableBufferPointer<Int128>?) {
        let (base, perUnit) = exchange.kernel.equityLine(BacktestRun.instrumentID)
        let isHeld = exchange.kernel.isHolding
        for index in range {
            let openTime = candles[index].openTime
            if openTime > expected { gaps.append(Gap(from: expected, to: openTime)) }
            expected = openTime.adding(nanoseconds: timeframe.nanoseconds)
            if candles[index].flags.contains(.isPartial) { partialCount += 1 }
            // A flat account is worth its cash, whatever trades.
            let equity = perUnit == 0 ? base : base + Int128(candles[index].close.mantissa) * perUnit
            tracker.take(equity, openTime: openTime, isHeld: isHeld)
            if let column { column.initializeElement(at: index, to: equity) }
        }
    }

    /// A candle whose orders are filled on the shorter ones inside it; on itself where there is none.
    @inline(never)
    private mutating func playDetail(_ candle: Candle) {
        let end = candle.closeTime(timeframe)
        let first = nextDetail
        while nextDetail < detail.count, detail[nextDetail].openTime < end {
            exchange.trade(BacktestRun.instrumentID, detail[nextDetail])
            nextDetail += 1
        }
        if nextDetail == first { exchange.trade(BacktestRun.instrumentID, candle) }
        exchange.candle(BacktestRun.instrumentID, timeframe, candle)
    }

    /// Takes note of how near a candle comes to liquidating what is held when it opens.
    @inline(never)
    private mutating func watch(_ candle: Candle) {
        guard exchange.kernel.isHolding else { return }
        distance?.take(candle, exchange.liquidationBounds(BacktestRun.instrumentID))
    }

    /// Takes over what the kernel wrote down.
    @inline(never)
    private mutating func collect() {
        exchange.drainOutput { effect in
            switch effect {
            case .record(.trip(let trip)):
                trips.append(trip)
            case .alert(let alert) where alert.kind == "denied" || alert.kind == "rejected":
                if refusals.count == 0 { refusals.firstReason = alert.text }
                refusals.count += 1
            default:
                break
            }
        }
    }

    /// The result after the first `bars` candles, all of them where no number is given.
    func result(
        _ series: CandleSeries, _ configuration: BacktestConfiguration, from: Timestamp, curve units: [Int128],
        bars: Int? = nil
    ) -> BacktestResult {
        let bars = bars ?? series.candles.count
        let to = series.candles[bars - 1].closeTime(timeframe)
        let kernel = exchange.kernel
        var trips = trips
        if let mark = kernel.mark(BacktestRun.instrumentID),
            let open = kernel.position(BacktestRun.strategyID, BacktestRun.instrumentID)
                .markedTrip(at: mark, time: to, instrument)
        {
            trips.append(open)
        }
        let cash = configuration.cash
        let daily = DailyEquity(initial: cash, firstDay: from.day, units: tracker.dailyEquity)
        let final = kernel.account.equity
        var result = BacktestResult(
            strategy: configuration.strategy, parameters: configuration.parameters, instrument: instrument,
            timeframe: timeframe, from: from, to: to, bars: bars, initialEquity: cash,
            finalEquity: final, feesPaid: kernel.account.fees,
            metrics: PerformanceMetrics(
                initial: cash, final: final, span: to.nanoseconds(since: from) / 1_000_000_000,
                returns: DailyReturns(daily.returns), maximumDrawdown: tracker.maximumDrawdown,
                trips: trips, exposure: Double(tracker.heldCount) / Double(bars)),
            trips: trips,
            equity: configuration.keepsEquityCurve
                ? EquityCurve(
                    currency: cash.currency, candles: series.candles, timeframe: timeframe, units: units) : nil,
            daily: daily, gaps: gaps, missingBars: gaps.reduce(0) { $0 + $1.count(of: timeframe) },
            partialBars: partialCount, refusals: refusals)
        result.assumptions = AssumptionReport(
            configuration.conditions, path: configuration.venue.path, costs: exchange.costs, detail: detailTimeframe,
            distance: distance,
            recorded: recorded.flatMap { play in
                configuration.recorded.map {
                    RecordedReport(
                        name: $0.name, queue: configuration.venue.queue, fills: exchange.fillCounts, bars: play.barCount
                    )
                }
            })
        return result
    }
}
