public import Market
public import Storage
import Strategies
public import Trading

/// What can be said of a strategy in texts, by a command or over the control socket; what is left out stays as it is.
public struct StrategyArguments: Sendable, Hashable {
    /// Its parameters by name.
    public var parameters: [String: String] = [:]
    /// What it trades.
    public var symbol: String?
    /// The candles it sees, `5m`.
    public var timeframe: String?
    /// `all-in`, `fixed:N` or `percent:P`.
    public var sizing: String?
    /// The share of the equity it may use, in percent.
    public var capitalShare: String?
    /// A stop behind the entry in percent, or `off`.
    public var stopLoss: String?
    /// A target before the entry in percent, or `off`.
    public var takeProfit: String?
    /// A stop that follows in percent, or `off`.
    public var trailingStop: String?
    /// The loss of its own equity at which it halts in percent, or `off`.
    public var maximumDrawdown: String?

    /// Nothing said.
    public init() {}

    /// Applies what was said to a strategy.
    ///
    /// - Parameters:
    ///   - record: the strategy; not to be used when there are problems.
    ///   - catalog: the classes there are.
    ///   - instrument: finds an instrument by what people write, or says why there is none.
    /// - Returns: everything that is wrong, each as `argument: problem`; empty when the strategy is as was said.
    public func apply(
        to record: inout StrategyRecord, _ catalog: StrategyCatalog,
        instrument: (String) -> Result<Instrument, StrategyArgumentError>
    ) -> [String] {
        var problems: [String] = []
        if let symbol {
            switch instrument(symbol) {
            case .success(let found): record.instrument = found
            case .failure(let error): problems.append("symbol: \(error.text)")
            }
        }
        if let timeframe {
            if let value = Timeframe(timeframe) {
                record.timeframe = value
            } else {
                problems.append("timeframe: '\(timeframe.prefix(40))' is none of \(Timeframe.all)")
            }
        }
        if let sizing {
            if let value = Sizing(text: sizing, record.instrument) {
                record.sizing = value
            } else {
                problems.append(
                    "sizing: '\(sizing.prefix(40))' is none of all-in, fixed:N, percent:P (percent:25)")
            }
        }
        if let value = percent(capitalShare, "capital_share", 0...100, &problems) { record.capitalShare = value }
        change(&record.protection.stopLoss, stopLoss, "stop_loss", &problems)
        change(&record.protection.takeProfit, takeProfit, "take_profit", &problems)
        change(&record.protection.trailingStop, trailingStop, "trailing_stop", &problems)
        change(&record.limits.maximumDrawdown, maximumDrawdown, "max_drawdown", &problems)
        mergeParameters(&record, catalog, &problems)
        return problems
    }

    private func mergeParameters(
        _ record: inout StrategyRecord, _ catalog: StrategyCatalog, _ problems: inout [String]
    ) {
        record.parameters.merge(parameters) { _, new in new }
        guard let strategyClass = catalog.strategyClass(named: record.className) else {
            let known = catalog.classes.map { $0.descriptor.name }.joined(separator: ", ")
            problems.append(
                "class: there is no class '\(StrategyClass.title(of: record.className).prefix(80))'; known: \(known)")
            return
        }
        if let problem = strategyClass.problem(with: record.timeframe) { problems.append("timeframe: \(problem)") }
        do {
            let overrides = record.parameters.sorted { $0.key < $1.key }.map { (name: $0.key, text: $0.value) }
            let parameters = try Parameters(strategyClass.descriptor.parameters, overrides: overrides)
            _ = try strategyClass.make(parameters)
        } catch {
            problems += error.problems.map { "param \($0)" }
        }
    }

    private func percent(
        _ text: String?, _ argument: String, _ range: ClosedRange<Int>, _ problems: inout [String]
    ) -> Ratio? {
        guard let text else { return nil }
        if let value = try? Ratio(percent: text), value > .zero, value <= .percent(range.upperBound) { return value }
        problems.append("\(argument): '\(text.prefix(40))' is no percentage above 0 up to \(range.upperBound) (2.5)")
        return nil
    }

    private func change(_ value: inout Ratio?, _ text: String?, _ argument: String, _ problems: inout [String]) {
        if text == "off" {
            value = nil
        } else if let ratio = percent(text, argument, 0...99, &problems) {
            value = ratio
        }
    }
}

/// Why there is no instrument of a name.
public struct StrategyArgumentError: Error, Sendable, Hashable {
    /// In words.
    public var text: String

    /// A reason.
    public init(_ text: String) { self.text = text }
}
