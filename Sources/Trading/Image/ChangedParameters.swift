extension StrategyRegistration {
    /// The same registration with other values of some parameters.
    ///
    /// - Throws: `ParameterErrors` with every unknown name and every value that its class refuses.
    public func changing(
        _ overrides: [(name: String, text: String)], _ catalog: StrategyCatalog
    ) throws(ParameterErrors) -> StrategyRegistration {
        guard let strategyClass = catalog.strategyClass(named: className) else {
            throw ParameterErrors(problems: [
                ParameterError(parameter: name, problem: "there is no class '\(classTitle)'")
            ])
        }
        let descriptors = strategyClass.descriptor.parameters
        let current = try parameters.described(by: descriptors)
        var changed = self
        // Of one name the later counts.
        changed.parameters = try Parameters(descriptors, overrides: current.texts + overrides)
        _ = try strategyClass.make(changed.parameters)
        return changed
    }
}

extension KernelImage {
    /// Gives a strategy other values of some parameters. What it has seen is forgotten, because it was seen with the old
    /// ones.
    ///
    /// - Returns: whether there is such a strategy.
    /// - Throws: `ParameterErrors` with every unknown name and every value that its class refuses.
    public mutating func changeParameters(
        of id: StrategyID, _ overrides: [(name: String, text: String)], _ catalog: StrategyCatalog
    ) throws(ParameterErrors) -> Bool {
        guard let place = strategies.firstIndex(where: { $0.registration.id == id }) else { return false }
        strategies[place].registration = try strategies[place].registration.changing(overrides, catalog)
        strategies[place].stateVersion = nil
        strategies[place].state = []
        return true
    }
}
