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
        ] + (try live()) + (try resting())
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
