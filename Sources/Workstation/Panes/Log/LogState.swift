/// What the log pane remembers between frames.
struct LogState: Sendable {}
