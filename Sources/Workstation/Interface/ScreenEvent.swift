import Engine
import Terminal

/// Something the reducer is told.
enum ScreenEvent: Sendable {
    /// A key, a paste, a new size, the focus.
    case input(InputEvent)
    /// The engine published a new snapshot.
    case snapshot
    /// The engine answered a request.
    case reply(EngineReply)
    /// Time passed.
    case tick
    /// The catalogue was read.
    case catalog(Catalog)
    /// The screen stands differently to the engine.
    case link(ScreenLink)
    /// The process was told by SIGUSR1 to stop trading, and trading was stopped.
    case outsideStop
}

/// What the run loop does for the reducer.
enum ScreenEffect: Sendable {
    /// Asks the engine; the answer comes back as a reply.
    case send(EngineRequest)
    /// Puts text on the clipboard of the person's terminal.
    case copy(String)
    /// Sends every cell anew with the next frame.
    case redraw
    /// Reads classes and series.
    case reloadCatalog
    /// Writes down what is to be the same next time.
    case save(Preferences)
    /// Forgets keys typed before a dialog opened.
    case flushInput
    /// Ends the screen.
    case exit(ExitReason)
}

/// What the screen remembers from one start to the next.
public struct Preferences: Sendable, Hashable {
    /// The theme's name.
    public var theme: String
    /// The layout: `trade`, `watch`, `research` or `ops`.
    public var layout: String
    /// The symbol shown last, `BINANCE:BTCUSDT`; empty for the first there is.
    public var symbol: String
    /// The timeframe shown last, `5m`.
    public var timeframe: String

    /// Preferences of their parts.
    public init(theme: String = "default", layout: String = "trade", symbol: String = "", timeframe: String = "1m") {
        self.theme = theme
        self.layout = layout
        self.symbol = symbol
        self.timeframe = timeframe
    }
}

/// Why the screen ended.
public enum ExitReason: Sendable, Hashable {
    /// The person, or whoever has control, asked to stop the engine and quit.
    case quit
    /// The person left the screen; the engine goes on.
    case detach
    /// SIGINT or SIGTERM.
    case signal(Int32)
    /// The terminal is gone.
    case hangUp
    /// The terminal could not be opened or used, with the reason.
    case failed(String)
}
