import Backtesting
import Market
import Strategies
import Trading

/// The figures of a backtest that expressions may name.
public enum FigureNames {
    /// The keys of all figures that are numbers, in the order of the result. They come from a run over one made-up candle,
    /// so that no second list of them has to be kept.
    public static let all: [String] = probe().figures.filter(isNumber).map(\.key)

    /// The figures of a result, in the order of the names.
    static func values(_ result: BacktestResult) -> [Double?] {
        result.figures.filter(isNumber).map(\.number)
    }

    private static func isNumber(_ figure: Figure) -> Bool {
        switch figure.value {
        case .text, .time: return false
        case .count, .money, .fraction, .ratio, .seconds: return true
        }
    }

    private static func probe() -> BacktestResult {
        let instrument = Instrument(
            venue: "ANY", symbol: "ANY", base: Currency("BASE")!, quote: .usdt,
            rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
        let price = Price(mantissa: 100_000_000)
        let candle = Candle(
            openTime: .epoch, open: price, high: price, low: price, close: price, volume: Quantity(mantissa: 1))
        let strategy = SMACrossover.descriptor
        do {
            return try Backtest.run(
                CandleSeries(instrument: instrument, timeframe: .oneMinute, candles: [candle]),
                BacktestConfiguration(
                    strategy: strategy.name, parameters: Parameters(strategy.parameters),
                    cash: Money(units: 1_000_000_000_000_000_000, .usdt)))
        } catch {
            preconditionFailure("a bundled strategy runs over a candle: \(error)")
        }
    }
}
