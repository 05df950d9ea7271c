import Foundation
import LoopbackServer
import Testing

@Suite("wick data download")
struct DataDownloadTests {
    /// 2023-01-01, and ten thousand minutes later.
    private static let begins: Int64 = 1_672_531_200_000
    private static let count = 10_000
    private let sandbox: Sandbox
    private let standIn: BinanceStandIn

    init() throws {
        sandbox = try Sandbox()
        standIn = try BinanceStandIn(
            .init(
                ["BTCUSDT", "ETHUSDT"].map { StandInCandles($0, begins: Self.begins) },
                time: Self.begins + Int64(Self.count) * 60_000 + 30_000))
        try configure(sandbox, standIn.address)
    }

    private func configure(_ sandbox: Sandbox, _ address: String) throws {
        try sandbox.write("venues: {binance: {rest-url: \"\(address)\"}}\n", "wick.yaml")
    }

    private func arguments(_ sandbox: Sandbox, _ symbols: [String], _ more: [String]) -> [String] {
        ["data", "download", "--venue", "binance", "--from", "2023-01-01", "--config", sandbox.path("wick.yaml")]
            + symbols.flatMap { ["--symbol", $0] } + more
    }

    private func download(_ symbols: String..., more: [String] = []) throws -> Run {
        try sandbox.wick(arguments(sandbox, symbols, more))
    }

    private func export(_ sandbox: Sandbox, _ symbol: String) throws -> String {
        try sandbox.wick("data", "export", "--venue", "binance", "--symbol", symbol, "--output", "-").output
    }

    @Test("everything the venue has is stored exactly, several symbols at once, and a second run asks for nothing")
    func whole() throws {
        let run = try download("btcusdt", "ETHUSDT", more: ["--json"])
        #expect(run.status == 0, "\(run.errors)")
        let rows = try run.array()
        #expect(rows.map { $0["symbol"] as? String } == ["BINANCE:BTCUSDT", "BINANCE:ETHUSDT"])
        for row in rows {
            #expect(row["taken"] as? Int == Self.count && row["stored"] as? Int == Self.count)
            #expect(row["missing"] as? Int == 0 && row["complete"] as? Bool == true && row["problem"] is NSNull)
        }
        for symbol in ["BTCUSDT", "ETHUSDT"] {
            let lines = try export(sandbox, symbol).split(separator: "\n").dropFirst()
            let source = StandInCandles(symbol, begins: Self.begins)
            #expect(lines.count == Self.count)
            for (minute, line) in lines.enumerated() {
                let fields = line.split(separator: ",").dropFirst().prefix(5).compactMap { Decimal(string: String($0)) }
                let texts = source.texts(Self.begins + Int64(minute) * 60_000, length: 60_000)
                #expect(fields == texts.compactMap { Decimal(string: $0) })
            }
        }
        let before = standIn.pages.count
        let again = try download("BTCUSDT", "ETHUSDT", more: ["--json"]).array()
        #expect(again.allSatisfy { $0["taken"] as? Int == 0 && $0["unchanged"] as? Int == Self.count })
        #expect(standIn.pages.count == before)
    }

    @Test("killed again and again, it comes to the same store, and fetches nothing twice that was stored")
    func killed() throws {
        let count = 16_000
        standIn.change { $0.time = Self.begins + Int64(count) * 60_000 + 30_000 }
        let undisturbed = try Sandbox()
        try configure(undisturbed, standIn.address)
        #expect(try undisturbed.wick(arguments(undisturbed, ["BTCUSDT", "ETHUSDT"], [])).status == 0)
        standIn.change { $0.delay = 20_000 }
        var stored = 0
        for _ in 0..<3 {
            let begin = standIn.pages.count
            let child = try sandbox.started(arguments(sandbox, ["BTCUSDT", "ETHUSDT"], []))
            // Killed in the middle: once some pages of this run were asked for.
            let end = Date().addingTimeInterval(30)
            while standIn.pages.count < begin + 10, Date() < end { usleep(2_000) }
            kill(child.process, SIGKILL)
            #expect(child.wait() == 137)
            let rows = try sandbox.wick("data", "status", "--json").array()
            let now = rows.compactMap { $0["candles"] as? Int }.reduce(0, +)
            #expect(now >= stored && now < 2 * count)
            stored = now
        }
        #expect(stored > 0)
        standIn.change { $0.delay = 0 }
        let rows = try download("BTCUSDT", "ETHUSDT", more: ["--json"]).array()
        #expect(rows.compactMap { $0["unchanged"] as? Int }.reduce(0, +) == stored)
        #expect(rows.compactMap { $0["taken"] as? Int }.reduce(0, +) == 2 * count - stored)
        for symbol in ["BTCUSDT", "ETHUSDT"] { #expect(try export(sandbox, symbol) == export(undisturbed, symbol)) }
    }

    @Test("gaps of the venue are listed, and are no failure")
    func gaps() throws {
        standIn.change { options in
            let start = Self.begins + 5_000 * 60_000
            options.symbols[0].outages = [start..<start + 90 * 60_000]
        }
        let run = try download("BTCUSDT")
        #expect(run.status == 0)
        #expect(run.output.contains("90 in 1 gaps"))
        #expect(run.output.contains("missing: 2023-01-04T11:20:00Z to 2023-01-04T12:50:00Z: 90 candles"))
        #expect(run.errors == "")
    }

    @Test("without a network it says so and how to go on, and ends with 69")
    func noNetwork() throws {
        standIn.stop()
        let run = try download("BTCUSDT")
        #expect(run.status == 69)
        #expect(run.errors.contains("there is no connection") && run.errors.contains("check the network"))
        #expect(run.errors.split(separator: "\n").count == 1)
        #expect(run.output == "")
    }

    @Test("a symbol that the venue does not have is named, ends with 66, and the others are fetched")
    func unknownSymbol() throws {
        let run = try download("NOPEUSDT", "BTCUSDT", more: ["--json"])
        #expect(run.status == 66)
        #expect(run.errors.contains("BINANCE:NOPEUSDT: the venue has no such symbol"))
        let rows = try run.array()
        #expect(
            rows[0]["complete"] as? Bool == false && (rows[0]["problem"] as? String)?.contains("no such symbol") == true
        )
        #expect(rows[1]["stored"] as? Int == Self.count)
    }

