import Backtesting
import Market

/// A fall of the daily equity below a peak and the way back.
struct DrawdownEpisode: Sendable, Hashable {
    /// The day of the peak (the day before the first for the initial equity), as its start.
    var peak: Timestamp
    /// The day of the deepest mark.
    var trough: Timestamp
    /// The day that was marked at the peak or above again; `nil` when it did not come.
    var recovery: Timestamp?
    /// The fall, as a positive share of the peak.
    var depth: Double
    /// Days below the peak.
    var days: Int

    /// The episodes, the deepest first. O(days · log days).
    static func episodes(_ curve: DayCurve) -> [DrawdownEpisode] {
        var episodes: [DrawdownEpisode] = []
        var peak = (day: -1, value: curve.initial)
        var trough: (day: Int, value: Double)?
        func end(_ day: Int?) {
            guard let low = trough, peak.value > 0 else { return }
            episodes.append(
                DrawdownEpisode(
                    peak: curve.day(peak.day), trough: curve.day(low.day), recovery: day.map(curve.day),
                    depth: 1 - low.value / peak.value, days: (day ?? curve.equity.count) - peak.day - 1))
            trough = nil
        }
        for (day, value) in curve.equity.enumerated() {
            if value >= peak.value {
                end(day)
                peak = (day, value)
            } else if value < trough?.value ?? .infinity {
                trough = (day, value)
            }
        }
        end(nil)
        return episodes.sorted { ($0.depth, $1.peak) > ($1.depth, $0.peak) }
    }
}
