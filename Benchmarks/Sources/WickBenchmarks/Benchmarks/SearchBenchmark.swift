#if canImport(Glibc)
import Glibc
#endif

/// Searches over a stored year of minutes, as whole processes on all processors; compared with the plain C loop run as often,
/// one after the other.
enum SearchBenchmark: Benchmark {
    static let name = "search"

    static func run() throws -> [Figure] {
        let wick = try Program.wick()
        let scratch = try Scratch("search")
        defer { scratch.remove() }
        setenv("XDG_CONFIG_HOME", scratch.directory.file("configuration"), 1)
        unsetenv("XDG_DATA_HOME")
        let log = scratch.directory.file("output.txt")
        let file = scratch.directory.file("year.csv")
        _ = try Program.run(["/proc/self/exe", SyntheticYear.option, file], log: log)
        let directory = scratch.directory.file("data")
        let series = ["--venue", "bench", "--symbol", "BTCUSDT", "--timeframe", "1m", "--data-dir", directory]
        _ = try Program.run([wick, "data", "import", file] + series, log: log)
        unlink(file)

        func search(_ words: [String], trials: Int) throws -> Program.Cost {
            let cost = try Program.run(
                [wick, "backtest"] + words + series + ["--strategy", "sma-crossover", "--json"], log: log, times: 2)
            guard Program.output(log).contains("\"planned\":\(trials)") else {
                throw BenchmarkError(description: "the search did not try \(trials): \(Program.output(log))")
            }
            return cost
        }
        let sweep = try search(["sweep", "--param", "fast=5..50/5", "--param", "slow=60..250/10"], trials: 200)
        let tpe = try search(
            ["optimize", "--trials", "1000", "--param", "fast=2..50", "--param", "slow=60..2000:log", "--seed", "7"],
            trials: 1_000)
        let loop = try BacktestBenchmark.crossoverInC(SyntheticYear.walk(), fast: 50, slow: 200).nanoseconds / 1e9
        return [
            Figure(
                name: "sweep of 200 over a year of minutes, process", value: sweep.seconds, unit: "s",
                baseline: Baseline(name: "200 C loops", value: 200 * loop), limit: 3),
            Figure(
                name: "sweep of 200, CPU time", value: sweep.cpuSeconds, unit: "s",
                baseline: Baseline(name: "200 C loops", value: 200 * loop)),
            Figure(
                name: "optimisation of 1,000 trials over a year of minutes, process", value: tpe.seconds, unit: "s",
                baseline: Baseline(name: "1,000 C loops", value: 1_000 * loop), limit: 30),
            Figure(
                name: "optimisation of 1,000 trials, CPU time", value: tpe.cpuSeconds, unit: "s",
                baseline: Baseline(name: "1,000 C loops", value: 1_000 * loop)),
        ]
    }
}
