import ArgumentParser
import Engine

/// `wick attach`
struct AttachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Open a screen on the engine that is running.",
        discussion: """
            One screen at a time is in control; the others watch, and may press the emergency stop. A screen that asked \
            for control gets it as soon as nobody has it. It opens with the panes that the last one had.

            Examples:
              wick attach
              wick attach --watch
              wick attach --take
            """)

    @Flag(help: "Only watch, whether somebody has control or not.") var watch = false
    @Flag(help: "Take control from whoever has it; that screen is told and watches from then on.") var take = false
    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var look: LookOptions

    func validate() throws {
        if watch && take { throw ValidationError("--watch never controls and --take does; say one of them") }
    }

    func run() throws {
        let wish: ScreenWish = watch ? .watch : take ? .take : .control
        try AttachSession(wish: wish, configuration: configuration, data: data, look: look).run()
    }
}
