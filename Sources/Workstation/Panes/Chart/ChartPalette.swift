import Terminal

/// The styles of a chart, looked up once a frame.
struct ChartPalette: Sendable {
    let up, down, flat, upWick, downWick, live: Style
    let volumeUp, volumeDown, volumeFlat: Style
    let axis, grid, text, dim: Style
    let lines: [Style]

    /// The styles of a theme.
    init(_ theme: Theme) {
        up = theme[.candleUp]
        down = theme[.candleDown]
        flat = theme[.priceFlat]
        upWick = theme[.candleUpWick]
        downWick = theme[.candleDownWick]
        live = theme[.candleLive]
        volumeUp = theme[.volumeUp]
        volumeDown = theme[.volumeDown]
        volumeFlat = theme[.textDim]
        axis = theme[.chartAxis]
        grid = theme[.chartGrid]
        text = theme[.text]
        dim = theme[.textDim]
        lines = (0..<6).map { theme[.line($0)] }
    }

    /// The body's style for a direction.
    func body(_ direction: CandleColumn.Direction) -> Style {
        switch direction {
        case .up: up
        case .down: down
        case .neutral: flat
        }
    }

    /// The wick's style for a direction.
    func wick(_ direction: CandleColumn.Direction) -> Style {
        switch direction {
        case .up: upWick
        case .down: downWick
        case .neutral: flat
        }
    }

    /// The volume column's style for a direction.
    func volume(_ direction: CandleColumn.Direction) -> Style {
        switch direction {
        case .up: volumeUp
        case .down: volumeDown
        case .neutral: volumeFlat
        }
    }
}
