import ArgumentParser
import Engine
import Storage
import Trading

/// `wick status`
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how the engine and the account are, and which screens are attached.",
        discussion: """
            Asks the running engine; without one, shows what the store remembers.

            Example: wick status --json
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    private struct Stored {
        var running = false
        var tradingState: String
        var cash: String?
        var currency: String?
        var openPositions: Int
        var openOrders: Int
        var unacknowledgedAlerts: Int
    }

    private struct Running {
        var running = true
        var engine: StatusMessage
    }

    func run() throws {
        if let engine = try data.runningEngine() { return show(try engine.status()) }
        let store = try data.storeUpToJournal()
        let account = try store.account()
        let isHalted = try store.tradingState() == .halted || EmergencyLatch.isSet(directory: data.directory.path)
        let row = Stored(
            tradingState: isHalted ? "halted" : "active", cash: account?.cash.decimalText,
            currency: account?.currency.code, openPositions: try store.positions().count,
            openOrders: try store.orders(openOnly: true).count,
            unacknowledgedAlerts: try store.alerts(.unacknowledged).count)
        if print.isJSON { return JSON.print(row) }
        Output.line("no engine is running on '\(data.directory.path)'; as it was left:")
        lines([
            ("trading", row.tradingState), ("cash", "\(row.cash ?? "–") \(row.currency ?? "")"),
            ("positions", "\(row.openPositions) open"), ("orders", "\(row.openOrders) open"),
            ("alerts", "\(row.unacknowledgedAlerts) open"),
        ])
    }

    private func show(_ status: StatusMessage) {
        if print.isJSON { return JSON.print(Running(engine: status)) }
        let screens = status.screens.map { $0.name + ($0.inControl ? " (in control)" : " (watching)") }
        var rows = [
            ("engine", "process \(status.process), wick \(status.release), \(status.mode), \(status.source)"),
            ("trading", status.tradingState),
        ]
        if let problem = status.engineProblem { rows.insert(("STOPPED", problem), at: 1) }
        if let problem = status.feedProblem { rows.append(("connection", problem)) }
        if let problem = status.venueProblem { rows.append(("venue", "nothing opens: \(problem)")) }
        if let pause = status.venuePause { rows.append(("venue", "nothing that opens is sent \(pause)")) }
        if let weight = status.venueWeight, let limit = status.venueWeightLimit {
            rows.append(("venue limits", "\(weight) of \(limit) weight in the last minute"))
        }
        if let pause = status.dataPause { rows.append(("market data", "asked for no book and no minute \(pause)")) }
        if status.venueWeight == nil, let weight = status.dataWeight, let limit = status.dataWeightLimit {
            rows.append(("data limits", "\(weight) of \(limit) weight in the last minute"))
        }
        if let rehearsal = status.rehearsal { rows.append(("venue", "\(rehearsal), as the configuration wants it")) }
        rows += [
            ("market time", status.time),
            ("equity", "\(status.equity) \(status.currency), \(status.dayProfit) today"), ("cash", status.cash),
            ("positions", "\(status.openPositions) open"), ("orders", "\(status.openOrders) open"),
            ("alerts", "\(status.unacknowledgedAlerts) open"),
            ("markets", status.markets.map { "\($0.symbol) \($0.last ?? "–") \($0.status)" }.joined(separator: ", ")),
            ("store", status.storeProblem ?? "\(status.storeBacklog) records wait"),
            ("screens", screens.isEmpty ? "none" : screens.joined(separator: ", ")),
        ]
        lines(rows)
    }

    private func lines(_ rows: [(String, String)]) {
        for (title, value) in rows {
            Output.line(title + String(repeating: " ", count: 13 - title.count) + Table.plain(value))
        }
    }
}
