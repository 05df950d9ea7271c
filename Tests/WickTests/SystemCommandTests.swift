import Foundation
import Testing

@Suite("wick without an engine")
struct SystemCommandTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    @Test("without a terminal the workstation says so in one line and starts nothing")
    func noTerminal() throws {
        let run = try sandbox.wick([])
        #expect(run.status == 69)
        #expect(run.errors.split(separator: "\n").count == 1)
        #expect(run.errors.contains("terminal"))
        #expect(!FileManager.default.fileExists(atPath: sandbox.data))
    }

    @Test("commands that need an engine say that there is none")
    func noEngine() throws {
        for arguments in [
            ["order", "place", "--symbol", "X", "--side", "buy", "--quantity", "1"], ["order", "cancel", "1"],
            ["position", "close", "X"],
        ] {
            let run = try sandbox.wick(arguments)
            #expect(run.status == 69)
            #expect(run.errors.contains("no engine is running"))
        }
    }

    @Test("an order that can't be meant is refused before any engine is asked, its options named")
    func contradictoryOrder() throws {
        let order = ["order", "place", "--symbol", "BTCUSDT", "--side", "buy"]
        let none = try sandbox.wick(order + ["--quantity", "-1"])
        #expect(none.status == 64 && none.errors.contains("--quantity: -1 is not above 0"))
        let limit = order + ["--quantity", "1", "--type", "limit"]
        let free = try sandbox.wick(limit + ["--price", "0"])
        #expect(free.status == 64 && free.errors.contains("--price: 0 is not above 0"))
        let both = try sandbox.wick(limit + ["--price", "5", "--tif", "FOK", "--post-only"])
        #expect(both.status == 64 && both.errors.contains("--post-only: with --tif FOK an order never rests"))
        let market = try sandbox.wick(order + ["--quantity", "1", "--post-only"])
        #expect(market.status == 64 && market.errors.contains("--post-only: market orders take what is there"))
    }

    @Test("lists come from the store when no engine runs", arguments: ["order list", "position list", "alert list"])
    func lists(_ command: String) throws {
        let words = command.split(separator: " ").map(String.init)
        #expect(try sandbox.wick(words + ["--json"]).output == "[]\n")
        #expect(try sandbox.wick(words).status == 0)
    }

    @Test("a stop without an engine holds for the next one, until it is re-armed")
    func latch() throws {
        let stop = try sandbox.wick("stop", "--json")
        #expect(stop.status == 0)
        #expect(try stop.object()["engine_running"] as? Bool == false)
        #expect(FileManager.default.fileExists(atPath: sandbox.path("data/HALTED")))
        #expect(try sandbox.wick("rearm").status == 64)
        let rearmed = try sandbox.wick("rearm", "--confirm", "re-arm", "--json")
        #expect(rearmed.status == 0)
        #expect(try rearmed.object()["message"] is String)
        #expect(!FileManager.default.fileExists(atPath: sandbox.path("data/HALTED")))
    }

    @Test("the health check names every check and ends with 1 when one fails")
    func health() throws {
        let run = try sandbox.wick("health", "check", "--json")
        #expect(run.status == 0)
        let object = try run.object()
        #expect(object["healthy"] as? Bool == true)
        let checks = try #require(object["checks"] as? [[String: Any]])
        let names = checks.compactMap { $0["check"] as? String }
        for name in ["store", "engine lock", "configuration", "themes", "terminal", "disk", "clock", "engine"] {
            #expect(names.contains(name), "\(name)")
        }
        for name in ["data/wick.sqlite-wal", "data/wick.sqlite-shm"] { unlink(sandbox.path(name)) }
        try sandbox.write(
            "this is no database, whatever its name may be, and it is long enough to be looked at", "data/wick.sqlite")
        let broken = try sandbox.wick("health", "check")
        #expect(broken.status == 1)
        #expect(broken.output.contains("failed"))
    }

    @Test("the shipped themes are found from any directory")
    func themes() throws {
        let run = try sandbox.shell("cd / && wick theme list --json")
        let rows = try run.array()
        let names = rows.compactMap { $0["name"] as? String }
        for name in ["default", "night", "day", "amber", "blue-orange", "high-contrast", "mono"] {
            #expect(names.contains(name), "\(name)")
        }
        #expect(rows.allSatisfy { ($0["problems"] as? [Any])?.isEmpty == true })
        try FileManager.default.createDirectory(atPath: sandbox.path("mine"), withIntermediateDirectories: true)
        try sandbox.write("nonsense = yes\n", "mine/odd.theme")
        let odd = try sandbox.wick("theme", "list", "--themes-dir", sandbox.path("mine"), "--json").array()
        #expect((odd.first { $0["name"] as? String == "odd" }?["problems"] as? [Any])?.isEmpty == false)
    }

    @Test("the configuration check says everything that is wrong, with line and key")
    func configuration() throws {
        let good = Program.root.appendingPathComponent("Config/wick.yaml").path
        #expect(try sandbox.wick("config", "check", "--config", good).status == 0)
        let file = try sandbox.write("feeds:\n  seed: 1\nscreen:\n  theme: nope\n  ascii: perhaps\n", "bad.yaml")
        let run = try sandbox.wick("config", "check", "--config", file, "--json")
        #expect(run.status == 78)
        let problems = try #require(try run.object()["problems"] as? [[String: Any]])
        #expect(problems.compactMap { $0["line"] as? Int } == [1, 4, 5])
        #expect(try sandbox.wick("config", "check", "--config", sandbox.path("absent.yaml")).status == 78)
    }

    @Test("alerts are acknowledged by number or all at once, never by accident")
    func alerts() throws {
        #expect(try sandbox.wick("alert", "ack").status == 64)
        #expect(try sandbox.wick("alert", "ack", "1", "--all").status == 64)
        #expect(try sandbox.wick("alert", "ack", "4").status == 1)
        #expect(try sandbox.wick("alert", "ack", "--all", "--json").output == "{\"acknowledged\":0}\n")
    }

    @Test("a data directory that can't be made or written ends a command with what is the matter")
    func unusableDirectory() throws {
        let file = try sandbox.write("", "file")
        let run = try sandbox.wick("data", "status", "--data-dir", file + "/below")
        #expect(run.status == 73 || run.status == 74 || run.status == 77, "\(run)")
        #expect(run.errors.contains(file))
    }

    @Test("the version is the release's")
    func version() throws {
        let run = try sandbox.wick("--version")
        #expect(run.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }

    @Test("a full disk behind standard output is an error, not silence")
    func fullDisk() throws {
        let run = try sandbox.shell("wick strategy classes > /dev/full")
        #expect(run.status == 74)
        #expect(run.errors.contains("standard output"))
    }

    @Test("what is no command or no option ends with 64 and a hint")
    func unknown() throws {
        for arguments in [
            ["nonsense"], ["order", "place", "--colour", "red"], ["data", "import"], ["backtest", "show", "x"],
        ] {
            let run = try sandbox.wick(arguments)
            #expect(run.status == 64, "\(arguments)")
            #expect(run.errors.contains("--help"), "\(arguments)")
        }
    }
}
