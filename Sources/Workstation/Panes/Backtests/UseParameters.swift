import Engine
import Market
import Trading

/// Takes the parameters of a run or a trial to a strategy: to a new one, which is registered as disabled, or to one of the
/// same class, whose form shows what would change and asks before it is changed.
enum UseParameters {
    /// Opens the form, after a question for which strategy where there are some of the class.
    static func opening(
        _ request: BacktestRequest, _ values: [String: String], _ view: ViewState, _ snapshot: Snapshot
    ) -> [Consequence] {
        guard let descriptor = view.catalog.classes.named(request.className) else {
            return [.reloadCatalog, .toast(.warning, "There is no strategy class \(request.classTitle) here")]
        }
        // What was left to its default was run with it: a strategy that has another value would be another one.
        var values = values
        for parameter in descriptor.parameters where values[parameter.name] == nil {
            values[parameter.name] = parameter.text(parameter.defaultValue)
        }
        let symbol = snapshot.markets.first { $0.instrument.name == request.series }?.id ?? view.symbol
        let new: [Consequence] = [
            .form(
                NewStrategyForm(
                    descriptor, snapshot, symbol: symbol, timeframe: request.timeframe, proposing: values))
        ]
        let known = snapshot.strategies.filter { $0.registration.className == request.className }.prefix(9)
        guard !known.isEmpty else { return new }
        var choices = [MenuLayer.Choice(key: "n", text: "a new strategy, disabled at first", consequences: new)]
        for (place, strategy) in known.enumerated() {
            let registration = strategy.registration
            let state =
                registration.status == .enabled ? "runs; asks before it is changed" : registration.status.rawValue
            choices.append(
                MenuLayer.Choice(
                    key: Unicode.Scalar(UInt8(49 + place)), text: "\(registration.name) (\(state))",
                    consequences: [.form(StrategyForm(registration, proposing: values))]))
        }
        let text = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        return [.layer(MenuLayer(title: "Use these parameters", text: text, choices: choices))]
    }
}
