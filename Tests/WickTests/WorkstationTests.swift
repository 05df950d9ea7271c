import Foundation
import Testing

/// The real program in a real terminal. One at a time: each test has an engine of its own.
@Suite("wick in a terminal", .serialized, .enabled(if: Tmux.isAvailable, "tmux can't be started here"))
struct WorkstationTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private func expectScreen(
        _ terminal: Tmux, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let (isThere, screen) = terminal.wait(for: text)
        #expect(isThere, "'\(text)' is not on the screen:\n\(screen)", sourceLocation: sourceLocation)
    }

    private func quit(_ terminal: Tmux) {
        terminal.press("q")
        terminal.wait(for: "Stop the engine")
        terminal.answer("Q")
        terminal.wait(for: "status ")
    }

    @Test("the first screen shows mode, chart and emergency key; quitting leaves terminal and status in order")
    func session() throws {
        let terminal = try Tmux(sandbox)
        expectScreen(terminal, "Chart BTC/USDT")
        expectScreen(terminal, "Ctrl-X E-STOP")
        #expect(terminal.screen.contains("PAPER"))
        for (width, height) in [(80, 24), (200, 60), (20, 5), (120, 40)] {
            terminal.resize(width, height)
            let (isThere, screen) = terminal.wait(10) { screen in
                let lines = screen.split(separator: "\n")
                return lines.contains { $0.count > width * 3 / 4 } && lines.allSatisfy { $0.count <= width }
            }
            #expect(isThere, "\(width)×\(height):\n\(screen)")
        }
        quit(terminal)
        expectScreen(terminal, "wick: stopped; equity")
        expectScreen(terminal, "status 0")
        terminal.wait { _ in FileManager.default.fileExists(atPath: sandbox.path("after")) }
        #expect(try sandbox.text("before") == sandbox.text("after"))
        #expect(try sandbox.text("stderr") == "")
    }

    @Test("commands reach the running engine: orders, positions, strategies, the emergency stop")
    func commands() throws {
        let terminal = try Tmux(sandbox)
        expectScreen(terminal, "Chart BTC/USDT")
        let placed = try sandbox.wick(
            "order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--quantity", "0.01", "--json")
        #expect(placed.status == 0)
        #expect(try placed.object()["state"] as? String == "filled")
        let resting = try sandbox.wick(
            "order", "place", "--symbol", "ETH/USDT", "--side", "buy", "--type", "limit", "--quantity", "0.1",
            "--price",
            "\(try price("SYNTHETIC:ETHUSDT") * 95 / 100)", "--json")
        #expect(try resting.object()["state"] as? String == "accepted", "\(resting)")
        let denied = try sandbox.wick(
            "order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--quantity", "900", "--json")
        #expect(denied.status == 1)
        #expect(try denied.object()["state"] as? String == "denied")
        let wrong = try sandbox.wick("order", "place", "--symbol", "NOPE", "--side", "up", "--tif", "EVER")
        #expect(wrong.status == 64)
        for option in ["--symbol:", "--side:", "--tif:", "--quantity:"] { #expect(wrong.errors.contains(option)) }
        #expect(try sandbox.wick("order", "list", "--json").array().count == 1)
        #expect(try sandbox.wick("position", "list", "--json").array().count == 1)
        expectScreen(terminal, "manual")
        let strategies = try sandbox.wick("strategy", "list", "--json").array()
        let resting2 = try #require(strategies.first { $0["status"] as? String == "disabled" }?["name"] as? String)
        #expect(try sandbox.wick("strategy", "enable", resting2).status == 0)
        #expect(eventually { try live(resting2)["status"] as? String == "enabled" })

        let stop = try sandbox.wick("stop", "--json")
        #expect(stop.status == 0, "\(stop)")
        let venues = try #require(try stop.object()["venues"] as? [[String: Any]])
        #expect(venues.compactMap { $0["confirmed"] as? Int } == [1])
        expectScreen(terminal, "HALTED")
        let halted = try sandbox.wick("order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--quantity", "0.01")
        #expect(halted.status == 1)
        let health = try sandbox.wick("health", "check", "--json")
        #expect(try health.object()["healthy"] as? Bool == true)
        #expect(try sandbox.wick("stop", "--flatten").status == 0)
        #expect(try sandbox.wick("position", "list", "--json").array().isEmpty)
        #expect(try sandbox.wick("rearm", "--confirm", "re-arm").status == 0)
        #expect(
            try sandbox.wick("order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--quantity", "0.01").status == 0
        )
        #expect(try sandbox.wick("position", "close", "BTCUSDT").status == 0)
    }

    @Test("the keyboard stops everything, the stop outlives the process, and re-arming ends it")
    func emergencyStop() throws {
        let terminal = try Tmux(sandbox)
        expectScreen(terminal, "Chart BTC/USDT")
        terminal.press("C-x")
        expectScreen(terminal, "new orders are BLOCKED")
        terminal.press("y")
        expectScreen(terminal, "remaining")
        let process = try #require(terminal.process)
        kill(process, SIGKILL)
        expectScreen(terminal, "status 137")
        let next = try Tmux(sandbox)
        expectScreen(next, "emergency stop")
        expectScreen(next, "did not end in order")
        #expect(
            try sandbox.wick("order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--quantity", "0.01").status == 1
        )
        #expect(try sandbox.wick("stop", "--rearm", "--confirm", "re-arm").status == 0)
        #expect(
            try sandbox.wick("order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--quantity", "0.01").status == 0
        )
    }

    @Test("what was traded before a kill is there after the next start, and nothing twice")
    func killed() throws {
        let terminal = try Tmux(sandbox)
        expectScreen(terminal, "Chart BTC/USDT")
        let below = "\(try price("SYNTHETIC:BTCUSDT") * 95 / 100)"
        let buy = ["order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--quantity", "0.01"]
        #expect(try sandbox.wick(buy).status == 0)
        #expect(try sandbox.wick(buy + ["--type", "limit", "--price", below]).status == 0)
        let orders = try sandbox.wick("order", "list", "--all", "--json").array()
        let position = try #require(try sandbox.wick("position", "list", "--json").array().first)
        // What the store has is what a restart finds; it follows the engine within moments.
        Thread.sleep(forTimeInterval: 0.5)
        kill(try #require(terminal.process), SIGKILL)
        expectScreen(terminal, "status 137")
        #expect(try sandbox.wick("health", "check").status == 0)
        let stored = try #require(try sandbox.wick("position", "list", "--json").array().first)
        for key in ["owner", "symbol", "quantity", "entry_price", "fees", "realized"] {
            #expect(stored[key] as? String == position[key] as? String, "\(key)")
        }
        let next = try Tmux(sandbox)
        expectScreen(next, "Chart BTC/USDT")
        let restored = try #require(try sandbox.wick("position", "list", "--json").array().first)
        #expect(restored["quantity"] as? String == position["quantity"] as? String)
        let working = try sandbox.wick("order", "list", "--json").array()
        #expect(working.count == 1)
        #expect(orders.contains { $0["id"] as? Int == working.first?["id"] as? Int })
        #expect(try sandbox.wick("order", "cancel", "\(working.first?["id"] ?? "")").status == 0)
    }

    @Test("a strategy toggles from its pane")
    func toggle() throws {
        let terminal = try Tmux(sandbox)
        expectScreen(terminal, "Chart BTC/USDT")
        let before = try statuses()
        terminal.press("6")
        expectScreen(terminal, "sma-cross")
        terminal.press("Space")
        // The screen begins locked, and what opens exposure asks first.
        if terminal.wait(for: "y Enable", 1).isThere { terminal.answer("y") }
        #expect(eventually { try statuses() != before }, "\(terminal.screen)")
    }

    @Test("SIGTERM ends it in order, with the terminal as it was")
    func terminated() throws {
        let terminal = try Tmux(sandbox)
        expectScreen(terminal, "Chart BTC/USDT")
        kill(try #require(terminal.process), SIGTERM)
        expectScreen(terminal, "wick: stopped; equity")
        expectScreen(terminal, "status 143")
        terminal.wait { _ in FileManager.default.fileExists(atPath: sandbox.path("after")) }
        #expect(try sandbox.text("before") == sandbox.text("after"))
        #expect(try sandbox.wick("health", "check").output.contains("no engine is running"))
    }

    @Test("SIGUSR1 is the emergency stop")
    func signalled() throws {
        let terminal = try Tmux(sandbox)
        expectScreen(terminal, "Chart BTC/USDT")
        kill(try #require(terminal.process), SIGUSR1)
        expectScreen(terminal, "EMERGENCY STOP")
        #expect(eventually { FileManager.default.fileExists(atPath: sandbox.path("data/HALTED")) })
    }

    @Test("a second engine on the same data is refused with the first one's process number")
    func secondEngine() throws {
        let first = try Tmux(sandbox)
        expectScreen(first, "Chart BTC/USDT")
        let process = try #require(sandbox.engine)
        let second = try Tmux(sandbox)
        expectScreen(second, "status 75")
        #expect(try sandbox.text("stderr").contains("process \(process)"))
    }

    @Test("the engine goes on when its terminal is gone, and ends in order when it is told to")
    func hangUp() throws {
        let terminal = try Tmux(sandbox)
        expectScreen(terminal, "Chart BTC/USDT")
        let process = try #require(terminal.process)
        defer { kill(process, SIGKILL) }
        terminal.hangUp()
        #expect(eventually { try sandbox.wick("order", "list").status == 0 && kill(process, 0) == 0 })
        let order = try sandbox.wick("order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--quantity", "0.01")
        #expect(order.status == 0)
        kill(process, SIGTERM)
        #expect(eventually { kill(process, 0) != 0 })
        #expect(try sandbox.wick("position", "list", "--json").array().count == 1)
    }

    @Test("a replay plays what is stored; what is not stored is refused in words")
    func replay() throws {
        let file = try sandbox.write(Samples.minutes(3_000), "m.csv")
        #expect(try sandbox.wick("data", "import", file, "--venue", "binance", "--symbol", "BTCUSDT").status == 0)
        let terminal = try Tmux(sandbox, ["--replay", "BINANCE:BTCUSDT", "--from", "2023-01-02", "--speed", "600"])
        expectScreen(terminal, "Chart BTC/USDT")
        expectScreen(terminal, "2023-01-02")
        let other = try Sandbox()
        let refused = try Tmux(other, ["--replay", "BINANCE:BTCUSDT"])
        expectScreen(refused, "status 66")
        #expect(try other.text("stderr").contains("wick data status"))
    }

    @Test("an unknown theme is a message; with --ascii every character has seven bits, whatever the locale")
    func plainTerminal() throws {
        let terminal = try Tmux(sandbox, ["--theme", "nonsense", "--ascii"], prefix: "LC_ALL=C LANG=C")
        expectScreen(terminal, "Chart BTC/USDT")
        expectScreen(terminal, "there is no such theme")
        let screen = terminal.screen
        #expect(screen.unicodeScalars.allSatisfy { $0.value < 0x80 }, "\(screen)")
    }

    @Test("a terminal that can't place characters is refused in one line", arguments: ["dumb", "", "no-such-terminal"])
    func unusableTerminal(_ type: String) throws {
        let terminal = try Tmux(sandbox, prefix: "TERM='\(type)'")
        expectScreen(terminal, "status 69")
        let message = try sandbox.text("stderr")
        #expect(message.split(separator: "\n").count == 1)
        #expect(message.contains("wick --help"))
        #expect(!FileManager.default.fileExists(atPath: sandbox.data))
    }

    private func price(_ symbol: String) throws -> Int {
        let quantity = symbol.contains("ETH") ? "0.01" : "0.001"
        let bought = try sandbox.wick(
            "order", "place", "--symbol", symbol, "--side", "buy", "--quantity", quantity, "--json")
        #expect(try sandbox.wick("position", "close", symbol).status == 0)
        let average = try #require(try bought.object()["average_price"] as? String)
        return try #require(Int(average.split(separator: ".")[0]))
    }

    private func live(_ strategy: String) throws -> [String: Any] {
        let shown = try sandbox.wick("strategy", "show", strategy, "--json").object()
        return try #require(shown["live"] as? [String: Any])
    }

    private func statuses() throws -> [String] {
        try sandbox.wick("strategy", "list", "--json").array().compactMap { $0["status"] as? String }
    }

    private func eventually(_ seconds: Double = 20, _ isSo: () throws -> Bool) -> Bool {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            if (try? isSo()) == true { return true }
            Thread.sleep(forTimeInterval: 0.1)
        }
        return false
    }
}
