#if canImport(Glibc)
import Glibc
#endif

/// Runs every benchmark, or those named on the command line, and prints their figures.
///
/// Ends with 1 when something could not be measured; a figure that is over its target is a figure all the same.
@main
enum WickBenchmarks {
    /// In the order they run: the processes first, because Linux counts the memory of the process that starts another as
    /// that one's until its program runs, and this one is small at its beginning. A new benchmark is one file in
    /// `Benchmarks` and one line here.
    private static let all: [any Benchmark.Type] = [
        ProcessBenchmark.self,
        SearchBenchmark.self,
        AttachBenchmark.self,
        StopBenchmark.self,
        RecoveryBenchmark.self,
        BacktestBenchmark.self,
        PortfolioBenchmark.self,
        CodingBenchmark.self,
        StreamBenchmark.self,
        IndicatorBenchmark.self,
        StoreBenchmark.self,
        JournalBenchmark.self,
        WebSocketBenchmark.self,
        OrderPathBenchmark.self,
        LiveBenchmark.self,
        EngineBenchmark.self,
        ScreenBenchmark.self,
    ]

    /// What takes so long that it runs only when it is named.
    private static let long: [any Benchmark.Type] = [SoakBenchmark.self]

    static func main() {
        let wanted = CommandLine.arguments.dropFirst()
        if wanted.first == SyntheticYear.option, let path = wanted.dropFirst().first { SyntheticYear.write(path) }
        for name in wanted where !(all + long).contains(where: { $0.name == name }) {
            print("there is no benchmark '\(name)'; known: \((all + long).map { $0.name }.joined(separator: ", "))")
            exit(64)
        }
        Table.header()
        var failed = false
        for benchmark in wanted.isEmpty ? all : all + long where wanted.isEmpty || wanted.contains(benchmark.name) {
            do {
                for figure in try benchmark.run() { Table.figure(figure) }
                fflush(nil)
            } catch {
                print("\(benchmark.name): not measured: \(error)")
                failed = true
            }
        }
        if failed { exit(1) }
    }
}
