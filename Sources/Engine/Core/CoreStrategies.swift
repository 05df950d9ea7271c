import Market
import Storage
import Trading

// Registering, changing, enabling and removing strategies, from here and from other processes.
extension EngineCore {
    func enable(_ id: StrategyID, origin: String) -> EngineReply {
        guard let registration = registration(id) else { return .refused("there is no strategy \(id.rawValue)") }
        if registration.status == .enabled { return .done("\(registration.name) is enabled already") }
        if let denial = denial(registration) {
            audit("strategy enable refused", subject: registration.name, origin: origin, detail: denial)
            return .refused(denial)
        }
        return switchOn(registration, origin: origin)
    }

    /// Runs a command about a strategy and says what became of it.
    func strategyCommand(_ command: Command, _ id: StrategyID, _ done: String, origin: String) -> EngineReply {
        let name = registration(id)?.name ?? "strategy \(id.rawValue)"
        let outcome = run(command)
        audit("strategy \(done)", subject: name, origin: origin, detail: outcome ?? "done")
        return outcome.map(EngineReply.refused) ?? .done("\(name) is \(done)")
    }

    func change(_ registration: StrategyRegistration, origin: String) -> EngineReply {
        guard let current = self.registration(registration.id) else {
            return .refused("there is no strategy \(registration.id.rawValue)")
        }
        if let problem = problem(registration) { return .refused(problem) }
        var changed = registration
        changed.status = current.status
        // What trades goes on only as something that could be enabled.
        if changed.status == .enabled, !changed.isTheSame(as: current), let denial = denial(changed) {
            return .refused(denial)
        }
        subscribe(registration)
        return strategyCommand(
            .register(changed, history: history(changed)), registration.id, "changed", origin: origin)
    }

    /// Has a new strategy numbered by the store, so that no two processes give one number twice, then registers it.
    func add(
        _ registration: StrategyRegistration, origin: String, _ reply: (@Sendable (EngineReply) -> Void)?
    ) {
        var new = registration
        if let problem = problem(new, isNew: true) { return tell(.refused(problem), reply) }
        if new.status == .enabled, let denial = denial(new) { return tell(.refused(denial), reply) }
        let status = new.status
        new.status = .disabled
        let inbox = inbox
        let record = StrategyRecord(new, instrument: instruments[new.instrument.index])
        recorder.add(
            .addStrategy(record, at: commandTime) { result in
                inbox.tell { $0.added(result, registration, status, origin: origin, reply) }
            })
    }

    private func added(
        _ result: Result<StrategyRecord, StoreError>, _ registration: StrategyRegistration, _ status: StrategyStatus,
        origin: String, _ reply: (@Sendable (EngineReply) -> Void)?
    ) {
        switch result {
        case .failure(let error):
            tell(.refused("\(registration.name) was not registered: \(error.description)"), reply)
        case .success(let stored):
            var new = registration
            new.id = stored.id
            new.status = status
            subscribe(new)
            let outcome = run(.register(new, history: history(new)))
            audit("strategy added", subject: new.name, origin: origin, detail: outcome ?? "done")
            // Whoever is told that it is registered finds it so after a kill.
            exchange.waitForInputs()
            tell(outcome.map(EngineReply.refused) ?? .done("\(new.name) is registered"), reply)
        }
    }

    /// Why a registration can't be taken, or `nil`.
    private func problem(_ registration: StrategyRegistration, isNew: Bool = false) -> String? {
        guard instruments.indices.contains(registration.instrument.index) else { return "there is no such instrument" }
        if registration.name.isEmpty || registration.name.contains(where: \.isNewline) {
            return "a strategy needs a name of one line"
        }
        if registration.timeframe < feed.timeframe {
            return "this session has candles of \(feed.timeframe) and longer, none of \(registration.timeframe)"
        }
        let isTaken = kernel.registrations.contains {
            $0.name == registration.name && (isNew || $0.id != registration.id)
        }
        return isTaken ? "there is already a strategy named '\(registration.name)'" : nil
    }

    func registration(_ id: StrategyID) -> StrategyRegistration? { kernel.registrations.first { $0.id == id } }

    // MARK: Other processes

    /// Takes over what was changed in the store while no engine ran.
    func adoptOutsideChanges() {
        guard isResumed else { return }
        if comparesWithStore { adoptOutsideStrategies() }
        // The latch and the configuration count whatever the store is behind by.
        let isLatched = EmergencyLatch.isSet(directory: configuration.directory.path)
        let isHalted = kernel.tradingState == .halted
        let storeIsHalted = comparesWithStore && recovery.tradingState == .halted
        if !isHalted && (isLatched || storeIsHalted) {
            _ = emergencyStop(keepsProtection: true, flattens: false, origin: "store")
        } else if comparesWithStore && isHalted && !isLatched && !storeIsHalted {
            _ = rearm(origin: "store")
        }
        if kernel.limits != configuration.limits { _ = run(.limits(configuration.limits)) }
    }

