import Indicators
import Market
import Trading

/// What the chart pane remembers between frames.
struct ChartState: Sendable {
    /// How wide candles are.
    var zoom = CandleZoom.narrow
    /// The time of the rightmost place; `nil` while the chart follows the market.
    var edge: Timestamp?
    /// Whether equal distances are equal ratios.
    var isLogarithmic = false
    /// The crosshair, when it is on.
    var crosshair: Crosshair?
    /// How volume is shown.
    var volume = VolumeDisplay.columns
    /// Whether fills are marked.
    var showsMarkers = true
    /// Whether the book of the last minutes lies behind the candles.
    var showsBook = false
    /// Whether the indicators of the symbol's strategies are drawn.
    var showsStrategyIndicators = true
    /// The indicators that the person chose, in their order.
    var indicators: [ChosenIndicator] = []
    /// What is derived from markets, kept between frames.
    let memo = ChartMemo()

    /// How volume is shown.
    enum VolumeDisplay: Hashable, Sendable {
        /// Columns below the candles.
        case columns
        /// What traded at each price, behind the candles.
        case profile
        /// Not at all.
        case none
    }

    /// A point that the person looks at.
    struct Crosshair: Hashable, Sendable {
        /// Of which instrument the price is.
        var symbol: InstrumentID
        /// The time of its place.
        var time: Timestamp
        /// Its price, on the tick.
        var price: Price
    }

    /// An indicator with its parameters, as chosen.
    struct ChosenIndicator: Hashable, Sendable {
        /// Its identifier in the catalogue.
        var identifier: String
        /// The values of its parameters, in the catalogue's order.
        var values: [Double]

        /// The indicator itself; `nil` when the catalogue knows none such.
        var configured: ConfiguredIndicator? {
            guard let descriptor = IndicatorCatalog.descriptor(identifier) else { return nil }
            var named: [String: Double] = [:]
            for (parameter, value) in zip(descriptor.parameters, values) { named[parameter.name] = value }
            return try? descriptor.configured(named)
        }
    }
}
