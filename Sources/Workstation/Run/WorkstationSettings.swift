public import Terminal

/// How the screen is to look and behave.
public struct WorkstationSettings: Sendable {
    /// What was the same last time.
    public var preferences = Preferences()
    /// Writes down what is to be the same next time; called on the screen's thread.
    public var save: @Sendable (Preferences) -> Void = { _ in }
    /// Where theme files are, most important first.
    public var themeDirectories: [String] = []
    /// How many colours to use; `nil` for what the terminal says, or none when `NO_COLOR` is set.
    public var colorDepth: ColorDepth?
    /// Whether everything is drawn in ASCII, whatever the theme says.
    public var isASCII = false
    /// What graphs are drawn with; `nil` for what the theme says.
    public var graph: GlyphSet?
    /// Frames a second at most, 1…60; keys are answered at once besides.
    public var framesPerSecond = 10
    /// Keys other than the default ones, by action: `["chart.crosshair": ["c", "ctrl-k"], "palette": ["none"]]`.
    public var keys: [String: [String]] = [:]
    /// Where standard output and error go while the screen is up; `nil` leaves them, which spoils the screen.
    public var logPath: String?
    /// Which terminal.
    public var destination = ScreenOptions.Destination.standard
    /// Whether SIGUSR1 is the emergency stop while the screen is up; not when the executable sees to it itself.
    public var handlesStopSignal = true
    /// What the screen offers to whoever wants to leave it.
    public var departure = Departure.endsEngine(why: "")
    /// Whether the theme of the preferences counts even where the last screen had another.
    public var keepsTheme = false
    /// What is to be said when the screen opens: problems of the configuration.
    public var notices: [String] = []

    /// What becomes of the engine when a screen goes.
    public enum Departure: Sendable, Hashable {
        /// It ends with the screen, for a reason in a sentence.
        case endsEngine(why: String)
        /// It goes on in this process, without a terminal.
        case detaches
        /// It is another process and goes on.
        case leaves(engine: Int32)
    }

    /// The usual settings.
    public init() {}

    /// What is wrong with `keys`, all at once, a sentence each; empty when they can be used.
    public var keyProblems: [String] { BindingTable(remapping: keys).problems.map(\.description) }
}
