import Market
import Terminal

/// Counts frames and bytes over the last second.
struct FrameMeter {
    /// The figures as they stand.
    private(set) var figures = FrameStatistics()
    private var recent: [(time: Timestamp, bytes: Int)] = []

    /// Counts a frame.
    mutating func count(_ report: FrameReport, drawing: Duration, _ now: Timestamp) {
        figures.skipped = report.skippedFrames
        figures.isLinkSlow = report.isLinkSlow
        figures.drawMicroseconds = Int(drawing / .microseconds(1))
        if report.outcome == .presented {
            figures.frames += 1
            figures.lastBytes = report.bytes
            figures.presentMicroseconds = report.microseconds
            recent.append((now, report.bytes))
        }
        let second = now.adding(seconds: -1)
        recent.removeAll { $0.time <= second }
        figures.framesPerSecond = recent.count
        figures.bytesPerSecond = recent.reduce(0) { $0 + $1.bytes }
    }
}
