/// Why a plot could not be drawn.
public enum PlotError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The size is none that can be drawn.
    case size(width: Int, height: Int)
    /// The drawing library failed, in its words.
    case drawing(String)

    /// What happened and what was expected.
    public var description: String {
        switch self {
        case .size(let width, let height):
            let range = PlotSize.range
            return
                "a plot of \(width)x\(height) can't be drawn; expected \(range.lowerBound) to \(range.upperBound) each way"
        case .drawing(let reason): return "the plot could not be drawn: \(reason)"
        }
    }
}

/// How big a plot is, in pixels (PNG) or points (SVG).
public struct PlotSize: Sendable, Hashable {
    /// What can be drawn and looked at.
    public static let range = 160...8_000

    /// Across.
    public var width: Int
    /// Down.
    public var height: Int

    /// A size of its parts; whether it can be drawn is known when it is.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// A size as people write it, `1200x800`; `nil` when it is none, or none in `range`.
    public init?(_ text: some StringProtocol) {
        let parts = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1], PlotSize.range.contains(width),
            PlotSize.range.contains(height)
        else { return nil }
        self.init(width: width, height: height)
    }
}
