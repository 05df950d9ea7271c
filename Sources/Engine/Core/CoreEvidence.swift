import Market
import Storage
import Trading

// The gate: with real money a strategy is enabled only with evidence for it, or when somebody answers for what is missing.
extension EngineCore {
    /// What the core may ask about evidence. Asking is one read of an index, when a strategy is enabled.
    struct EvidenceStore: Sendable {
        var records: @Sendable (EvidenceGate.Subject) throws(StoreError) -> [EvidenceRecord]
        var keep: @Sendable (EvidenceRecord) throws(StoreError) -> Void
    }

    /// Why a strategy may not be enabled, with what is missing; `nil` when it may, as always where no real money is.
    func denial(_ registration: StrategyRegistration) -> String? {
        guard configuration.trading?.mode == .live, let subject = subject(registration) else { return nil }
        guard let evidence else { return "\(registration.name): this session can't look evidence up" }
        do throws(StoreError) {
            return configuration.evidence.denial(of: subject, try evidence.records(subject), at: commandTime)
        } catch {
            return "\(registration.name): its evidence can't be read: \(error.description)"
        }
    }

    /// Enables a strategy for which somebody answers. The answer is in the journal before the strategy trades, and stands
    /// as long as evidence does.
    func enableWaived(_ id: StrategyID, reason: String, origin: String) -> EngineReply {
        let reason = reason.split(whereSeparator: \.isNewline).joined(separator: " ")
        guard let registration = registration(id) else { return .refused("there is no strategy \(id.rawValue)") }
        guard reason.contains(where: { !$0.isWhitespace }) else { return .refused("a waiver needs a reason") }
        if registration.status == .enabled { return .done("\(registration.name) is enabled already") }
        guard let denial = denial(registration), let subject = subject(registration) else {
            return enable(id, origin: origin)
        }
        audit("evidence waived", subject: registration.name, origin: origin, detail: "\(reason) (\(denial))")
        keepWaiver(
            EvidenceRecord(
                time: commandTime, check: .waiver, className: subject.className,
                parameters: EvidenceParameters(values: subject.parameters), series: subject.series,
                timeframe: subject.timeframe, value: nil, passed: true, source: origin, detail: reason))
        return switchOn(registration, origin: origin)
    }

    /// Enables a strategy behind the gate.
    func switchOn(_ registration: StrategyRegistration, origin: String) -> EngineReply {
        strategyCommand(
            .enable(registration.id, history: history(registration)), registration.id, "enabled", origin: origin)
    }

    /// Disables what an account that is new to this session brought enabled and without evidence.
    func applyGateAtStart() {
        for registration in kernel.registrations where registration.status == .enabled {
            guard let denial = denial(registration) else { continue }
            _ = run(.disable(registration.id))
            audit("strategy disabled", subject: registration.name, origin: "gate", detail: denial)
            raise(.warning, "strategy-refused", denial)
        }
    }

    private func subject(_ registration: StrategyRegistration) -> EvidenceGate.Subject? {
        guard instruments.indices.contains(registration.instrument.index) else { return nil }
        let parameters = registration.parameters
        return EvidenceGate.Subject(
            name: registration.name, className: registration.className,
            parameters: zip(parameters.descriptors, parameters.values).map { ($0.name, $1) },
            series: instruments[registration.instrument.index].name, timeframe: registration.timeframe)
    }

    /// On a thread of its own: a disk that hangs must not hold up the kernel, and the journal has it already.
    private func keepWaiver(_ record: EvidenceRecord) {
        guard let keep = evidence?.keep else { return }
        let inbox = inbox
        let write: @Sendable () -> Void = {
            do throws(StoreError) {
                try keep(record)
            } catch {
                let text = "a waiver was not stored, and must be given again after a restart: \(error.description)"
                inbox.tell { $0.raise(.warning, "waiver-not-stored", text) }
            }
        }
        do { try latchThread.run(write) } catch { write() }
    }
}
