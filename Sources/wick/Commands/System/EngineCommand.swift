import ArgumentParser
import Engine
import Glibc
import Settings
import Storage

/// `wick engine`
struct EngineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine", abstract: "Run the engine without a screen, until it is told to end.",
        discussion: """
            What it logs goes to wick.log in the data directory and to standard error. SIGTERM and SIGINT end it in \
            order: orders and positions stay as they are. SIGUSR1 is the emergency stop, SIGHUP means nothing. It tells \
            systemd how it is (Type=notify with a watchdog); Config/wick.service is a unit for it. A market with an end of \
            its own (--from, --to) ends it, too.

            Examples:
              wick engine
              wick engine --data-dir ~/paper --seed 7
            """)

    @OptionGroup var market: MarketOptions
    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var damage: DamageOptions

    func run() throws {
        var settings = try configuration.settings()
        var problems: [String] = []
        market.apply(to: &settings.feed, &problems)
        damage.check(settings.feed, &problems)
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        let directory = data.directory
        let manager = ServiceManager(Environment.variables)
        HeldSignals.hold()
        let (engine, notice) = try WorkstationSession.start(settings, directory, damage)
        if let notice { Output.error("wick: \(notice)") }
        let run = HeadlessRun(engine, manager: manager)
        WorkstationSession.prune(settings, directory)
        Output.error("wick: engine \(getpid()) runs on '\(directory.path)'; 'wick attach' shows it")
        run.wait { Output.error("wick: \($0)") }
        Output.error(OrderlyEnd.sentence(engine.snapshot))
    }
}
