import Market

/// Finds candles whose high or low stands far out of both neighbours and comes back at once: a wrong tick, perhaps.
///
/// A candle is suspicious when its high lies above both neighbours' highs (or its low below both lows) by more than
/// `factor` times the median true range of the sixty-four candles before, and by more than one percent of its close. It
/// stays as it is: only a look at the venue's trades can tell.
struct OutlierWatch {
    /// How many median true ranges a spike must stand out.
    static let factor: Int64 = 25
    private static let window = 64

    private var before: Candle?
    private var current: Candle?
    private var currentLine = 0
    private var ranges: [Int64] = []
    private var median: Int64?

    init() { ranges.reserveCapacity(OutlierWatch.window) }

    /// A spike that the latest candle has shown to be one.
    struct Finding {
        var line: Int
        var candle: Candle
        /// How far it stands out, in price units.
        var excess: Int64
        /// How far candles usually range, in price units.
        var usual: Int64
        var isHigh: Bool
    }

    /// Takes the next candle; tells whether the one before it was a spike.
    mutating func add(_ next: Candle, line: Int) -> Finding? {
        defer {
            before = current
            current = next
            currentLine = line
        }
        guard let current else { return nil }
        let reference = before ?? current
        addRange(max(current.high, reference.close).mantissa - min(current.low, reference.close).mantissa)
        guard let before, let median else { return nil }
        let up = current.high.mantissa - max(before.high, next.high).mantissa
        let down = min(before.low, next.low).mantissa - current.low.mantissa
        let excess = max(up, down)
        guard excess > current.close.mantissa / 100, excess / OutlierWatch.factor > median else { return nil }
        return Finding(line: currentLine, candle: current, excess: excess, usual: median, isHigh: up >= down)
    }

    /// The median is taken anew for every sixty-four candles, from those.
    private mutating func addRange(_ range: Int64) {
        ranges.append(range)
        guard ranges.count == OutlierWatch.window else { return }
        ranges.sort()
        median = ranges[OutlierWatch.window / 2]
        ranges.removeAll(keepingCapacity: true)
    }
}
