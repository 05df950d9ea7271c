/// What the chart pane remembers between frames.
struct ChartState: Sendable {}
