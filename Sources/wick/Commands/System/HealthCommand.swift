import ArgumentParser

/// `wick health …`
struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Check that everything the workstation needs is in order.",
        discussion: "Example: wick health check", subcommands: [HealthCheckCommand.self])
}

/// `wick health check`
struct HealthCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check store, configuration, themes, terminal, disk, clock and engine.",
        discussion: """
            Ends with 0 when nothing has failed; a warning is no failure.

            Examples:
              wick health check
              wick health check --json
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var share: ShareOptions
    @OptionGroup var print: PrintOptions

    private struct Report {
        var version = Wick.version
        var healthy: Bool
        var checks: [HealthRow]
    }

    func run() throws {
        let rows = HealthChecks(data: data, configuration: configuration, share: share).rows
        let isHealthy = !rows.contains { $0.status == .failed }
        if print.isJSON {
            JSON.print(Report(healthy: isHealthy, checks: rows))
        } else {
            var table = Table(.text("check"), .text("status"), .text("detail"))
            for row in rows { table.add(row.check, row.status.rawValue, row.detail) }
            table.print(whenEmpty: "")
        }
        if !isHealthy { throw CommandFailure(.refused) }
    }
}
