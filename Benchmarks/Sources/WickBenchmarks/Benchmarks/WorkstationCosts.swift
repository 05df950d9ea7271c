/// The workstation on a terminal of 120×40 with the synthetic market's three instruments.
struct WorkstationCosts {
    let wick: String
    let scratch: Scratch
    let bare: Program.Cost

    /// The last row of every screen, so the frame is whole when it has come.
    private static let lastWords = "E-STOP"

    /// The body of a candle, which nothing else is drawn with.
    private static let candle = "┃"

    func figures() throws -> [Figure] {
        // The first start makes the store, later ones find it.
        var fresh: [Beginning] = []
        var later: [Beginning] = []
        for number in 0..<5 {
            let directory = scratch.directory.file("fresh-\(number)")
            fresh.append(try beginning(directory))
            later.append(try beginning(directory))
        }
        func figure(_ name: String, _ values: [Double]) -> Figure {
            Figure(
                name: name, value: (values.min() ?? 0) * 1_000, unit: "ms",
                baseline: Baseline(name: "wick --version", value: bare.seconds * 1_000), limit: 200)
        }
        return [
            figure("first frame, new data directory", fresh.map(\.frame)),
            figure("first frame, later start", later.map(\.frame)),
            figure("first frame with candles, later start", later.map(\.candles)),
        ] + (try live()) + (try resting())
    }

    /// Seconds from before the start of the process until something had arrived at the terminal.
    private struct Beginning {
        /// The last row of the first frame.
        var frame: Double
        /// A candle, once the market's history is there.
        var candles: Double
    }

    private func beginning(_ directory: String) throws -> Beginning {
        let program = try start(directory)
        defer { program.end() }
        let frame = try program.read(until: WorkstationCosts.lastWords)
        return Beginning(frame: frame, candles: try program.read(until: WorkstationCosts.candle))
    }

    private func start(_ directory: String) throws -> TerminalProgram {
        try TerminalProgram([wick, "--data-dir", directory], columns: 120, rows: 40)
    }

    /// Memory, CPU and bytes a second in ordinary running.
    private func live() throws -> [Figure] {
        let program = try start(scratch.directory.file("running"))
        defer { program.end() }
        let (share, written) = try settledUse(of: program, seconds: 10)
        return [
            Figure(name: "three instruments live, CPU of a core", value: share * 100, unit: "%", limit: 2),
            Figure(
                name: "three instruments live, resident memory", value: try program.residentBytes() / 1e6, unit: "MB",
                baseline: Baseline(name: "wick --version", value: bare.peakBytes / 1e6), limit: 100),
            Figure(
                name: "three instruments live, sent to the terminal", value: written / 1_000, unit: "kB/s",
                baseline: Baseline(name: "10 ticks of 2 kB", value: 20.48)),
        ]
    }

    /// What is sent while nothing moves: a replay of the year that was imported, waiting at its beginning.
    private func resting() throws -> [Figure] {
        let program = try TerminalProgram(
            [wick, "--data-dir", scratch.directory.file("data-bench"), "--replay", "BENCH:BTCUSDT", "--paused"],
            columns: 120, rows: 40)
        defer { program.end() }
        let (share, written) = try settledUse(of: program, seconds: 5)
        // The clock may have shown another minute meanwhile; not twice in ten seconds.
        let later = program.output.count
        try program.read(seconds: 5)
        let least = min(written, Double(program.output.count - later) / 5)
        return [
            Figure(
                name: "a market at rest, sent to the terminal", value: least, unit: "bytes/s",
                baseline: Baseline(name: "a frame a second", value: 600), limit: 0),
            Figure(name: "a market at rest, CPU of a core", value: share * 100, unit: "%", limit: 2),
        ]
    }

    /// The share of a core and the bytes a second, once the beginning with a cost of its own (history, warm-up, the
    /// first frames) is over.
    private func settledUse(of program: TerminalProgram, seconds: Double) throws -> (share: Double, bytes: Double) {
        _ = try program.read(until: WorkstationCosts.lastWords)
        try program.read(seconds: 3)
        let cpu = try program.cpuSeconds()
        let time = program.seconds
        let bytes = program.output.count
        try program.read(seconds: seconds)
        let length = program.seconds - time
        return ((try program.cpuSeconds() - cpu) / length, Double(program.output.count - bytes) / length)
    }
}
