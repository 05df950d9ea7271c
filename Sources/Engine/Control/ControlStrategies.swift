import Market
public import Storage
public import Trading

// Strategies over the control socket: registering, changing, switching and removing them.
extension ControlHandler {
    /// The strategy that is named.
    func strategy(_ request: ControlRequest, _ snapshot: Snapshot) throws(ControlFailure) -> StrategyID {
        try view(request, snapshot).registration.id
    }

    private func view(_ request: ControlRequest, _ snapshot: Snapshot) throws(ControlFailure) -> StrategyView {
        guard let name = request.strategy else { throw missing("strategy", "a strategy's name") }
        guard let view = snapshot.strategies.first(where: { $0.registration.name == name }) else {
            let known = snapshot.strategies.map(\.registration.name).joined(separator: ", ")
            throw ControlFailure(
                .invalidArgument, "strategy: there is no '\(name.prefix(80))'; expected one of \(known)")
        }
        return view
    }

    /// A new strategy as the arguments describe it.
    func newStrategy(_ request: ControlRequest, _ snapshot: Snapshot) throws(ControlFailure) -> StrategyRegistration {
        var problems: [String] = []
        let name = request.strategy ?? ""
        if !StrategyNaming.isName(name) {
            problems.append("strategy: \(StrategyNaming.rule); got '\(name.prefix(80))'")
        }
        if request.symbol == nil { problems.append("symbol: missing; expected what it is to trade") }
        // Where the symbol is not known any instrument does until everything else was looked at too.
        guard let first = snapshot.markets.first else {
            throw ControlFailure(.unavailable, "this session has no instruments")
        }
        let record = StrategyRecord(
            name: name, className: request.className ?? "", instrument: first.instrument, timeframe: .oneMinute,
            sizing: .equityShare(.percent(10)), status: request.enable == true ? .enabled : .disabled)
        return try registration(record, request, snapshot, problems)
    }

    /// A strategy with the changes that the arguments describe.
    func changedStrategy(
        _ request: ControlRequest, _ snapshot: Snapshot
    ) throws(ControlFailure) -> StrategyRegistration {
        let registration = try view(request, snapshot).registration
        guard let market = snapshot.market(registration.instrument) else {
            throw ControlFailure(.refused, "\(registration.name) trades something that this session does not")
        }
        var record = StrategyRecord(registration, instrument: market.instrument)
        if let className = request.className { record.become(className, target.catalog) }
        return try self.registration(record, request, snapshot, [])
    }

    private func registration(
        _ record: StrategyRecord, _ request: ControlRequest, _ snapshot: Snapshot, _ before: [String]
    ) throws(ControlFailure) -> StrategyRegistration {
        var record = record
        let problems =
            before
            + request.strategyArguments.apply(to: &record, target.catalog) { name in
                do throws(ControlFailure) {
                    return .success(try self.market(name, snapshot).instrument)
                } catch {
                    return .failure(StrategyArgumentError(String(error.message.dropFirst("symbol: ".count))))
                }
            }
        guard problems.isEmpty else { throw ControlFailure(.invalidArgument, problems.joined(separator: "\n")) }
        guard let strategyClass = target.catalog.strategyClass(named: record.className),
            let market = snapshot.markets.first(where: { $0.instrument.name == record.instrument.name })
        else { throw ControlFailure(.refused, "\(record.name) trades what this session does not") }
        do {
            return try record.registration(
                descriptors: strategyClass.descriptor.parameters, instrument: market.id)
        } catch {
            throw ControlFailure(.invalidArgument, error.description)
        }
    }
}

extension StrategyRecord {
    /// Becomes a strategy of another class, which keeps of the parameters those that it has too.
    public mutating func become(_ className: String, _ catalog: StrategyCatalog) {
        self.className = className
        guard let strategyClass = catalog.strategyClass(named: className) else { return }
        let names = strategyClass.descriptor.parameters.map(\.name)
        parameters = parameters.filter { names.contains($0.key) }
    }
}

/// What strategies may be called.
public enum StrategyNaming {
    /// The rule in words.
    public static let rule = "a strategy's name has 1 to 32 letters, digits, '-', '_' or '.'"

    /// Whether a text may be a strategy's name.
    public static func isName(_ text: String) -> Bool {
        let isPlain = text.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0))
        }
        return isPlain && (1...32).contains(text.count)
    }
}
