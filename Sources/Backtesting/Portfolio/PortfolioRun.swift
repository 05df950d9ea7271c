import Market
import Simulation
import Trading

/// A run of a portfolio under way.
struct PortfolioRun {
    let exchange: SimulatedExchange
    /// The account's equity, marked at every instant at which a base candle closes.
    private(set) var account: EquityTracker
    /// What each strategy is: its place in the kernel's table, and its own equity.
    private(set) var strategies: [Standing] = []
    /// What each instrument has brought in, all strategies together.
    private(set) var instruments: [Standing] = []
    /// Instants at which a base candle closed.
    private(set) var instants = 0
    private(set) var trips: [RoundTrip] = []
    private(set) var refusals = BacktestResult.Refusals()
    private(set) var refusalsOfStrategy: [BacktestResult.Refusals]
    private(set) var halts: [PortfolioResult.Halt] = []
    private(set) var curve: (times: [Timestamp], units: [Int128]) = ([], [])

    /// Of each instrument, whether shorter candles traded since its last base candle.
    private var hasDetail: [Bool]
    private let keepsCurve: Bool
    /// The strategies of each instrument, by their places in the list.
    private let traders: [[Int]]
    /// The places of strategies, those that see a stream one behind the other.
    private var viewers: [Int] = []
    private let numbers: [StrategyID]
    private let timeframes: [Timeframe]

    /// How a strategy or an instrument stands.
    struct Standing {
        /// The place of its position in the kernel's table; -1 for an instrument.
        var place = -1
        /// What it began with, in units of money.
        let base: Int128
        /// What it has brought in at the last look.
        var contribution: Int128 = 0
        /// Whether anything was held at the last look.
        var isHeld = false
        var tracker: EquityTracker

        init(base: Int128, first: Timestamp, days: Int) {
            self.base = base
            tracker = EquityTracker(initial: base, first: first, days: days)
        }

        /// Takes what it has brought in by the close of a candle. While nothing is held and nothing comes in there is
        /// nothing to take: a day that passes so ends with the mark before it.
        @inline(__always)
        mutating func take(_ units: Int128, isHeld: Bool, openTime: Timestamp) {
            guard isHeld || units != contribution else { return }
            contribution = units
            tracker.take(base + units, openTime: openTime, isHeld: isHeld)
        }
    }

    init(_ market: PortfolioMarket, _ configuration: PortfolioConfiguration) {
        let table = market.bases.map(\.instrument)
        var conditions = configuration.conditions
        let bar = market.bases.isEmpty ? 0 : market.fills(0).nanoseconds
        conditions.latency?.bar = bar
        conditions.sessions?.bar = bar
        let kernel = Kernel(
            cash: configuration.cash, instruments: table, catalog: configuration.catalog,
            limits: configuration.accountLimits,
            options: KernelOptions(
                feeEstimate: conditions.fees?.firstTakerFee ?? configuration.venue.takerFee, recording: .results,
                closedOrdersKept: 16, splitsCapital: configuration.capital == .split,
                leverage: conditions.margin?.leverage))
        let venue = SimulatedVenue(
            instruments: table, cash: configuration.cash, options: configuration.venue, conditions: conditions,
            start: market.from)
        exchange = SimulatedExchange(kernel: kernel, venue: venue)
        keepsCurve = configuration.keepsEquityCurve
        hasDetail = Array(repeating: false, count: table.count)
        let days = Int(market.to.adding(nanoseconds: -1).day - market.from.day) + 1
        account = EquityTracker(initial: configuration.cash.units, first: market.from, days: days)
        numbers = configuration.strategies.map { StrategyID(rawValue: Int32($0.number)) }
        timeframes = configuration.strategies.map { strategy in
            let base = market.number(of: strategy.instrument).map { market.bases[$0.index].timeframe }
            return strategy.timeframe ?? base ?? .oneMinute
        }
        refusalsOfStrategy = Array(repeating: BacktestResult.Refusals(), count: numbers.count)
        var traders = Array(repeating: [Int](), count: table.count)
        var bases = Array(repeating: Int128(0), count: table.count)
        for (index, strategy) in configuration.strategies.enumerated() {
            guard let id = market.number(of: strategy.instrument) else { continue }
            let owner = numbers[index]
            let base = configuration.cash.share(strategy.capitalShare, rounding: .down).units
            bases[id.index] += base
            traders[id.index].append(index)
            exchange.command(
                .register(
                    StrategyRegistration(
                        id: owner, name: strategy.name, className: strategy.strategy,
                        parameters: strategy.parameters, instrument: id,
                        timeframe: timeframes[index], sizing: strategy.sizing,
                        capitalShare: strategy.capitalShare, protection: strategy.protection, limits: strategy.limits),
                    history: strategy.history), at: market.from)
            var standing = Standing(base: base, first: market.from, days: days)
            standing.place = kernel.positions.firstIndex { $0.owner == owner } ?? -1
            strategies.append(standing)
        }
        self.traders = traders
        instruments = bases.map { Standing(base: $0, first: market.from, days: days) }
    }

