/// What the heatmap pane remembers between frames.
struct HeatmapState: Sendable {}
