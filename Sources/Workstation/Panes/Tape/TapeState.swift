/// What the tape pane remembers between frames.
struct TapeState: Sendable {}
