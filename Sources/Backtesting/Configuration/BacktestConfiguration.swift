public import Market
public import Simulation
public import Strategies
public import Trading

/// Everything a run depends on but the candles.
public struct BacktestConfiguration: Sendable {
    /// The strategy class, by name in the catalogue.
    public var strategy: String
    /// Its checked parameters.
    public var parameters: Parameters
    /// The cash it begins with, in the instrument's quote currency.
    public var cash: Money
    /// Fees and fill rules of the simulated venue.
    public var venue: SimulatedVenueOptions
    /// How big entries are.
    public var sizing: Sizing
    /// Protective orders that follow each entry.
    public var protection: Protection
    /// The account's limits; `none` unless asked for, so that all-in is all-in.
    public var accountLimits: RiskLimits
    /// The strategy's own limits; `none` unless asked for.
    public var strategyLimits: StrategyLimits
    /// Replaces the instrument's quantity steps, both of limit and market orders.
    public var quantityStep: Quantity?
    /// Whether the equity of every candle is kept; without it only the last mark of each day is.
    public var keepsEquityCurve: Bool
    /// Where the strategy class is looked up.
    public var catalog: StrategyCatalog
    /// Closed candles before the first that it trades on, oldest first: they warm the strategy up.
    public var history: [Candle] = []
    /// What is assumed of the market beyond fees and fill rules.
    public var conditions = MarketConditions.none
    /// Shorter candles of the same market that orders are filled on, oldest first; the strategy decides on its own candles
    /// all the same. `nil` fills on those.
    public var detail: CandleSeries?
    /// Prices that mark what is held, as long as the candles that orders are filled on; `nil` marks by these.
    public var mark: MarkPrices?
    /// What the market said while it was recorded, which orders meet instead of the candles; those are met only where it says
    /// nothing. `nil` fills on candles.
    public var recorded: RecordedFills?
    /// Whether the run is made once more on the kindest way through each bar; the result then has its `ambiguity`.
    public var measuresAmbiguity = false

    /// A configuration of its parts.
    public init(
        strategy: String, parameters: Parameters, cash: Money,
        venue: SimulatedVenueOptions = BacktestConfiguration.defaultVenue,
        sizing: Sizing = .allIn, protection: Protection = .none, accountLimits: RiskLimits = .none,
        strategyLimits: StrategyLimits = .none, quantityStep: Quantity? = nil, keepsEquityCurve: Bool = true,
        catalog: StrategyCatalog = .bundled
    ) {
        self.strategy = strategy
        self.parameters = parameters
        self.cash = cash
        self.venue = venue
        self.sizing = sizing
        self.protection = protection
        self.accountLimits = accountLimits
        self.strategyLimits = strategyLimits
        self.quantityStep = quantityStep
        self.keepsEquityCurve = keepsEquityCurve
        self.catalog = catalog
    }

    /// Ten basis points a side, no slippage, any quantity; what is decided on one candle's close fills at the next one's
    /// open, whatever its volume. Set `fillsInEmptyBars` to `false` to let orders wait for the next candle that traded.
    public static let defaultVenue = SimulatedVenueOptions(fillsInEmptyBars: true)

    /// The instrument as the run trades it: with the quantity step replaced where one is given.
    func instrument(_ original: Instrument) -> Instrument {
        guard let quantityStep else { return original }
        var instrument = original
        instrument.rules.quantityStep = quantityStep
        instrument.rules.marketQuantityStep = .zero
        return instrument
    }

