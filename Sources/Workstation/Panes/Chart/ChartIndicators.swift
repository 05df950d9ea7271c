import Engine
import Indicators
import Market
import Trading

/// The indicators of a chart: which, and where they are drawn.
struct ChartIndicators: Sendable {
    /// Those drawn over the candles.
    var overlays: [ConfiguredIndicator] = []
    /// Those with a pane of their own.
    var studies: [ConfiguredIndicator] = []

    /// The person's choice, and what the strategies of the symbol and timeframe look at; each only once.
    init(_ state: ChartState, _ symbol: InstrumentID, _ timeframe: Timeframe, _ snapshot: Snapshot, _ catalog: Catalog)
    {
        for chosen in state.indicators {
            if let indicator = chosen.configured { add(indicator) }
        }
        guard state.showsStrategyIndicators else { return }
        for strategy in snapshot.strategies {
            let registration = strategy.registration
            guard registration.instrument == symbol, registration.timeframe == timeframe else { continue }
            for indicator in ChartIndicators.indicators(of: registration, catalog) { add(indicator) }
        }
    }

    private mutating func add(_ indicator: ConfiguredIndicator) {
        let isOverlay = indicator.descriptor.pane == .overlay
        let known = isOverlay ? overlays : studies
        guard !known.contains(where: { $0.label == indicator.label }) else { return }
        if isOverlay { overlays.append(indicator) } else { studies.append(indicator) }
    }

    /// What a strategy looks at, from its class's description and its own parameters.
    static func indicators(of registration: StrategyRegistration, _ catalog: Catalog) -> [ConfiguredIndicator] {
        guard let overlays = catalog.classes.named(registration.className)?.overlays else {
            return []
        }
        return overlays.compactMap { overlay in
            guard let descriptor = IndicatorCatalog.descriptor(overlay.indicator.lowercased()) else { return nil }
            var values: [String: Double] = [:]
            for (parameter, name) in zip(descriptor.parameters, overlay.parameters) {
                if let index = registration.parameters.descriptors.firstIndex(where: { $0.name == name }) {
                    values[parameter.name] = registration.parameters.values[index]
                }
            }
            return try? descriptor.configured(values)
        }
    }
}
