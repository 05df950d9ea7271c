import Engine

/// What the log pane remembers between frames.
struct LogState: Sendable {
    /// The least level that is shown: 0 all, 1 warnings and errors, 2 errors.
    var level = 0
    /// The lines shown while the log stands still, oldest first; `nil` while it follows.
    var frozen: [LogLine]?
    /// How many of the newest lines are scrolled out of sight.
    var offset = 0
}
