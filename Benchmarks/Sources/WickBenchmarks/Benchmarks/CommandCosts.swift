import CBaseline

#if canImport(Glibc)
import Glibc
#endif

/// Import and backtest of a year of minutes, as whole processes.
struct CommandCosts {
    let wick: String
    let scratch: Scratch
    let log: String
    let bare: Program.Cost

    private static let candles = Double(SyntheticYear.count * 56)

    func figures() throws -> [Figure] {
        let file = scratch.directory.file("year.csv")
        _ = try Program.run(["/proc/self/exe", SyntheticYear.option, file], log: log)
        let generated = try figures(of: file, "a year", venue: "bench")
        unlink(file)
        guard let recorded = recorded else { return generated }
        return generated + (try figures(of: recorded, "recorded 2023", venue: "binance"))
    }

    /// A real year, where `WICK_TEST_DATA` names the folder that holds `market/`.
    private var recorded: String? {
        guard let folder = getenv("WICK_TEST_DATA").map({ String(cString: $0) }) else { return nil }
        let file = "\(folder)/market/binance-spot-BTCUSDT-1m-2023.csv.gz"
        return access(file, R_OK) == 0 ? file : nil
    }

    private func figures(of file: String, _ what: String, venue: String) throws -> [Figure] {
        let directory = scratch.directory.file("data-\(venue)")
        let data = ["--data-dir", directory]
        let series = ["--venue", venue, "--symbol", "BTCUSDT", "--timeframe", "1m"]
        let importing = try Program.run([wick, "data", "import", file] + series + data, log: log, times: 3) {
            for end in ["", "-wal", "-shm"] { unlink("\(directory)/wick.sqlite\(end)") }
        }
        let strategy = ["--strategy", "sma-crossover", "--param", "fast=50", "--param", "slow=200", "--json"]
        let backtest = try Program.run(
            [wick, "backtest", "run"] + series + strategy + ["--no-store"] + data, log: log, times: 5)
        // A fast run over nothing would be no figure. A recorded year lacks some minutes.
        guard Program.output(log).contains("\"bars\":\(venue == "bench" ? "525600" : "5")") else {
            throw BenchmarkError(description: "the backtest was not of a year: \(Program.output(log))")
        }
        let kept = try Program.run([wick, "backtest", "run"] + series + strategy + data, log: log, times: 3)
        let plain = try plainImport(file)
        let year = Baseline(name: "the candles", value: CommandCosts.candles / 1e6)
        let start = Baseline(name: "wick --version", value: bare.seconds)
        let startCPU = Baseline(name: "wick --version", value: bare.cpuSeconds)
        return [
            Figure(
                name: "import of \(what), process", value: importing.seconds, unit: "s", baseline: plain.wall, limit: 5,
                aim: 2),
            Figure(
                name: "import of \(what), CPU time", value: importing.cpuSeconds, unit: "s", baseline: plain.cpu),
            Figure(
                name: "import of \(what), peak memory", value: importing.peakBytes / 1e6, unit: "MB", baseline: year,
                limit: 150),
            Figure(
                name: "backtest of \(what), process", value: backtest.seconds, unit: "s", baseline: start, limit: 0.15),
            Figure(
                name: "backtest of \(what), CPU time", value: backtest.cpuSeconds, unit: "s", baseline: startCPU),
            Figure(
                name: "backtest of \(what), kept in history", value: kept.seconds, unit: "s", baseline: start,
                limit: 0.5),
            Figure(
                name: "backtest of \(what), peak memory", value: max(backtest.peakBytes, kept.peakBytes) / 1e6,
                unit: "MB", baseline: year, limit: 150),
            Figure(
                name: "backtest of \(what), memory beyond the program's",
                value: (backtest.peakBytes - bare.peakBytes) / 1e6,
                unit: "MB", baseline: year, limit: 50),
        ]
    }

    /// The same rows by the `sqlite3` shell where it is installed, which checks and sorts nothing; else read by a C loop, which
    /// stores nothing either.
    private func plainImport(_ file: String) throws -> (wall: Baseline, cpu: Baseline) {
        let isPacked = file.hasSuffix(".gz")
        if Program.isThere("sqlite3"), !isPacked || Program.isThere("gzip") {
            let database = scratch.directory.file("plain.sqlite")
            let source = isPacked ? "|gzip -dc '\(file)'" : file
            let cost = try Program.run(
                [
                    "sqlite3", database, "-cmd", "PRAGMA journal_mode=WAL", "-cmd", ".mode csv",
                    ".import \"\(source)\" candles",
                ], log: log, times: 2
            ) { for end in ["", "-wal", "-shm"] { unlink(database + end) } }
            let name = "sqlite3 .import"
            return (Baseline(name: name, value: cost.seconds), Baseline(name: name, value: cost.cpuSeconds))
        }
        var best = Double.infinity
        for _ in 0..<3 {
            let start = baseline_wall_nanoseconds()
            guard baseline_parse_csv(file) > 0 else { throw BenchmarkError(description: "'\(file)' can't be read") }
            best = min(best, Double(baseline_wall_nanoseconds() - start) / 1e9)
        }
        let loop = Baseline(name: isPacked ? "C loop, packed" : "C parse", value: best)
        return (loop, loop)
    }
}
