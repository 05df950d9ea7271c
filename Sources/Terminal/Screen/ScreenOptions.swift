import Glibc

/// How a screen is opened.
public struct ScreenOptions: Sendable {
    /// Where the screen appears.
    public enum Destination: Sendable, Hashable {
        /// The terminal on standard input and output.
        case standard
        /// Another terminal, by its descriptor, which stays the caller's.
        case descriptor(Int32)
        /// Another terminal, by its path, say `/dev/pts/3`.
        case path(String)
        /// No terminal: the bytes are kept, see ``Screen/takeOutput()``. For tests and measurements.
        case headless(Size)
    }

    /// Where the screen appears.
    public var destination: Destination = .standard
    /// The terminal type; nil for `TERM` of the environment.
    public var terminalType: String?
    /// How many colours to use; nil for what the terminal says, or none when `NO_COLOR` is set.
    ///
    /// A depth the terminal cannot show is lowered to what it can.
    public var colorDepth: ColorDepth?
    /// Whether frames are marked as one update (mode 2026); nil for yes, except on consoles and VT terminals.
    public var synchronizesUpdates: Bool?
    /// Whether mouse events are asked for. Off, so that the terminal's own selecting and copying works.
    public var isMouseEnabled = false
    /// Where standard output and error go while the screen is up; nil leaves them, and stray prints spoil the screen.
    public var logPath: String?
    /// Whether SIGINT, SIGTERM, SIGHUP and crashes are the screen's business. If not, closing in time is the caller's.
    public var handlesSignals = true
    /// How long after an Escape byte the rest of a sequence may come, in milliseconds.
    public var escapeDelayMilliseconds = 25
    /// The environment to look into; nil for that of the process.
    public var environment: [String: String]?

    /// A variable of the environment to look into.
    func variable(_ name: String) -> String? {
        if let environment { return environment[name] }
        return getenv(name).map { String(cString: $0) }
    }

    /// Makes options for the terminal the program was started in.
    public init() {}

    /// Makes options for a destination.
    public init(destination: Destination, terminalType: String? = nil) {
        self.destination = destination
        self.terminalType = terminalType
    }
}

/// Why there is no screen.
public enum ScreenError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Standard input or output is no terminal.
    case notATerminal(stream: String, hasControllingTerminal: Bool)
    /// The terminal type cannot place characters, or is not set.
    case terminalTooSimple(String)
    /// There is no description of the terminal type.
    case unknownTerminalType(String)
    /// Another screen of this process is open.
    case alreadyOpen
    /// A terminal could not be opened or set up.
    case cannotUse(String, reason: String)
    /// The log for stray output could not be opened.
    case cannotLog(String, reason: String)

    /// A message to show as it is: what happened and what to do.
    public var description: String {
        switch self {
        case .notATerminal(let stream, let hasControllingTerminal):
            let why = "\(stream) is not a terminal"
            return hasControllingTerminal
                ? "\(why): run without a pipe or redirection to open the screen"
                : "\(why) and there is none to open the screen on: run inside a terminal, or use the commands"
        case .terminalTooSimple(let type):
            let shown = type.isEmpty ? "TERM is not set" : "TERM=\(type) cannot place characters"
            return "\(shown): set TERM to the type of your terminal, say xterm-256color"
        case .unknownTerminalType(let type):
            return "TERM=\(type) is not known on this machine: install its description (package ncurses-term),"
                + " or set TERM=xterm-256color"
        case .alreadyOpen: return "the screen is already open: close it before opening another"
        case .cannotUse(let name, let reason): return "cannot use terminal \(name): \(reason)"
        case .cannotLog(let path, let reason): return "cannot write the log \(path): \(reason)"
        }
    }
}

/// What became of a frame, and its cost.
public struct FrameReport: Sendable, Hashable {
    /// What became of a frame.
    public enum Outcome: Sendable, Hashable {
        /// It was sent, perhaps not all of it yet.
        case presented
        /// It looks like the last one: nothing was sent.
        case unchanged
        /// The terminal still has to take the last one: nothing was drawn. Present a newer frame later.
        case skipped
        /// There is no terminal any more.
        case gone
    }

    /// What became of it.
    public var outcome: Outcome
    /// Bytes of this frame, marks included.
    public var bytes = 0
    /// Cells that differed from the last frame.
    public var changedCells = 0
    /// From the call to its return, in microseconds.
    public var microseconds = 0
    /// Frames skipped since the screen was opened.
    public var skippedFrames = 0
    /// Whether a frame was skipped lately: the line is slower than the picture changes.
    public var isLinkSlow = false
}