    // MARK: - Playing

    /// A stream and how far it has been given out.
    private struct Cursor {
        let candles: UnsafePointer<Candle>
        let count: Int
        let instrument: InstrumentID
        let timeframe: Timeframe
        let use: PortfolioMarket.Use
        /// Where the places of the strategies that see these candles stand in `viewers`.
        let viewers: Range<Int>
        var index = 0
        /// When the next candle closes, in nanoseconds; `Int64.max` after the last.
        var next = Int64.max

        init(_ stream: PortfolioMarket.Stream, _ candles: UnsafeBufferPointer<Candle>, _ viewers: Range<Int>) {
            // An empty stream is never read.
            self.candles = candles.baseAddress ?? UnsafePointer(bitPattern: MemoryLayout<Candle>.alignment)!
            count = candles.count
            instrument = stream.instrument
            timeframe = stream.timeframe
            use = stream.use
            self.viewers = viewers
            look()
        }

        @inline(__always)
        private mutating func look() {
            next = index < count ? candles[index].openTime.nanoseconds + timeframe.nanoseconds : .max
        }

        @inline(__always)
        mutating func advance() {
            index += 1
            look()
        }
    }

    /// Plays every candle; `false` when it was cancelled.
    mutating func play(
        _ streams: [PortfolioMarket.Stream], progress: (Double) -> Void, isCancelled: () -> Bool
    ) -> Bool {
        collect()
        var cursors: [Cursor] = []
        let isDone = pinned(streams[...], &cursors) { run, cursors in
            run.play(&cursors, progress: progress, isCancelled: isCancelled)
        }
        guard isDone else { return false }
        exchange.endOfData()
        collect()
        progress(1)
        return true
    }

    /// Holds the candles of all streams in place while `body` runs, so that the loop touches no reference count.
    private mutating func pinned(
        _ streams: ArraySlice<PortfolioMarket.Stream>, _ cursors: inout [Cursor],
        _ body: (inout PortfolioRun, inout [Cursor]) -> Bool
    ) -> Bool {
        guard let first = streams.first else { return body(&self, &cursors) }
        return first.candles.withUnsafeBufferPointer { candles in
            let start = viewers.count
            if first.use != .detail {
                viewers += traders[first.instrument.index].filter { timeframes[$0] == first.timeframe }
            }
            cursors.append(Cursor(first, candles, start..<viewers.count))
            return pinned(streams.dropFirst(), &cursors, body)
        }
    }

    private mutating func play(
        _ cursors: inout [Cursor], progress: (Double) -> Void, isCancelled: () -> Bool
    ) -> Bool {
        let total = cursors.reduce(0) { $0 + ($1.use == .base ? $1.count : 0) }
        if keepsCurve {
            let most = cursors.reduce(0) { max($0, $1.use == .base ? $1.count : 0) }
            curve.times.reserveCapacity(most)
            curve.units.reserveCapacity(most)
        }
        var rounds = 0
        while true {
            if rounds % Backtest.stride == 0 {
                if isCancelled() { return false }
                let done = cursors.reduce(0) { $0 + ($1.use == .base ? $1.index : 0) }
                progress(Double(done) / Double(max(total, 1)))
            }
            rounds += 1
            guard cursors.withUnsafeMutableBufferPointer({ playInstant($0) }) else { return true }
        }
    }

