import Foundation
import Testing

/// Engines and screens in processes of their own.
@Suite(
    "Screens come and go, the engine stays", .serialized, .enabled(if: Tmux.isAvailable, "tmux can't be started here"))
struct AttachTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private func expectScreen(_ terminal: Tmux, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let (isThere, screen) = terminal.wait(for: text)
        #expect(isThere, "'\(text)' is not on the screen:\n\(screen)", sourceLocation: sourceLocation)
    }

    /// Ends the engine of the sandbox, whatever a test left.
    private func endEngine() {
        if let process = sandbox.engine { kill(process, SIGKILL) }
    }

    private func started() throws -> Child {
        let engine = try sandbox.started(["engine"])
        #expect(eventually { try sandbox.wick("status", "--json").object()["running"] as? Bool == true })
        return engine
    }

    private func eventually(_ seconds: Double = 20, _ isSo: () throws -> Bool) -> Bool {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            if (try? isSo()) == true { return true }
            Thread.sleep(forTimeInterval: 0.1)
        }
        return false
    }

    /// Whether a process is gone, also when nobody has asked for its end yet.
    private func isGone(_ process: Int32) -> Bool {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return true }
        return line.split(separator: ")").last?.hasPrefix(" Z") ?? true
    }

    private func alerts() throws -> [String] {
        try sandbox.wick("alert", "list", "--json").array().compactMap { $0["kind"] as? String }
    }

    private func screens() throws -> [[String: Any]] {
        let status = try sandbox.wick("status", "--json").object()
        return try #require((status["engine"] as? [String: Any])?["screens"] as? [[String: Any]])
    }

    @Test("q and Ctrl-Z detach, and attaching brings back the same panes", arguments: ["q", "C-z"])
    func detach(key: String) throws {
        let terminal = try Tmux(sandbox)
        defer { endEngine() }
        expectScreen(terminal, "Chart BTC/USDT")
        terminal.press("p", "6")
        expectScreen(terminal, "Watchlist")
        expectScreen(terminal, "sma-cross")
        terminal.press(key)
        expectScreen(terminal, "Detach: the engine goes on")
        terminal.answer("Enter")
        expectScreen(terminal, "wick: detached; engine")
        expectScreen(terminal, "status 0")
        let engine = try #require(sandbox.engine)
        #expect(terminal.process != engine && kill(engine, 0) == 0)
        #expect(terminal.wait { _ in FileManager.default.fileExists(atPath: sandbox.path("after")) }.isThere)
        #expect(try sandbox.text("before") == sandbox.text("after"))
        let next = try Tmux(sandbox, command: "attach")
        expectScreen(next, "Watchlist")
        expectScreen(next, "sma-cross")
        expectScreen(next, "VIEW")
        next.press(key)
        expectScreen(next, "Leave the screen")
        next.answer("Enter")
        expectScreen(next, "goes on")
        #expect(sandbox.engine == engine && kill(engine, 0) == 0)
    }

    @Test("the engine can be ended from a screen that is in control")
    func quitFromAttached() throws {
        let engine = try started()
        let terminal = try Tmux(sandbox, command: "attach")
        expectScreen(terminal, "Chart BTC/USDT")
        terminal.press("q")
        expectScreen(terminal, "Stop the engine and quit")
        terminal.answer("Q")
        expectScreen(terminal, "wick: stopped; equity")
        #expect(engine.wait() == 0)
    }

    @Test(
        "a terminal that vanishes in the middle of a frame leaves the engine and an alert; attach returns to the panes")
    func terminalLost() throws {
        let terminal = try Tmux(sandbox)
        defer { endEngine() }
        expectScreen(terminal, "Chart BTC/USDT")
        terminal.press("p")
        expectScreen(terminal, "Watchlist")
        Thread.sleep(forTimeInterval: 1.2)
        let engine = try #require(sandbox.engine)
        terminal.hangUp()
        let isReported = eventually { try alerts().contains("screen-lost") }
        #expect(isReported)
        #expect(sandbox.engine == engine)
        let next = try Tmux(sandbox, command: "attach")
        expectScreen(next, "Watchlist")
        expectScreen(next, "VIEW")
    }

    @Test(
        "between the screen and the run without one no signal meets its default action",
        arguments: [SIGHUP, SIGUSR1])
    func signalsWhileTheScreenGoes(number: Int32) throws {
        let terminal = try Tmux(sandbox)
        defer { endEngine() }
        expectScreen(terminal, "Chart BTC/USDT")
        let engine = try #require(sandbox.engine)
        terminal.hangUp()
        // The shell's end hangs up once more, at whatever moment; here at every one.
        for _ in 0..<500 where kill(engine, number) == 0 { usleep(2_000) }
        #expect(eventually { try alerts().contains("screen-lost") })
        #expect(try sandbox.wick("status", "--json").object()["running"] as? Bool == true)
        let isStopped = FileManager.default.fileExists(atPath: sandbox.path("data/HALTED"))
        #expect(isStopped == (number == SIGUSR1))
    }

    @Test("one screen controls, others watch; taking over tells the former; leaving gives it back")
    func control() throws {
        let engine = try started()
        defer { kill(engine.process, SIGKILL) }
        let first = try Tmux(sandbox, command: "attach")
        expectScreen(first, "Chart BTC/USDT")
        let second = try Tmux(sandbox, command: "attach")
        expectScreen(second, "WATCHING")
        let watcher = try Tmux(sandbox, ["--watch"], command: "attach")
        expectScreen(watcher, "WATCHING")
        second.press("C-t")
        expectScreen(second, "'wick attach --take' takes it over")
        let taker = try Tmux(sandbox, ["--take"], command: "attach")
        expectScreen(first, "WATCHING")
        #expect(try screens().count { $0["in_control"] as? Bool == true } == 1)
        taker.press("q")
        expectScreen(taker, "Leave the screen")
        taker.answer("Enter")
        #expect(first.wait { !$0.contains("WATCHING") }.isThere)
        first.press("q")
        expectScreen(first, "Leave the screen")
        first.answer("Enter")
        #expect(second.wait { !$0.contains("WATCHING") }.isThere)
        #expect(watcher.screen.contains("WATCHING"))
    }

    @Test("the emergency stop works from a screen that only watches; nothing else does")
    func watcherStops() throws {
        let engine = try started()
        defer { kill(engine.process, SIGKILL) }
        let watcher = try Tmux(sandbox, ["--watch"], command: "attach")
        expectScreen(watcher, "WATCHING")
        watcher.press("6", "Space")
        expectScreen(watcher, "only watches")
        let before = try sandbox.wick("strategy", "list", "--json").array().compactMap { $0["status"] as? String }
        #expect(before.count { $0 == "enabled" } == 2)
        watcher.press("C-x")
        expectScreen(watcher, "new orders are BLOCKED")
        #expect(eventually { FileManager.default.fileExists(atPath: sandbox.path("data/HALTED")) })
        #expect(try sandbox.text("data/HALTED").contains("process"))
        watcher.answer("r")
        expectScreen(watcher, "Type re-arm")
        for key in ["r", "e", "-", "a", "r", "m", "Enter"] { watcher.press(key) }
        expectScreen(watcher, "only watches")
        #expect(FileManager.default.fileExists(atPath: sandbox.path("data/HALTED")))
    }

    @Test("kill -9 of an attached screen leaves the engine; the control it had is free")
    func screenKilled() throws {
        let engine = try started()
        defer { kill(engine.process, SIGKILL) }
        let terminal = try Tmux(sandbox, command: "attach")
        expectScreen(terminal, "Chart BTC/USDT")
        kill(try #require(terminal.process), SIGKILL)
        #expect(eventually { try sandbox.text("status") == "137\n" })
        #expect(eventually { try screens().isEmpty })
        let isReported = eventually { try alerts().contains("screen-lost") }
        #expect(isReported)
    }

    @Test("kill -9 of the process that the shell sees ends the engine too")
    func keeperKilled() throws {
        let terminal = try Tmux(sandbox)
        expectScreen(terminal, "Chart BTC/USDT")
        let engine = try #require(sandbox.engine)
        let keeper = try #require(terminal.process)
        #expect(engine != keeper)
        kill(keeper, SIGKILL)
        #expect(eventually { try sandbox.text("status") == "137\n" })
        #expect(eventually { isGone(engine) })
    }

    @Test("kill -9 of the engine behind the keeper is what the shell sees, on a terminal that is as it was")
    func engineKilled() throws {
        let terminal = try Tmux(sandbox)
        expectScreen(terminal, "Chart BTC/USDT")
        kill(try #require(sandbox.engine), SIGKILL)
        expectScreen(terminal, "status 137")
        #expect(eventually { try sandbox.text("before") == sandbox.text("after") })
        #expect(!terminal.screen.contains("Chart BTC/USDT"))
    }

    @Test("an engine that goes is said at once, looked for, and found again; the screen can be left meanwhile")
    func engineGoes() throws {
        let engine = try started()
        let terminal = try Tmux(sandbox, command: "attach")
        expectScreen(terminal, "Chart BTC/USDT")
        kill(engine.process, SIGKILL)
        _ = engine.wait()
        expectScreen(terminal, "NO ENGINE")
        let next = try started()
        defer { kill(next.process, SIGKILL) }
        #expect(terminal.wait { $0.contains("Chart") && !$0.contains("NO ENGINE") }.isThere)
        kill(next.process, SIGSTOP)
        expectScreen(terminal, "NO ENGINE")
        terminal.press("q")
        expectScreen(terminal, "Leave the screen")
        terminal.answer("Enter")
        expectScreen(terminal, "wick: left")
        kill(next.process, SIGCONT)
    }

    @Test("a replay can't detach, and says so")
    func replay() throws {
        let file = try sandbox.write(Samples.minutes(3_000), "m.csv")
        #expect(try sandbox.wick("data", "import", file, "--venue", "binance", "--symbol", "BTCUSDT").status == 0)
        let terminal = try Tmux(sandbox, ["--replay", "BINANCE:BTCUSDT", "--speed", "60"])
        expectScreen(terminal, "Chart BTC/USDT")
        terminal.press("C-z")
        expectScreen(terminal, "A replay can't detach")
        #expect(!terminal.screen.contains("Detach:"))
    }

    @Test("without an engine there is nothing to attach to")
    func nobody() throws {
        let terminal = try Tmux(sandbox, command: "attach")
        expectScreen(terminal, "status 69")
        #expect(try sandbox.text("stderr").contains("no engine is running"))
    }
}
