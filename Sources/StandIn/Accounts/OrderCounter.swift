/// Counts an account's unfilled orders in windows of ten seconds and of a day.
///
/// An order counts when it is placed; its first fill takes one off as a taker and five as a maker, never below zero.
struct OrderCounter: Sendable {
    private var tenSeconds: (window: Int64, count: Int64) = (-1, 0)
    private var day: (window: Int64, count: Int64) = (-1, 0)

    /// What is counted at a time in milliseconds.
    func counts(at time: Int64) -> (tenSeconds: Int64, day: Int64) {
        (
            tenSeconds.window == time / 10_000 ? tenSeconds.count : 0,
            day.window == time / 86_400_000 ? day.count : 0
        )
    }

    /// Counts orders, or takes some off where `count` is negative.
    mutating func add(_ count: Int64, at time: Int64) {
        let now = counts(at: time)
        tenSeconds = (time / 10_000, max(0, now.tenSeconds + count))
        day = (time / 86_400_000, max(0, now.day + count))
    }
}
