import Storage
public import Trading

// Files of rules that are not what their strategies run.
extension EngineCore {
    /// Takes what the watch found in the file of a strategy's rules; `nil` when it is what the strategy runs.
    func rulesRead(_ id: StrategyID, _ notice: RulesNotice?, loads: Bool) {
        guard let registration = registration(id), rulesNotices[id] != notice else { return }
        // Loaded in the meantime, by whoever.
        if case .changed(_, registration.className) = notice { return }
        rulesNotices[id] = notice
        isChanged = true
        switch notice {
        case nil: break
        case .wrong(let file, let problem):
            raiseRules(
                id, .warning, "rules-wrong", "\(registration.name) keeps its rules: \(file) has mistakes. \(problem)")
        case .changed(let file, let className):
            // With real money a person looks at them first, whatever the configuration says.
            guard loads, snapshot.mode != .live else {
                return raiseRules(
                    id, .info, "rules-changed",
                    "the rules of \(registration.name) changed in \(file): R in Strategies loads them")
            }
            let answer = load(className, registration)
            if case .refused(let reason) = answer {
                raiseRules(id, .warning, "rules-wrong", "\(registration.name) keeps its rules: \(reason)")
            } else {
                raiseRules(id, .warning, "rules-loaded", "\(registration.name) runs the changed rules of \(file)")
            }
        }
    }

    private func raiseRules(_ id: StrategyID, _ priority: AlertPriority, _ kind: String, _ text: String) {
        raise(Alert(time: commandTime, priority: priority, kind: kind, text: text, strategy: id))
    }

    /// Gives a strategy the rules of its file, by the command that a person gives.
    private func load(_ className: String, _ registration: StrategyRegistration) -> EngineReply {
        do throws(RulesRefusal) {
            let changed = try registration.becoming(className, configuration.catalog)
            let answer = change(changed, origin: "rules file")
            if case .done = answer { rulesNotices[registration.id] = nil }
            return answer
        } catch {
            return .refused(error.text)
        }
    }
}

/// Why a strategy can't have other rules.
public struct RulesRefusal: Error, Sendable, Hashable {
    /// In words.
    public var text: String
}

extension StrategyRegistration {
    /// The strategy with the rules of another text; parameters keep their values where the rules still have them.
    ///
    /// - Throws: `RulesRefusal` when the rules, or their parameters, don't go together with the rest.
    public func becoming(_ className: String, _ catalog: StrategyCatalog) throws(RulesRefusal) -> StrategyRegistration {
        guard let strategyClass = catalog.strategyClass(named: className) else {
            throw RulesRefusal(text: "the text is no rules")
        }
        if let problem = strategyClass.problem(with: timeframe) { throw RulesRefusal(text: problem) }
        let descriptors = strategyClass.descriptor.parameters
        let kept = parameters.texts.filter { old in descriptors.contains { $0.name == old.name } }
        do {
            let values = try Parameters(descriptors, overrides: kept.map { (name: $0.name, text: $0.text) })
            _ = try strategyClass.make(values)
            var changed = self
            changed.className = className
            changed.parameters = values
            return changed
        } catch {
            throw RulesRefusal(text: error.problems.map(\.description).joined(separator: "; "))
        }
    }
}
