import Market
import Trading

/// A strategy whose signals come one candle late.
final class DelayedStrategy: Strategy {
    private let strategy: any Strategy
    private var waiting: Signal?

    init(_ strategy: any Strategy) { self.strategy = strategy }

    var warmUp: Int { strategy.warmUp }
    func onStart() { strategy.onStart() }
    func onStop() { strategy.onStop() }
    func onFill(_ fill: Fill, side: Side) { strategy.onFill(fill, side: side) }

    func onCandle(_ bar: Bar, _ context: StrategyContext) throws(StrategyFault) -> Signal? {
        let due = waiting
        waiting = try strategy.onCandle(bar, context)
        return due
    }
}

extension StrategyCatalog {
    /// The same classes, each with its signals one candle late.
    var delayed: StrategyCatalog {
        let catalog = self
        return StrategyCatalog([]) { name in
            catalog.strategyClass(named: name).map { original in
                StrategyClass(original.descriptor, timeframe: original.timeframe) {
                    (parameters: Parameters) throws(ParameterErrors) -> any Strategy in
                    DelayedStrategy(try original.make(parameters))
                }
            }
        }
    }
}
