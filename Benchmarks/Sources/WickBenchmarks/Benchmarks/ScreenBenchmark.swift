import CBaseline
import Terminal
import Workstation

/// Whole frames of the workstation on an engine's own sequence of snapshots: what drawing takes, and what is sent.
enum ScreenBenchmark: Benchmark {
    static let name = "screen"

    /// What the frames of one size took, ordinary ones in the order of the recording.
    private struct Frames {
        var nanoseconds: [Double] = []
        var bytes: [Double] = []
        /// The same for the last picture sent anew as a whole.
        var wholeNanoseconds = 0.0
        var wholeBytes = 0.0
        /// Bytes of pictures that are drawn again with nothing changed.
        var idleBytes = 0.0
        /// Copying a canvas and comparing it with the last one, in C.
        var plainNanoseconds = 0.0
    }

    static func run() throws -> [Figure] {
        let recording = try MarketRecording(seconds: 20)
        var figures: [Figure] = []
        for size in [Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60)] {
            let frames = try frames(recording, size)
            let isLargest = size.width == 200
            let name = "frame \(size.width)×\(size.height)"
            let plain = Baseline(name: "C copy+compare", value: frames.plainNanoseconds / 1_000)
            figures.append(
                Figure(
                    name: "\(name), drawn and sent: median", value: quantile(frames.nanoseconds, 0.5) / 1_000,
                    unit: "µs", baseline: plain, limit: isLargest ? 4_000 : nil))
            figures.append(
                Figure(
                    name: "\(name), drawn and sent: slowest", value: quantile(frames.nanoseconds, 1) / 1_000,
                    unit: "µs", baseline: plain, limit: isLargest ? 4_000 : nil))
            figures.append(
                Figure(
                    name: "\(name), whole screen sent anew", value: frames.wholeNanoseconds / 1_000, unit: "µs",
                    baseline: plain, limit: isLargest ? 4_000 : nil))
            figures += bytes(frames, name, isMeasure: size.width == 120)
        }
        return figures
    }

    private static func bytes(_ frames: Frames, _ name: String, isMeasure: Bool) -> [Figure] {
        let whole = Baseline(name: "whole screen", value: frames.wholeBytes)
        func figure(_ what: String, _ value: Double, limit: Double?) -> Figure {
            Figure(
                name: "\(name), \(what)", value: value, unit: "bytes", baseline: whole,
                limit: isMeasure ? limit : nil)
        }
        let median = figure("ordinary tick: median", quantile(frames.bytes, 0.5), limit: 2_048)
        guard isMeasure else { return [median] }
        return [
            median,
            figure("ordinary tick: 95 of 100", quantile(frames.bytes, 0.95), limit: 2_048),
            figure("largest of the recording", quantile(frames.bytes, 1), limit: nil),
            figure("nothing changed", frames.idleBytes, limit: 0),
        ]
    }

    private static func frames(_ recording: MarketRecording, _ size: Size) throws -> Frames {
        var options = ScreenOptions(destination: .headless(size), terminalType: "xterm-256color")
        options.handlesSignals = false
        options.environment = ["LC_ALL": "C.UTF-8"]
        let screen = try Screen.open(options)
        defer { screen.close() }
        let theme = ThemeLibrary(directories: []).load("default").theme.adapted(to: screen.colorDepth)
        var maker = PictureMaker(size: size, theme: theme, opening: recording.opening)
        var frames = Frames()
        var canvases: [Canvas] = []
        guard let first = recording.moments.first, let last = recording.moments.last else { return frames }
        // The first frame computes indicators over the whole history; it is the process benchmark's business.
        screen.present(maker.picture(of: first.snapshot, at: first.time))
        for moment in recording.moments.dropFirst() {
            let start = baseline_thread_nanoseconds()
            let canvas = maker.picture(of: moment.snapshot, at: moment.time)
            let report = screen.present(canvas)
            frames.nanoseconds.append(Double(baseline_thread_nanoseconds() - start))
            _ = screen.takeOutput()
            // A picture like the last one is no tick.
            if report.outcome == .presented { frames.bytes.append(Double(report.bytes)) }
            canvases.append(canvas)
        }
        guard !frames.bytes.isEmpty else { throw BenchmarkError(description: "no frame of \(size) differed") }
        for _ in 0..<10 {
            frames.idleBytes += Double(screen.present(maker.picture(of: last.snapshot, at: last.time)).bytes)
        }
        frames.idleBytes += Double(screen.takeOutput().count)
        frames.wholeNanoseconds = Measure.nanoseconds(runs: 5) {
            screen.repaint()
            let report = screen.present(maker.picture(of: last.snapshot, at: last.time))
            frames.wholeBytes = Double(report.bytes)
        }
        frames.plainNanoseconds = plain(canvases)
        return frames
    }

    /// The time of copying the cells of a frame and counting those that differ from the last one.
    private static func plain(_ canvases: [Canvas]) -> Double {
        guard let canvas = canvases.last, let before = canvases.dropLast().last else { return 0 }
        let cells = cells(canvas)
        let last = self.cells(before)
        var copy = cells
        return Measure.nanoseconds {
            cells.withUnsafeBytes { cells in
                last.withUnsafeBytes { last in
                    copy.withUnsafeMutableBytes { copy in
                        Measure.keep(
                            baseline_copy_and_compare(
                                copy.baseAddress, cells.baseAddress, last.baseAddress, last.count / stride,
                                stride))
                    }
                }
            }
        }
    }

    private static let stride = MemoryLayout<Cell>.stride

    private static func cells(_ canvas: Canvas) -> [Cell] {
        (0..<canvas.size.height).flatMap { y in (0..<canvas.size.width).map { x in canvas[x, y] } }
    }

    private static func quantile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        return sorted[Int((Double(sorted.count - 1) * share).rounded())]
    }
}
