/// The line that says how far a search is, how fast it goes and how long it will take.
struct SearchProgress {
    private let line: ProgressLine
    private let total: Int
    private let start = ContinuousClock.now

    init(_ title: String, of total: Int) {
        line = ProgressLine(title)
        self.total = total
    }

    /// Seconds since the beginning.
    var seconds: Double { start.duration(to: .now) / .seconds(1) }

    /// Shows how many trials have ended; those that were found in the store took no time.
    func show(_ ended: Int, _ found: Int) {
        var detail = "\(ended) of \(total)"
        let seconds = seconds
        if ended > found, seconds > 0.2 {
            let rate = Double(ended - found) / seconds
            detail += "  \(Figures.decimal(rate, rate < 10 ? 1 : 0))/s  \(left(Double(total - ended) / rate)) left"
        }
        line.show(total > 0 ? Double(ended) / Double(total) : nil, detail)
    }

    /// Takes the line away.
    func clear() { line.clear() }

    private func left(_ seconds: Double) -> String {
        if seconds < 120 { return "\(Figures.decimal(seconds, 0)) s" }
        if seconds < 7_200 { return "\(Figures.decimal(seconds / 60, 0)) min" }
        return "\(Figures.decimal(seconds / 3_600, 1)) h"
    }
}