    /// Everything that stands against a run over `series`, in words; empty when it can run. Parameters that contradict
    /// each other are found too, by making the strategy once.
    public func problems(for series: CandleSeries) -> [String] {
        var problems = venue.problems + conditions.problems
        if recorded != nil { problems += recordedProblems }
        if let detail { problems += BacktestConfiguration.problems(of: detail, under: series) }
        if let mark { problems += self.problems(of: mark.series, series) }
        if let strategyClass = catalog.strategyClass(named: strategy) {
            do {
                _ = try strategyClass.make(parameters)
            } catch {
                problems += error.problems.map { "param \($0.description)" }
            }
            if let problem = strategyClass.problem(with: series.timeframe) { problems.append("timeframe: \(problem)") }
        } else {
            let known = catalog.classes.map { $0.descriptor.name }.joined(separator: ", ")
            problems.append("strategy: there is no class '\(StrategyClass.title(of: strategy))'; known: \(known)")
        }
        if cash.currency != series.instrument.quote {
            problems.append(
                "cash: \(cash) is not in \(series.instrument.quote), the quote currency of \(series.instrument.name)")
        }
        if cash.units <= 0 { problems.append("cash: \(cash) is not positive") }
        if let quantityStep, quantityStep.mantissa <= 0 {
            problems.append("quantity-step: must be positive")
        }
        switch sizing {
        case .allIn: break
        case .quantity(let quantity):
            if quantity.mantissa <= 0 { problems.append("sizing: a fixed quantity must be positive") }
        case .equityShare(let share):
            if share <= .zero || share > .one {
                problems.append("sizing: \(share) is out of range; expected above 0% and up to 100%")
            }
        }
        if conditions.margin != nil, !series.instrument.kind.allowsShort {
            problems.append("leverage: \(series.instrument.name) is traded for cash")
        }
        if series.candles.isEmpty { problems.append("series: there are no candles to run over") }
        return problems
    }
}

extension BacktestConfiguration {
    /// What stands against fills by a recording: what a book says itself, or what is of bars alone.
    private var recordedProblems: [String] {
        let others: [(String, Bool)] = [
            ("path: 'both' looks at candles alone", measuresAmbiguity),
            ("detail: shorter candles say less", detail != nil),
            ("mark-csv: margin and funding are looked at on candles", mark != nil),
            ("leverage: margin is looked at on candles", conditions.margin != nil),
            ("funding: it is paid on candles", conditions.funding != nil),
            ("half-spread-bps: a book says its spread, and what an order's size costs", conditions.slippage != nil),
            ("latency-ms: ways are reckoned on candles", conditions.latency != nil),
            ("sessions: a recording says itself when it traded", conditions.sessions != nil),
        ]
        return others.filter(\.1).map { $0.0 + "; with --book fills are those of the recording" }
    }

    /// What stands against marking by other prices.
    private func problems(of mark: CandleSeries, _ series: CandleSeries) -> [String] {
        var problems: [String] = []
        if conditions.margin == nil, conditions.funding == nil {
            problems.append("mark-csv: it marks positions on margin and funding; expected --leverage or a funding")
        }
        let fills = detail ?? series
        if mark.timeframe != fills.timeframe {
            problems.append(
                "mark-csv: its candles are of \(mark.timeframe), orders are filled on those of \(fills.timeframe)")
        }
        if mark.instrument.priceScale != series.instrument.priceScale {
            problems.append("mark-csv: its prices are of another scale")
        }
        if let first = series.candles.first, mark.candles.first.map({ $0.openTime > first.openTime }) ?? true {
            problems.append("mark-csv: it has no price at \(first.openTime), where the run begins")
        }
        return problems
    }

    /// What stands against filling on shorter candles.
    static func problems(of detail: CandleSeries, under series: CandleSeries) -> [String] {
        var problems: [String] = []
        if detail.timeframe >= series.timeframe || series.timeframe.seconds % detail.timeframe.seconds != 0 {
            problems.append("detail: \(detail.timeframe) candles do not make up those of \(series.timeframe)")
        }
        if detail.instrument.priceScale != series.instrument.priceScale
            || detail.instrument.quantityScale != series.instrument.quantityScale
        {
            problems.append("detail: the candles are of another instrument")
        }
        return problems
    }
}

/// Why a run did not begin or did not end.
public enum BacktestError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The configuration can't be run; every problem found.
    case invalid([String])
    /// It was cancelled by who started it.
    case cancelled

    /// One problem a line.
    public var description: String {
        switch self {
        case .invalid(let problems): return problems.joined(separator: "\n")
        case .cancelled: return "the backtest was cancelled"
        }
    }
}
