import Market
import Storage
import Trading

// Alerts, and what another process does to them.
extension EngineCore {
    /// Raises an alert of the engine's own.
    func raise(_ priority: AlertPriority, _ kind: String, _ text: String, instrument: InstrumentID? = nil) {
        raise(Alert(time: commandTime, priority: priority, kind: kind, text: text, instrument: instrument))
    }

    /// Shows an alert, logs it and has it stored.
    ///
    /// - Parameter sequence: the decision record of an alert of the kernel; one of the engine's own is written down here.
    func raise(_ alert: Alert, sequence: UInt64? = nil) {
        var stored = alert
        if stored.strategy != nil { stored.order = nil }
        if let sequence { return show(alert, stored, sequence) }
        let note = EngineNote.alert(stored)
        inTurn { core in
            core.show(alert, stored, core.exchange.log.note(.note, at: alert.time) { note.write(to: &$0) })
        }
    }

    private func show(_ alert: Alert, _ stored: Alert, _ sequence: UInt64) {
        // The number of its record is known after a restart too, when others refer to the alert.
        let number = alerts.raise(alert, number: sequence > 0 ? -Int64(clamping: sequence) : nil)
        record(.alert(stored, number: number), sequence)
        log.write(alert.priority == .info ? .info : .warning, "\(alert.kind): \(alert.text)", at: alert.time)
        if alert.priority == .critical { notices.post(.error, alert.text) }
        isChanged = true
        if alert.kind == Alert.strategyFault, let registration = alert.strategy.flatMap(registration) {
            supervise(registration)
        }
    }

    /// Writes down what the engine itself did, and has it stored.
    func note(_ note: EngineNote) {
        inTurn { core in
            core.record(.note(note), core.exchange.log.note(.note, at: core.commandTime) { note.write(to: &$0) })
        }
    }

    /// The store has given an alert its number.
    func alertStored(number: Int64, id: Int64) {
        alerts.number(number, becomes: id)
        isChanged = true
    }

    /// Another process acknowledged or shelved alerts; `standing` are those that are not acknowledged.
    func alertsChanged(_ standing: [Int64: AlertState]) {
        if alerts.adopt(standing) { isChanged = true }
    }
}