    /// Plays everything that ends at the next instant; `false` when there is none.
    @inline(__always)
    private mutating func playInstant(_ cursors: UnsafeMutableBufferPointer<Cursor>) -> Bool {
        var time = Int64.max
        for index in cursors.indices where cursors[index].next < time { time = cursors[index].next }
        guard time < .max else { return false }
        var isDetailAlone = true
        for index in cursors.indices where cursors[index].next == time {
            if cursors[index].use != .shown { trade(&cursors[index]) }
            if cursors[index].use != .detail { isDetailAlone = false }
        }
        let now = Timestamp(nanoseconds: time)
        var first: Timestamp?
        for index in cursors.indices where cursors[index].next == time && cursors[index].use == .base {
            let candle = cursors[index].candles + cursors[index].index
            exchange.mark(cursors[index].instrument, candle.pointee.close, at: now)
            // A candle belongs to the day it opened in; of several that close together the shortest says which.
            if first == nil { first = candle.pointee.openTime }
        }
        if !isDetailAlone { exchange.revalue() }
        for index in cursors.indices where cursors[index].next == time {
            if cursors[index].use == .base, let first { attribute(cursors[index].instrument.index, first) }
            let candle = cursors[index].candles + cursors[index].index
            for place in cursors[index].viewers { exchange.show(candle.pointee, toStrategyAt: viewers[place]) }
            cursors[index].advance()
        }
        if exchange.hasOutput { collect() }
        if let first { mark(first, now) }
        return true
    }

    /// Has orders meet the candle that a stream stands at; one that had shorter ones inside it was met with these.
    @inline(__always)
    private mutating func trade(_ cursor: inout Cursor) {
        let instrument = cursor.instrument
        if cursor.use == .detail {
            hasDetail[instrument.index] = true
        } else if hasDetail[instrument.index] {
            hasDetail[instrument.index] = false
            return
        }
        exchange.trade(instrument, cursor.candles[cursor.index])
    }

    @inline(__always)
    private mutating func mark(_ openTime: Timestamp, _ time: Timestamp) {
        let equity = exchange.kernel.equity.units
        account.take(equity, openTime: openTime, isHeld: exchange.kernel.isHolding)
        instants += 1
        if keepsCurve {
            curve.times.append(time)
            curve.units.append(equity)
        }
    }

    /// Takes what the strategies of an instrument have brought in by the close of its candle.
    @inline(__always)
    private mutating func attribute(_ instrument: Int, _ openTime: Timestamp) {
        var sum: Int128 = 0
        var isAnyHeld = false
        for position in traders[instrument].indices {
            let index = traders[instrument][position]
            let (units, isHeld) = exchange.kernel.contribution(at: strategies[index].place)
            strategies[index].take(units, isHeld: isHeld, openTime: openTime)
            sum += units
            if isHeld { isAnyHeld = true }
        }
        instruments[instrument].take(sum, isHeld: isAnyHeld, openTime: openTime)
    }

    // MARK: - What the kernel wrote down

    @inline(never)
    private mutating func collect() {
        exchange.drainOutput { effect in
            switch effect {
            case .record(.trip(let trip)):
                trips.append(trip)
            case .alert(let alert) where alert.isRefusal:
                refusals.add(alert.text)
                if let index = place(of: alert.strategy) { refusalsOfStrategy[index].add(alert.text) }
            case .alert(let alert) where PortfolioRun.isHalt(alert):
                halts.append(
                    PortfolioResult.Halt(time: alert.time, strategy: place(of: alert.strategy), text: alert.text))
            default:
                break
            }
        }
    }

    /// Whether an alert says that a strategy, or the opening of positions, was stopped.
    private static func isHalt(_ alert: Alert) -> Bool {
        alert.kind == Alert.strategyHalted || alert.kind == Alert.strategyFault || alert.kind.hasPrefix("breaker-")
    }

    private func place(of strategy: StrategyID?) -> Int? { strategy.flatMap { numbers.firstIndex(of: $0) } }
}
