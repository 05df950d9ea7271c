import Foundation
import Market
import StandIn
import Testing

/// A venue on this machine, and engines that follow it.
private final class LiveSandbox {
    let sandbox: Sandbox
    let venue: StandInServer

    /// - Parameter dataAge: how old an instrument's data may be for an order that opens, in seconds.
    init(dataAge: Int = 30) throws {
        sandbox = try Sandbox()
        var options = StandInOptions(directory: sandbox.path("venue"))
        try FileManager.default.createDirectory(atPath: options.directory, withIntermediateDirectories: true)
        options.seed = 7
        venue = try StandInServer(options) {
            Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        }
        try sandbox.write(
            """
            feed:
              history-minutes: 60
            risk:
              data-age-seconds: \(dataAge)
            venues:
              binance:
                rest-url: \(venue.addresses.rest)
                stream-url: \(venue.addresses.streams)
                ca-file: \(venue.addresses.certificate ?? "")
            """, "wick.yaml")
    }

    deinit { venue.stop() }

    /// Starts an engine that is free to look for the network.
    func engine(_ arguments: [String] = []) throws -> Child {
        try sandbox.started(
            ["engine", "--config", sandbox.path("wick.yaml")] + arguments, ["WICK_OFFLINE": "0"])
    }

    /// What `wick status` says once something holds; half a minute at most.
    func status(until condition: ([String: Any]) -> Bool) throws -> [String: Any]? {
        for _ in 0..<150 {
            let run = try sandbox.wick("status", "--json")
            if run.status == 0,
                let status = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any],
                let engine = status["engine"] as? [String: Any], condition(engine)
            {
                return engine
            }
            Thread.sleep(forTimeInterval: 0.2)
        }
        return nil
    }
}

private func markets(_ engine: [String: Any]) -> [[String: Any]] { engine["markets"] as? [[String: Any]] ?? [] }

@Suite("An engine on a venue's market", .serialized)
struct LiveMarketCommandTests {
    @Test(
        "with nothing said and the venue there, it follows the venue over TLS, and its account has a directory of its own"
    )
    func follows() throws {
        let live = try LiveSandbox()
        let engine = try live.engine()
        let status = try live.status { markets($0).allSatisfy { $0["status"] as? String == "live" } }
        #expect(status?["source"] as? String == "BINANCE")
        #expect(
            markets(status ?? [:]).map { $0["symbol"] as? String } == [
                "BINANCE:BTCUSDT", "BINANCE:ETHUSDT", "BINANCE:SOLUSDT",
            ])
        let account = live.sandbox.data + "/binance-spot"
        #expect(FileManager.default.fileExists(atPath: account + "/wick.sqlite"))
        #expect(FileManager.default.fileExists(atPath: account + "/journal"))
        kill(engine.process, SIGTERM)
        #expect(try engine.finished().status == 0)
        // Commands go on looking at the account that was used last.
        let strategies = try live.sandbox.wick("strategy", "list", "--json")
        #expect(strategies.output.contains("BINANCE:BTCUSDT"))
    }

    @Test("killed and started again, it goes on with the same account and fetches what it missed")
    func killed() throws {
        let live = try LiveSandbox()
        let first = try live.engine()
        #expect(try live.status { markets($0).allSatisfy { $0["status"] as? String == "live" } } != nil)
        let order = try live.sandbox.wick(
            "order", "place", "--symbol", "BINANCE:BTCUSDT", "--side", "buy", "--quantity", "0.01", "--json")
        #expect(order.status == 0, "\(order.errors)")
        kill(first.process, SIGKILL)
        _ = try first.finished()
        let second = try live.engine()
        let status = try live.status { markets($0).allSatisfy { $0["status"] as? String == "live" } }
        #expect(status?["open_positions"] as? Int == 1)
        let verified = try live.sandbox.wick("journal", "verify")
        #expect(verified.status == 0, "\(verified.errors)")
        kill(second.process, SIGTERM)
        #expect(try second.finished().status == 0)
        let replay = try live.sandbox.wick("journal", "replay")
        #expect(replay.output.contains("identical"), "\(replay.output) \(replay.errors)")
    }

    @Test("trades that the venue's stream loses are in the log of gaps, with what became of them")
    func missedTrades() throws {
        let live = try LiveSandbox()
        let engine = try live.engine()
        #expect(try live.status { markets($0).allSatisfy { $0["status"] as? String == "live" } } != nil)
        // Trades before those that are lost say where the numbers jump.
        try live.venue.misbehave("drop stream:btcusdt@trade skip=3 n=3")
        var gaps: [[String: Any]] = []
        for _ in 0..<150 {
            let rows = try live.sandbox.wick("data", "status", "--json").array()
            gaps = rows.compactMap { $0["trade_gaps"] as? [[String: Any]] }.first ?? []
            if gaps.first?["state"] as? String == "filled" { break }
            Thread.sleep(forTimeInterval: 0.2)
        }
        let log = (try? live.sandbox.text("data/wick.log")) ?? ""
        #expect(gaps.count == 1, "\(log.suffix(2_000))")
        #expect(gaps.first?["state"] as? String == "filled" && gaps.first?["trades"] as? Int == 3)
        #expect(gaps.first?["missing"] as? Int == 0 && gaps.first?["ended_at"] is String)
        kill(engine.process, SIGTERM)
        #expect(try engine.finished().status == 0)
    }

    @Test("without an answer it is the synthetic market, and it says why")
    func absent() throws {
        let live = try LiveSandbox()
        live.venue.stop()
        let engine = try live.engine()
        let status = try live.status { _ in true }
        #expect(status?["source"] as? String == "synthetic")
        kill(engine.process, SIGTERM)
        let run = try engine.finished()
        #expect(run.status == 0)
        #expect(run.errors.contains("this is the synthetic market"), "\(run.errors)")
    }

    @Test("asked for by name, a venue that is not there is an error before anything starts")
    func required() throws {
        let live = try LiveSandbox()
        live.venue.stop()
        let run = try live.engine(["--feed", "binance"]).finished()
        #expect(run.status == 69, "\(run.errors)")
        #expect(live.sandbox.engine == nil)
    }

    @Test("asked for by name and known from before, it begins without the venue and opens nothing")
    func known() throws {
        let live = try LiveSandbox(dataAge: 1)
        let first = try live.engine()
        #expect(try live.status { markets($0).allSatisfy { $0["status"] as? String == "live" } } != nil)
        kill(first.process, SIGTERM)
        _ = try first.finished()
        live.venue.stop()
        let second = try live.engine(["--feed", "binance"])
        let status = try live.status { ($0["feed_problem"] as? String) != nil }
        #expect(status?["source"] as? String == "BINANCE")
        // What was heard last is older than that by now.
        Thread.sleep(forTimeInterval: 2.5)
        let order = try live.sandbox.wick(
            "order", "place", "--symbol", "BINANCE:BTCUSDT", "--side", "buy", "--quantity", "0.01")
        #expect(order.status == 1, "\(order.output)")
        kill(second.process, SIGTERM)
        #expect(try second.finished().status == 0)
    }

    @Test("options of the synthetic market are refused beside a venue's")
    func contradiction() throws {
        let sandbox = try Sandbox()
        let run = try sandbox.wick("engine", "--feed", "binance", "--seed", "7", "--speed", "max")
        #expect(run.status == 64)
        #expect(run.errors.contains("--seed") && run.errors.contains("--speed"), "\(run.errors)")
    }
}
