import Foundation
import Testing

/// Real processes that were started with the pass phrase in their environment, looked into while they run.
@Suite("The pass phrase after the start", .serialized, .timeLimit(.minutes(5)))
struct PassphraseMemoryTests {
    /// That a process has the pass phrase neither where the kernel shows its environment nor anywhere else in memory.
    private func expectNone(in process: Int32, of sandbox: Sandbox, _ who: String) throws {
        let phrase = KeyExamples.passphrase
        let environment = try ProcessMemory.environment(of: process)
        // What else it was started with is still shown: it is the right memory that is looked at.
        #expect(environment.range(of: Data("XDG_DATA_HOME=\(sandbox.path("share"))".utf8)) != nil, "\(who)")
        #expect(environment.range(of: Data(phrase.utf8)) == nil, "\(who) shows it in its environment")
        guard let copies = try ProcessMemory.count(phrase, in: process) else { return }
        #expect(copies == 0, "\(who) has \(copies) copies in memory")
        #expect(try ProcessMemory.count(sandbox.path("share"), in: process) ?? 0 > 0, "\(who) was not looked through")
    }

    @Test(
        "an engine that opened its key with it has it nowhere any more; one on paper neither",
        arguments: ["testnet", "paper"])
    func engine(mode: String) throws {
        let bench = try TradingBench(mode: mode)
        let engine = try bench.startTrading()
        try expectNone(in: engine.process, of: bench.sandbox, "the engine")
        #expect(try bench.end(engine).status == 0)
    }

    @Test(
        "the process that keeps the terminal never keeps it, nor does the one behind it",
        .enabled(if: Tmux.isAvailable, "tmux can't be started here"), arguments: ["testnet", "paper"])
    func keeper(mode: String) throws {
        let bench = try TradingBench(mode: mode)
        let terminal = try Tmux(
            bench.sandbox, ["--config", bench.sandbox.path("wick.yaml")],
            prefix: "WICK_OFFLINE=0 WICK_KEYS_PASSPHRASE='\(KeyExamples.passphrase)'")
        let shown = terminal.wait(for: "BTC/USDT", 40)
        #expect(shown.isThere, "\(shown.screen) \((try? bench.sandbox.text("stderr")) ?? "")")
        let keeper = try #require(terminal.process)
        let engine = try #require(try ProcessMemory.children(of: keeper).first)
        #expect(bench.sandbox.engine == engine)
        try expectNone(in: keeper, of: bench.sandbox, "the keeper")
        try expectNone(in: engine, of: bench.sandbox, "the engine")
        kill(engine, SIGTERM)
        #expect(terminal.wait(for: "status").isThere)
    }
}
