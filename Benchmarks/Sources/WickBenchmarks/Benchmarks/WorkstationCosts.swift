/// The workstation on a terminal of 120×40 with the synthetic market's three instruments.
struct WorkstationCosts {
    let wick: String
    let scratch: Scratch
    let bare: Program.Cost

    /// The last row of every screen, so the frame is whole when it has come.
    private static let lastWords = "E-STOP"

    func figures() throws -> [Figure] {
        // The first start makes the store, later ones find it.
        let first = try firstFrame(scratch.directory.file("fresh-0"))
        var starts: [Double] = []
        var fresh = [first]
        for number in 1..<5 {
            fresh.append(try firstFrame(scratch.directory.file("fresh-\(number)")))
            starts.append(try firstFrame(scratch.directory.file("fresh-0")))
        }
        let bareStart = Baseline(name: "wick --version", value: bare.seconds * 1_000)
        return [
            Figure(
                name: "first frame, new data directory", value: (fresh.min() ?? 0) * 1_000, unit: "ms",
                baseline: bareStart, limit: 200),
            Figure(
                name: "first frame, later start", value: (starts.min() ?? 0) * 1_000, unit: "ms",
                baseline: bareStart, limit: 200),
        ] + (try running()) + (try resting())
    }

    /// Bytes a second while nothing moves: a replay of the year that was imported, waiting at its beginning.
    private func resting() throws -> [Figure] {
        let program = try TerminalProgram(
            [wick, "--data-dir", scratch.directory.file("data-bench"), "--replay", "BENCH:BTCUSDT", "--paused"],
            columns: 120, rows: 40)
        defer { program.end() }
        _ = try program.read(until: WorkstationCosts.lastWords)
        try program.read(seconds: 3)
        let cpu = try program.cpuSeconds()
        let bytes = program.output.count
        let length = 5.0
        try program.read(seconds: length)
        let share = (try program.cpuSeconds() - cpu) / length
        return [
            Figure(
                name: "a market at rest, sent to the terminal", value: Double(program.output.count - bytes) / length,
                unit: "bytes/s", limit: 0),
            Figure(name: "a market at rest, CPU of a core", value: share * 100, unit: "%", limit: 2),
        ]
    }

    private func start(_ directory: String) throws -> TerminalProgram {
        try TerminalProgram([wick, "--data-dir", directory], columns: 120, rows: 40)
    }

    /// Seconds from before the start of the process until the last row of the first frame has arrived.
    private func firstFrame(_ directory: String) throws -> Double {
        let program = try start(directory)
        defer { program.end() }
        return try program.read(until: WorkstationCosts.lastWords)
    }

    /// Memory, CPU and bytes a second in ordinary running.
    private func running() throws -> [Figure] {
        let program = try start(scratch.directory.file("running"))
        defer { program.end() }
        // The beginning has a cost of its own: history, warm-up, the first frames.
        _ = try program.read(until: WorkstationCosts.lastWords)
        try program.read(seconds: 3)
        let cpu = try program.cpuSeconds()
        let time = program.seconds
        let bytes = program.output.count
        try program.read(seconds: 10)
        let length = program.seconds - time
        let share = (try program.cpuSeconds() - cpu) / length
        let resident = try program.residentBytes()
        let written = Double(program.output.count - bytes) / length
        return [
            Figure(name: "three instruments live, CPU of a core", value: share * 100, unit: "%", limit: 2),
            Figure(
                name: "three instruments live, resident memory", value: resident / 1e6, unit: "MB",
                baseline: Baseline(name: "wick --version", value: bare.peakBytes / 1e6), limit: 100),
            Figure(
                name: "three instruments live, sent to the terminal", value: written / 1_000, unit: "kB/s",
                baseline: Baseline(name: "10 ticks of 2 kB", value: 20.48)),
        ]
    }
}
