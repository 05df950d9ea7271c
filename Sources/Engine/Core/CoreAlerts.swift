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
    func raise(_ alert: Alert) {
        let number = alerts.raise(alert)
        var stored = alert
        if stored.strategy != nil { stored.order = nil }
        recorder.add(.alert(stored, number: number))
        log.write(alert.priority == .info ? .info : .warning, "\(alert.kind): \(alert.text)", at: alert.time)
        if alert.priority == .critical { notices.post(.error, alert.text) }
        isChanged = true
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
