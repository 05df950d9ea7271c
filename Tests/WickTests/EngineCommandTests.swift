import Foundation
import Testing

/// The service manager's end of the notification socket.
final class NotifySocket {
    /// What `NOTIFY_SOCKET` is set to.
    let name: String
    private let descriptor: Int32
    private(set) var lines: [String] = []

    /// - Parameter name: a path, or a name in the abstract space behind an at sign.
    init(_ name: String) throws {
        self.name = name
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = name.hasPrefix("@") ? [0] + name.utf8.dropFirst() : Array(name.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = MemoryLayout<sa_family_t>.size + bytes.count + (name.hasPrefix("@") ? 0 : 1)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(length)) }
        }
        guard bound == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EINVAL) }
    }

    deinit { close(descriptor) }

    /// Waits until a line came; whether it did.
    func wait(for line: String, _ seconds: Double = 20) -> Bool {
        wait(seconds) { $0.contains { $0.hasPrefix(line) } }
    }

    /// Waits until the lines so far are as wanted; whether they are.
    func wait(_ seconds: Double = 20, until isWanted: ([String]) -> Bool) -> Bool {
        let end = Date().addingTimeInterval(seconds)
        while !isWanted(lines) {
            let left = end.timeIntervalSinceNow
            guard left > 0 else { return false }
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, Int32(left * 1_000) + 1) > 0 else { return false }
            take()
        }
        return true
    }

    private func take() {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 {
            lines += String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }
}

@Suite("wick engine", .serialized)
struct EngineCommandTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private func started(_ more: [String: String] = [:]) throws -> Child {
        let engine = try sandbox.started(["engine"], more)
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

