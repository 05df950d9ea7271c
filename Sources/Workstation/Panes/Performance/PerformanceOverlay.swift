import Terminal

/// The performance figures in the upper right corner.
enum PerformanceOverlay {
    /// Draws the figures over what is there.
    static func draw(into canvas: inout Canvas, _ context: PaneContext) {
        let figures = context.statistics
        canvas.put(
            " \(figures.lastBytes) B/frame  \(figures.framesPerSecond) fps ", endingAt: canvas.size.width, y: 1,
            style: context.theme[.toastInfo])
    }
}
