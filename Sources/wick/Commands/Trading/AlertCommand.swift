import ArgumentParser
import Engine
import Storage

/// `wick alert …`
struct AlertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alert", abstract: "List and acknowledge alerts.",
        discussion: """
            Examples:
              wick alert list
              wick alert ack 4 7
              wick alert ack --all
            """,
        subcommands: [AlertListCommand.self, AlertAcknowledgeCommand.self])
}

/// An alert as it is printed.
struct AlertRow {
    var id: Int64
    var time: String
    var firstTime: String?
    var priority: String
    var kind: String
    var instrument: String?
    var text: String
    var count: Int
    var state: String

    /// An alert of the running engine; when it arose first, the store knows.
    init(_ message: AlertMessage, firstTime: String?) {
        id = message.id
        time = message.time
        self.firstTime = firstTime
        priority = message.priority
        kind = message.kind
        instrument = message.symbol
        text = message.text
        count = message.count
        state = message.state + (message.shelvedUntil.map { " until \($0)" } ?? "")
    }

    init(_ record: AlertRecord) {
        id = record.id
        time = record.alert.time.description
        firstTime = record.firstTime.description
        priority = record.alert.priority.name
        kind = record.alert.kind
        instrument = record.instrument
        text = record.alert.text
        count = record.count
        switch record.status {
        case .unacknowledged: state = "unacknowledged"
        case .acknowledged: state = "acknowledged"
        case .shelved(let until): state = "shelved until \(until)"
        }
    }
}

/// `wick alert list`
struct AlertListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the alerts that nobody has acknowledged, newest first.",
        discussion: """
            Asks the running engine; without one, and for what --all adds, shows what the store remembers.

            Example: wick alert list --all
            """)

    @Flag(name: .customLong("all"), help: "Acknowledged ones too.") var isAll = false
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let rows = try rows()
        if print.isJSON { return JSON.print(rows) }
        var table = Table(
            .number("number"), .text("time"), .text("priority"), .text("about"), .text("what"), .number("times"),
            .text("state"))
        for row in rows {
            table.add(
                "\(row.id)", row.time, row.priority, row.instrument ?? "", row.text, "\(row.count)", row.state)
        }
        table.print(whenEmpty: isAll ? "there are no alerts" : "no alert is open")
    }
}

extension AlertListCommand {
    private func rows() throws -> [AlertRow] {
        guard let live = try data.runningEngine()?.alerts() else {
            return try data.withAccount { try $0.alerts(isAll ? .all : .unacknowledged).map { AlertRow($0) } }
        }
        // A store that can't be read is no reason not to say what the engine knows.
        let stored = (try? data.withAccount { try $0.alerts(.all).map { AlertRow($0) } }) ?? []
        let rows = live.filter { isAll || $0.state != "acknowledged" }.map { message in
            AlertRow(message, firstTime: stored.first { $0.id == message.id }?.firstTime)
        }
        return rows + (isAll ? stored.filter { row in !rows.contains { $0.id == row.id } } : [])
    }
}

/// `wick alert ack NUMBER…`
struct AlertAcknowledgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "Acknowledge alerts.",
        discussion: """
            A running engine does it at once; without one, the next finds it done.

            Examples:
              wick alert ack 4 7
              wick alert ack --all
            """)

    @Argument(help: "The alerts' numbers, of 'wick alert list'.") var numbers: [Int64] = []
    @Flag(name: .customLong("all"), help: "All that are open.") var isAll = false
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    private struct Answer {
        var acknowledged: Int
    }

    func validate() throws {
        if numbers.isEmpty == !isAll {
            throw ValidationError("which alerts? expected their numbers ('wick alert list' names them), or --all")
        }
    }

    func run() throws {
        let count = try data.runningEngine().map(acknowledge) ?? acknowledgeInStore()
        if print.isJSON { return JSON.print(Answer(acknowledged: count)) }
        Output.line(count == 1 ? "1 alert is acknowledged" : "\(count) alerts are acknowledged")
    }

    private func acknowledge(_ engine: EngineClient) throws -> Int {
        let alerts = try engine.alerts()
        let open = alerts.filter { $0.state != "acknowledged" }.map(\.id)
        let wanted = isAll ? open : numbers.filter(open.contains)
        let known = alerts.map(\.id) + ((try? data.withAccount { try $0.alerts(.all, limit: 100_000).map(\.id) }) ?? [])
        try refuse(numbers.filter { !known.contains($0) })
        if !wanted.isEmpty { try engine.acknowledge(wanted) }
        return wanted.count
    }

    private func refuse(_ unknown: [Int64]) throws {
        guard !unknown.isEmpty else { return }
        let list = unknown.map(String.init).joined(separator: ", ")
        throw CommandFailure(.refused, "there is no alert \(list); 'wick alert list --all' names them")
    }

    private func acknowledgeInStore() throws -> Int {
        let store = try data.storeUpToJournal()
        let known = Set(try store.alerts(.all, limit: 100_000).map(\.id))
        try refuse(numbers.filter { !known.contains($0) })
        let count = try store.acknowledgeAlerts(isAll ? nil : numbers, by: "command")
        try store.audit("alert ack", detail: "\(count) acknowledged", by: "command", at: Environment.now)
        return count
    }
}