    @Test("rows that are no candles end with 65, and are named")
    func refused() throws {
        let open = Self.begins + 60_000
        standIn.change {
            $0.symbols[0].replaced[open] = "[\(open),\"5\",\"1\",\"2\",\"3\",\"4\",\(open + 59_999)]"
        }
        let run = try download("BTCUSDT")
        #expect(run.status == 65)
        #expect(run.output.contains("refused: 2023-01-01T00:01:00Z: low ≤ open"))
    }

    @Test("every problem of the command line is said at once")
    func usage() throws {
        let run = try sandbox.wick(
            "data", "download", "--venue", "kraken", "--symbol", "B;T", "--timeframe", "7m", "--to", "yesterday")
        #expect(run.status == 64)
        for option in [
            "--venue: 'KRAKEN'", "--symbol: 'B;T'", "--timeframe: '7m'", "--to: 'yesterday'", "--from: missing",
        ] {
            #expect(run.errors.contains(option), "\(run.errors)")
        }
        let bare = try sandbox.wick("data", "download", "--from", "2023-01-02", "--to", "2023-01-01")
        #expect(bare.status == 64)
        for option in ["--venue: missing", "--symbol: missing", "--to: 2023-01-01"] {
            #expect(bare.errors.contains(option), "\(bare.errors)")
        }
    }

    @Test("an address in the clear over a network is refused with the configuration's place")
    func addresses() throws {
        try configure(sandbox, "http://api.binance.com")
        let run = try download("BTCUSDT")
        #expect(run.status == 78)
        #expect(run.errors.contains("venues.binance.rest-url") && run.errors.contains("wick.yaml:1:"))
    }

    @Test("several symbols without a network say so once")
    func noNetworkForSeveral() throws {
        standIn.stop()
        let run = try download("BTCUSDT", "ETHUSDT", "SOLUSDT", more: ["--json"])
        #expect(run.status == 69)
        #expect(run.errors.split(separator: "\n").count == 1)
        let rows = try run.array()
        #expect(rows.count == 3 && rows.allSatisfy { $0["complete"] as? Bool == false })
    }

    @Test("the proxy of the environment is asked, and no other way is tried")
    func proxy() throws {
        // Nobody listens there; the proxy knows the way.
        try configure(sandbox, "http://localhost:9")
        let arguments = arguments(sandbox, ["BTCUSDT"], ["--to", "2023-01-02", "--json"])
        let run = try sandbox.started(arguments, ["http_proxy": standIn.address]).finished()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try run.array().first?["stored"] as? Int == 1_440)
        #expect(standIn.log.allSatisfy { $0.headers["host"] == "localhost:9" })
        try configure(sandbox, standIn.address)
        let closed = try sandbox.started(arguments, ["http_proxy": "http://127.0.0.1:9"]).finished()
        #expect(closed.status == 69)
    }

    @Test("certificates that are not there are a fault of the configuration")
    func certificates() throws {
        try sandbox.write("venues: {binance: {ca-file: /nonexistent/ca.pem}}\n", "wick.yaml")
        let run = try download("BTCUSDT")
        #expect(run.status == 78)
        #expect(run.errors.contains("venues.binance.ca-file: /nonexistent/ca.pem: "))
    }

    @Test("a pause of hours ends it with 75 and says how long it is; nothing more is sent")
    func ban() throws {
        standIn.misbehave("/exchangeInfo", .banned(retryAfter: 7_200))
        let run = try download("BTCUSDT")
        #expect(run.status == 75)
        #expect(run.errors.contains("banned this address") && run.errors.contains("71"))
        #expect(standIn.log.count == 1)
        // The next process knows of it.
        let again = try download("BTCUSDT")
        #expect(again.status == 75 && again.errors.contains("banned this address"))
        #expect(standIn.log.count == 1)
    }

    @Test("killed in a pause that the venue asked for, the next run keeps the rest of it")
    func killedInPause() throws {
        standIn.misbehave("/exchangeInfo", .tooManyRequests(retryAfter: 4))
        let child = try sandbox.started(arguments(sandbox, ["BTCUSDT"], []))
        let end = Date().addingTimeInterval(30)
        while standIn.refusals == 0, Date() < end { usleep(2_000) }
        usleep(500_000)
        kill(child.process, SIGKILL)
        #expect(child.wait() == 137)
        let run = try download("BTCUSDT", more: ["--json"])
        #expect(try run.array().first?["stored"] as? Int == Self.count)
        #expect(standIn.refusals == 1 && standIn.violations == 0)
    }
}
