import Market
import Trading
import Venues

// A venue that changes the rules of orders while a session runs.
extension EngineCore {
    /// Takes the rules of an instrument's orders as they are now: exits and stops that follow the old ones would be refused.
    func take(rulesOf changed: Instrument) {
        guard let index = instruments.firstIndex(where: { $0.name == changed.name }) else { return }
        let (old, new) = (instruments[index].rules, changed.rules)
        guard old != new else { return }
        instruments[index].rules = new
        markets[index].set(new)
        exchange.command(.rules(InstrumentID(index), new), at: commandTime)
        settle()
        isChanged = true
        let words = EngineCore.words(of: changed, since: old)
        let text = "\(venueName) has changed the rules of orders of \(changed.pair): \(words)"
        // The largest order at the market follows what is traded, and changes every day.
        var usual = old
        usual.maximumMarketQuantity = new.maximumMarketQuantity
        if usual == new { log.write(.info, text, at: now) } else { raise(.warning, "rules-changed", text) }
    }

    /// What is different: `tick 0.1 (was 0.01)`.
    private static func words(of changed: Instrument, since old: InstrumentRules) -> String {
        var before = changed
        before.rules = old
        let new = changed.rules
        var parts: [String] = []
        func add<Value: Equatable>(
            _ name: String, _ part: KeyPath<InstrumentRules, Value>, _ text: (Instrument, Value) -> String
        ) {
            let (was, value) = (old[keyPath: part], new[keyPath: part])
            if was != value { parts.append("\(name) \(text(changed, value)) (was \(text(before, was)))") }
        }
        add("tick", \.tick) { $0.text($1) }
        add("step", \.quantityStep) { $0.text($1) }
        add("step at the market", \.marketQuantityStep) { $0.text($1) }
        add("smallest quantity", \.minimumQuantity) { $0.text($1) }
        add("largest quantity", \.maximumQuantity) { $0.text($1) }
        add("largest at the market", \.maximumMarketQuantity) { $0.text($1) }
        add("smallest notional", \.minimumNotional) { "\(DecimalText.text(Int128($1), scale: 8)) \($0.quote)" }
        return parts.joined(separator: ", ")
    }
}
