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
    var firstTime: String
    var priority: String
    var kind: String
    var instrument: String?
    var text: String
    var count: Int
    var state: String

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
        discussion: "Example: wick alert list --all")

    @Flag(name: .customLong("all"), help: "Acknowledged ones too.") var isAll = false
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let rows = try data.withStore { try $0.alerts(isAll ? .all : .unacknowledged).map(AlertRow.init) }
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

/// `wick alert ack NUMBER…`
struct AlertAcknowledgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "Acknowledge alerts.",
        discussion: """
            A running workstation takes it over within a second.

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
        let store = try data.store()
        let known = Set(try store.alerts(.all, limit: 100_000).map(\.id))
        let unknown = numbers.filter { !known.contains($0) }
        guard unknown.isEmpty else {
            let list = unknown.map(String.init).joined(separator: ", ")
            throw CommandFailure(.refused, "there is no alert \(list); 'wick alert list --all' names them")
        }
        let count = try store.acknowledgeAlerts(isAll ? nil : numbers, by: "command")
        try store.audit("alert ack", detail: "\(count) acknowledged", by: "command", at: Environment.now)
        if print.isJSON { return JSON.print(Answer(acknowledged: count)) }
        Output.line(count == 1 ? "1 alert is acknowledged" : "\(count) alerts are acknowledged")
    }
}