    private func adoptOutsideStrategies() {
        for record in recovery.strategies {
            let known = registration(record.id).map {
                StrategyRecord($0, instrument: instruments[$0.instrument.index], reason: "")
            }
            // Both in the same words: the store keeps what was said, the kernel what it came to.
            if let known, known.saysTheSame(as: inFull(record)) { continue }
            strategyChanged(record, from: known)
        }
        for registration in kernel.registrations
        where !recovery.strategies.contains(where: { $0.id == registration.id }) {
            strategyRemovedFromOutside(registration.id)
        }
    }

    /// Another process registered or changed a strategy in the store; `before` is what stood there before, if anything.
    func strategyChanged(_ record: StrategyRecord, from before: StrategyRecord?) {
        guard let instrument = instruments.firstIndex(where: { $0.name == record.instrument.name }) else {
            return raise(
                .warning, "strategy-elsewhere",
                "\(record.name) trades \(record.instrument.name), which this session does not; it starts with the next one"
            )
        }
        guard let strategyClass = configuration.catalog.strategyClass(named: record.className) else {
            return raise(
                .warning, "strategy-unknown",
                "\(record.name): there is no class '\(StrategyClass.title(of: record.className))'")
        }
        var registration: StrategyRegistration
        do {
            registration = try record.registration(
                descriptors: strategyClass.descriptor.parameters, instrument: InstrumentID(instrument))
        } catch {
            return raise(.warning, "strategy-refused", "\(record.name): \(error.description)")
        }
        if let current = self.registration(record.id), let before {
            if before.saysTheSame(as: record, butStatus: true) { return adopt(record.status, current) }
            // A status that nobody changed is the kernel's own: it may have halted the strategy a moment ago.
            if before.status == record.status { registration.status = current.status }
        }
        if registration.status == .enabled, let denial = denial(registration) {
            registration.status = .disabled
            raise(.warning, "strategy-refused", denial)
        }
        subscribe(registration)
        if let refusal = run(.register(registration, history: history(registration))) {
            return raise(.warning, "strategy-refused", refusal)
        }
        log.write(.info, "\(record.name) was taken over from the store", at: commandTime)
        notices.post(.info, "\(record.name) was changed from outside")
    }

    /// A stored strategy with every parameter that its class has, or as it is where that can't be told.
    private func inFull(_ record: StrategyRecord) -> StrategyRecord {
        guard let place = instruments.firstIndex(where: { $0.name == record.instrument.name }),
            let strategyClass = configuration.catalog.strategyClass(named: record.className),
            let registration = try? record.registration(
                descriptors: strategyClass.descriptor.parameters, instrument: InstrumentID(place))
        else { return record }
        return StrategyRecord(registration, instrument: record.instrument, reason: record.reason)
    }

    private func adopt(_ status: StrategyStatus, _ current: StrategyRegistration) {
        guard status != current.status else { return }
        let refusal: String?
        switch status {
        case .enabled:
            if let denial = denial(current) { return raise(.warning, "strategy-refused", denial) }
            refusal = run(.enable(current.id, history: history(current)))
        case .disabled, .halted: refusal = run(.disable(current.id))
        }
        if let refusal { return raise(.warning, "strategy-refused", refusal) }
        let text = "\(current.name) was \(status.rawValue) from outside"
        log.write(.info, text, at: commandTime)
        notices.post(.info, text)
    }

    /// Another process removed a strategy. While it holds something, or has an order that may yet fill, it only rests, and goes
    /// when it is flat.
    func strategyRemovedFromOutside(_ id: StrategyID) {
        guard let registration = registration(id) else { return }
        if run(.remove(id)) == nil {
            notices.post(.info, "\(registration.name) was removed from outside")
            return
        }
        _ = run(.disable(id))
        removals.append(id)
        raise(
            .warning, "removal-waits",
            "\(registration.name) was removed while it holds a position or may yet come to one: it opens nothing more and goes when it is flat"
        )
    }

    /// Removes strategies that waited for their position to close.
    func retryRemovals() {
        guard !removals.isEmpty else { return }
        for id in removals {
            guard let registration = registration(id) else { continue }
            let position = kernel.position(id, registration.instrument)
            if position.isDust(kernel.instrument(registration.instrument)) { _ = run(.remove(id)) }
        }
        removals.removeAll { registration($0) == nil }
    }
}

extension StrategyRegistration {
    /// Whether evidence for one is evidence for the other.
    fileprivate func isTheSame(as other: StrategyRegistration) -> Bool {
        className == other.className && parameters == other.parameters && instrument == other.instrument
            && timeframe == other.timeframe
    }
}