    private func mode(_ name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: sandbox.path("data/" + name))
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test(
        "runs without a terminal; SIGTERM and SIGINT end it in order, with what is left in a line", arguments: [15, 2])
    func ends(signal: Int32) throws {
        let engine = try started()
        #expect(sandbox.engine == engine.process)
        let buy = ["order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--quantity", "0.01"]
        #expect(try sandbox.wick(buy).status == 0)
        #expect(try mode("screen.sock") == 0o600)
        #expect(try mode("engine.sock") == 0o600)
        kill(engine.process, signal)
        let run = try engine.finished()
        #expect(run.status == 0)
        #expect(run.output.isEmpty)
        #expect(
            run.errors.contains("wick: stopped; equity") && run.errors.contains("positions open: 1"), "\(run.errors)")
        #expect(run.errors.contains("bought 0.01"), "\(run.errors)")
        #expect(try sandbox.wick("position", "list", "--json").array().count == 1)
        #expect(try sandbox.text("data/wick.log").contains("bought 0.01"))
        #expect(try sandbox.wick("status").output.contains("no engine is running"))
    }

    @Test("the list shows where stop and target of an entry stood, also when it has ended and no engine runs")
    func entryProtection() throws {
        let engine = try started()
        var last = 0.0
        #expect(
            eventually {
                let status = try sandbox.wick("status", "--json").object()["engine"] as? [String: Any]
                let markets = status?["markets"] as? [[String: Any]]
                let bitcoin = markets?.first { $0["symbol"] as? String == "SYNTHETIC:BTCUSDT" }
                guard let text = bitcoin?["last"] as? String, let price = Double(text) else { return false }
                last = price
                return true
            })
        let (stop, target) = (Int(last * 0.9), Int(last * 1.1))
        let placed = try sandbox.wick(
            "order", "place", "--symbol", "BTCUSDT", "--side", "buy", "--type", "limit", "--quantity", "0.01",
            "--price",
            "\(Int(last * 0.95))", "--stop", "\(stop)", "--target", "\(target)", "--json")
        #expect(placed.status == 0, "\(placed)")
        let number = try #require(try placed.object()["id"] as? Int)
        #expect(try sandbox.wick("order", "cancel", "\(number)").status == 0)
        func entry() throws -> [String: Any]? {
            try sandbox.wick("order", "list", "--all", "--json").array().first { $0["id"] as? Int == number }
        }
        #expect(eventually { try entry()?["state"] as? String == "canceled" })
        for isRunning in [true, false] {
            if !isRunning {
                kill(engine.process, SIGTERM)
                #expect(try engine.finished().status == 0)
            }
            let row = try #require(try entry())
            #expect(Double(try #require(row["stop"] as? String)) == Double(stop))
            #expect(Double(try #require(row["target"] as? String)) == Double(target))
        }
    }

    @Test("SIGUSR1 is the emergency stop; SIGHUP means nothing")
    func signals() throws {
        let engine = try started()
        defer { kill(engine.process, SIGKILL) }
        kill(engine.process, SIGHUP)
        kill(engine.process, SIGUSR1)
        #expect(eventually { FileManager.default.fileExists(atPath: sandbox.path("data/HALTED")) })
        #expect(eventually { try sandbox.wick("status", "--json").output.contains("\"halted\"") })
    }

    @Test("the service manager hears that it is ready, alive and stopping", arguments: [false, true])
    func notifies(isAbstract: Bool) throws {
        let name = isAbstract ? "@wick-\(UUID().uuidString)" : sandbox.path("notify")
        let manager = try NotifySocket(name)
        let engine = try started(["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "1000000"])
        defer { kill(engine.process, SIGKILL) }
        #expect(manager.wait(for: "READY=1"))
        #expect(manager.lines.contains { $0.hasPrefix("STATUS=paper, active, equity") }, "\(manager.lines)")
        #expect(manager.wait { $0.count { $0 == "WATCHDOG=1" } >= 3 })
        #expect(!manager.lines.contains("STOPPING=1"))
        kill(engine.process, SIGTERM)
        #expect(manager.wait(for: "STOPPING=1"))
        #expect(try engine.finished().status == 0)
    }

    @Test("a watchdog meant for another process is not fed")
    func otherProcess() throws {
        let name = sandbox.path("notify")
        let manager = try NotifySocket(name)
        let engine = try started(["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "200000", "WATCHDOG_PID": "1"])
        #expect(manager.wait(for: "READY=1"))
        kill(engine.process, SIGTERM)
        #expect(manager.wait(for: "STOPPING=1"))
        #expect(!manager.lines.contains("WATCHDOG=1"))
        #expect(try engine.finished().status == 0)
    }

    @Test("every command reaches it: strategies, alerts, the stop; a re-arm needs its word")
    func commands() throws {
        let engine = try started()
        defer { kill(engine.process, SIGKILL) }
        func strategy(_ name: String) throws -> [String: Any]? {
            try sandbox.wick("strategy", "list", "--json").array().first { $0["name"] as? String == name }
        }
        let added = try sandbox.wick(
            "strategy", "add", "mine", "--class", "sma-crossover", "--symbol", "SYNTHETIC:BTCUSDT", "--timeframe", "1d",
            "--param", "fast=4", "--param", "slow=9", "--stop-loss", "2", "--json")
        #expect(added.status == 0, "\(added)")
        #expect(try added.object()["stop_loss_percent"] as? String == "2")
        #expect(try added.object()["status"] as? String == "disabled")
        #expect(try sandbox.wick("strategy", "enable", "mine").status == 0)
        #expect(try strategy("mine")?["status"] as? String == "enabled")
        #expect(try sandbox.wick("strategy", "set", "mine", "--param", "fast=5", "--stop-loss", "off").status == 0)
        #expect((try strategy("mine")?["parameters"] as? [String: String])?["fast"] == "5")
        #expect(try strategy("mine")?["stop_loss_percent"] is NSNull)
        let wrong = try sandbox.wick(
            "strategy", "set", "mine", "--param", "fast=0", "--sizing", "big", "--timeframe", "7m")
        #expect(wrong.status == 64)
        for option in ["--param fast", "--sizing:", "--timeframe:"] {
            #expect(wrong.errors.contains(option), "\(wrong)")
        }
        #expect(try sandbox.wick("strategy", "enable", "ghost").errors.contains("ghost"))
        #expect(try sandbox.wick("strategy", "disable", "mine").status == 0)
        #expect(try sandbox.wick("strategy", "remove", "mine").status == 0)
        #expect(try strategy("mine") == nil)

        #expect(try sandbox.wick("stop").status == 0)
        #expect(try sandbox.wick("rearm").status == 64)
        #expect(try sandbox.wick("rearm", "--yes").errors.contains("--confirm re-arm"))
        #expect(try sandbox.wick("rearm", "--confirm", "rearm").status == 64)
        #expect(try sandbox.wick("status", "--json").output.contains("\"halted\""))
        #expect(try sandbox.wick("rearm", "--confirm", "re-arm").status == 0)
        #expect(try sandbox.wick("status", "--json").output.contains("\"active\""))
    }

    @Test("it is refused beside another engine, and a wrong option before anything starts")
    func refused() throws {
        let engine = try started()
        defer { kill(engine.process, SIGKILL) }
        let second = try sandbox.started(["engine"]).finished()
        #expect(second.status == 75 && second.errors.contains("process \(engine.process)"))
        #expect(try sandbox.started(["engine", "--seed", "x"]).finished().status == 64)
    }
}
