import Foundation
import Storage
import Testing

@Suite("wick data capture", .serialized)
struct DataCaptureTests {
    private let sandbox: Sandbox
    private let venue: Child
    private let address: String

    /// A stand-in for the venue on this machine.
    init() throws { try self.init(faults: nil) }

    /// One that misbehaves, in the words of its faults.
    private init(faults: String?) throws {
        sandbox = try Sandbox()
        var more: [String] = []
        if let faults { more = ["--faults", try sandbox.write(faults, "faults")] }
        venue = try sandbox.started(
            [
                "venue", "serve", "binance-spot", "--port", "0", "--plain", "--seed", "7", "--json", "--directory",
                sandbox.path("stand-in"),
            ] + more)
        let line = try venue.line(containing: "http://")
        let begin = try #require(line.range(of: "http://"))
        address = String(line[begin.upperBound...].prefix { $0 != "\"" && $0 != "/" && $0 != " " })
        try sandbox.write(
            "venues: {binance: {rest-url: \"http://\(address)\", stream-url: \"ws://\(address)\"}}\n", "wick.yaml")
    }

    private func arguments(_ more: String...) -> [String] {
        ["data", "capture", "--venue", "binance", "--symbol", "BTCUSDT", "--config", sandbox.path("wick.yaml")] + more
    }

    @Test("a market is captured for as long as was asked, and plays again without the venue")
    func played() throws {
        let file = sandbox.path("a.wickcap")
        let run = try sandbox.wick(arguments("--symbol", "ETHUSDT", "--for", "4s", "--output", file, "--json"))
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.object()
        #expect((report["messages"] as? Int ?? 0) > 10)
        #expect(report["symbols"] as? [String] == ["BINANCE:BTCUSDT", "BINANCE:ETHUSDT"])
        #expect(report["lost"] as? Int == 0)
        #expect(report["gaps"] as? Int == 0)
        #expect(report["problem"] is NSNull)
        let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        #expect(report["written"] as? Int == size)
        kill(venue.process, SIGKILL)
        let replay = try sandbox.wick(["engine", "--replay", file, "--speed", "max"])
        #expect(replay.status == 0, "\(replay.errors)")
        let log = try sandbox.text("data/wick.log")
        #expect(log.contains("the recording is over"))
        #expect(!log.contains("not ended in order"))
    }

    @Test("a capture that is told to end ends in order, one that is killed can be played as far as it came")
    func ended() throws {
        for (signal, status) in [(SIGTERM, Int32(0)), (SIGINT, 0), (SIGKILL, 128 + SIGKILL)] {
            let file = sandbox.path("\(signal).wickcap")
            let child = try sandbox.started(arguments("--output", file))
            let end = Date().addingTimeInterval(60)
            func size() -> Int {
                (try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? 0
            }
            while size() < 2_000, Date() < end { usleep(20_000) }
            kill(child.process, signal)
            #expect(child.wait() == status)
            let replay = try sandbox.wick(["engine", "--replay", file, "--speed", "max"])
            #expect(replay.status == 0, "\(replay.errors)")
            let log = try sandbox.text("data/wick.log")
            #expect(log.contains("not ended in order") == (signal == SIGKILL))
        }
    }

    @Test("a ban that a capture meets is kept for what is started next")
    func banned() throws {
        let around = try DataCaptureTests(faults: "limit=418/600 rest:GET:/api/v3/depth n=1\n")
        defer { kill(around.venue.process, SIGKILL) }
        let run = try around.sandbox.wick(around.arguments("--for", "3s", "--output", around.sandbox.path("a.wickcap")))
        #expect(run.status == 0, "\(run.errors)")
        let store = try Store(directory: DataDirectory(path: around.sandbox.path("data")))
        #expect(try store.value(for: "pause.http://\(around.address)")?.hasPrefix("banned") == true)
        try store.close()
    }

    @Test("a file that is there stays as it is")
    func exclusive() throws {
        let file = try sandbox.write("mine", "a.wickcap")
        let run = try sandbox.wick(arguments("--for", "1s", "--output", file))
        #expect(run.status == 73)
        #expect(run.errors.contains("never overwritten"))
        #expect(try sandbox.text("a.wickcap") == "mine")
    }

    @Test("a symbol that the venue does not have ends it with 66, a venue that is not there with 69")
    func absent() throws {
        let file = sandbox.path("a.wickcap")
        let unknown = try sandbox.wick([
            "data", "capture", "--venue", "binance", "--symbol", "NONEUSDT", "--config", sandbox.path("wick.yaml"),
            "--output", file,
        ])
        #expect(unknown.status == 66, "\(unknown.errors)")
        kill(venue.process, SIGKILL)
        let gone = try sandbox.wick(arguments("--for", "1s", "--output", file))
        #expect(gone.status == 69, "\(gone.errors)")
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test("everything that is wrong with the command line is said at once")
    func usage() throws {
        let run = try sandbox.wick("data", "capture", "--venue", "kraken", "--for", "soon", "--rotate", "0")
        #expect(run.status == 64)
        for word in ["--symbol", "--venue", "--for", "--rotate"] { #expect(run.errors.contains(word)) }
        let replay = try sandbox.wick("engine", "--replay", "none.wickcap", "--from", "2024-01-01")
        #expect(replay.status == 64)
        #expect(replay.errors.contains("a file is played from its beginning to its end"))
        let missing = try sandbox.wick("engine", "--replay", "none.wickcap")
        #expect(missing.status == 66)
        #expect(missing.errors.contains("none.wickcap"))
    }
}
