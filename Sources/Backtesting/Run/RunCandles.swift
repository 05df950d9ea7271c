public import Market
public import Strategies
public import Trading

/// What a strategy is played over: the candles that it sees, and shorter ones of the same market that its orders are filled
/// on.
public struct RunCandles: Sendable {
    /// The candles that it sees.
    public var series: CandleSeries
    /// The shorter ones; `nil` fills on its own.
    public var detail: CandleSeries?
    /// Prices that mark what is held, as long as those that orders are filled on; `nil` marks by these.
    public var mark: MarkPrices?

    /// Candles with shorter ones, of which those beyond the first and the last are left out: they would never be played.
    public init(_ series: CandleSeries, detail: CandleSeries? = nil) {
        self.series = series
        self.detail = detail?.within(series)
    }

    /// Candles with the shorter ones where each of them holds some, and without otherwise.
    ///
    /// Shorter candles that are missing here and there would fill some orders by the minute and others by the hour, and the
    /// result would say of neither what it is.
    public init(_ series: CandleSeries, whereWhole shorter: CandleSeries) {
        self.init(series, detail: series.firstWithout(shorter) == nil ? shorter : nil)
    }

    /// All candles in the shares of the end. O(candles + actions).
    ///
    /// - Parameter actions: a file of corporate actions; `nil` changes nothing.
    /// - Throws: `BacktestError.invalid` with what is wrong with it.
    public func adjusted(by actions: AssumptionText.TextFile?) throws(BacktestError) -> RunCandles {
        guard let actions else { return self }
        let read = try CorporateActions(actions, for: series.instrument)
        var candles = self
        candles.series = read.adjusted(series)
        candles.detail = detail.map(read.adjusted)
        candles.mark = mark.map { MarkPrices(read.adjusted($0.series)) }
        return candles
    }
}

extension BacktestText {
    /// The configuration for runs over candles, filled on the shorter ones where there are any.
    ///
    /// - Parameter candles: in the shares of the end, where corporate actions are said.
    /// - Throws: `BacktestError.invalid` with everything that is wrong; see `configuration(for:catalog:)`.
    public func configuration(
        over candles: RunCandles, catalog: StrategyCatalog = .bundled
    ) throws(BacktestError) -> BacktestConfiguration {
        var configuration = try configuration(for: candles.series.instrument, catalog: catalog)
        configuration.detail = candles.detail
        configuration.mark = candles.mark
        return configuration
    }
}

/// Candles of a mark price, of which nothing is traded: funding is reckoned and positions are liquidated by them.
public struct MarkPrices: Sendable {
    /// The candles.
    public let series: CandleSeries
    /// Their fingerprint.
    public let fingerprint: String

    /// Candles of a mark price. O(candles).
    public init(_ series: CandleSeries) {
        self.series = series
        fingerprint = series.fingerprint
    }
}
