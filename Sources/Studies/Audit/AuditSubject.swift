public import Backtesting
public import Market
public import Trading

/// A strategy that is looked into: the run, and how its class comes from candles.
public struct AuditSubject: Sendable {
    /// The candles.
    public var series: CandleSeries
    /// The run over them.
    public var configuration: BacktestConfiguration
    /// Makes the catalogue that a run over some candles uses. Whatever a class may know of the candles beside what the
    /// kernel shows it, it must know from these: a class that was made from candles elsewhere can't be caught by taking
    /// them away.
    public var catalog: @Sendable (CandleSeries) -> StrategyCatalog

    /// A strategy of the configuration's own catalogue, whatever the candles.
    public init(_ configuration: BacktestConfiguration, over series: CandleSeries) {
        let catalog = configuration.catalog
        self.init(configuration, over: series) { _ in catalog }
    }

    /// A strategy whose class comes from the candles that it runs over.
    public init(
        _ configuration: BacktestConfiguration, over series: CandleSeries,
        catalog: @escaping @Sendable (CandleSeries) -> StrategyCatalog
    ) {
        self.series = series
        self.configuration = configuration
        self.catalog = catalog
    }

    /// The run over other candles.
    func configuration(for series: CandleSeries) -> BacktestConfiguration {
        var configuration = configuration
        configuration.catalog = catalog(series)
        return configuration
    }

    /// What the first `count` candles of `played` lead to, where the class is made from `known`; `nil` when it was
    /// cancelled or can't be run.
    func decisions(
        over played: CandleSeries, knowing known: CandleSeries? = nil, first count: Int? = nil,
        _ isCancelled: () -> Bool
    ) -> [Decision]? {
        try? Backtest.decisions(
            of: configuration(for: known ?? played), over: played, first: count, isCancelled: isCancelled)
    }

    /// The subject without the shorter candles that lie behind an instant: where candles are made up, nothing is known of
    /// what went on inside them, and orders meet the candles themselves. With no instant, without any, and without marks of
    /// their own, which are of prices that were.
    func withoutDetail(from time: Timestamp? = nil) -> AuditSubject {
        var subject = self
        guard let time else {
            subject.configuration.detail = nil
            subject.configuration.mark = nil
            return subject
        }
        guard var detail = configuration.detail else { return subject }
        detail.candles = Array(detail.candles.prefix { $0.openTime < time })
        subject.configuration.detail = detail
        return subject
    }

    /// The newest candles, as many as are looked at closely.
    func stretch(_ count: Int) -> AuditSubject {
        guard series.candles.count > count else { return self }
        var subject = self
        // What lies before them has warmed the strategy up.
        subject.configuration.history = []
        subject.series.candles = Array(series.candles.suffix(count))
        subject.configuration.detail = configuration.detail?.within(subject.series)
        return subject
    }
}

/// How thoroughly an audit looks.
public struct AuditOptions: Sendable, Hashable {
    /// The seed of everything that is drawn.
    public var seed: UInt64 = 1
    /// The newest candles that are cut, replaced and imitated; the others are only in the runs as a whole.
    public var candles = 20_000
    /// How many instants the series is cut at, and as many at which its future is replaced.
    public var cuts = 160
    /// How many made-up series there are.
    public var noises = 64
    /// How much of each candle's volume orders get when capacity is measured, as a share.
    public var participation = 0.1

    /// Options as they usually are.
    public init() {}
}
