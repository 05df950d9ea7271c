/// What the book pane remembers between frames.
struct BookState: Sendable {}
