import Bytes
import Foundation
import Journal
import Market
import Storage
import Testing
import Trading

@testable import Engine

/// One engine's whole life over a stretch of the synthetic market, in as many processes as it takes.
struct CrashRun {
    /// The stretch of the market.
    static let from = "2024-05-06T00:00:00Z"
    /// How small the journal's files are, so that rotation and checkpoints happen within the stretch. A disk that takes
    /// its time must not change what is decided, as it does where nothing opens any more.
    static let configuration = """
        journal:
          segment-megabytes: 1
          stall-milliseconds: 30000
        account:
          starter-strategies: off
        risk:
          drawdown-percent: off
          daily-loss-percent: off
        """

    let sandbox: Sandbox
    private let arguments: [String]

    /// A fresh data directory with strategies that trade often.
    ///
    /// - Parameter historyMinutes: the market's past at a start, most of what a start takes; `nil` for the usual one.
    init(seed: Int, hours: Int, historyMinutes: Int? = nil) throws {
        sandbox = try Sandbox()
        let history = historyMinutes.map { "\nfeed:\n  history-minutes: \($0)" } ?? ""
        let config = try sandbox.write(CrashRun.configuration + history, "wick.yaml")
        let to = "2024-05-06T\(String(format: "%02d", hours)):00:00Z"
        arguments = [
            "engine", "--seed", "\(seed)", "--from", CrashRun.from, "--to", to, "--speed", "max", "--config", config,
        ]
        for (name, strategyClass, symbol, rest) in [
            ("fast", "ema-crossover", "BTCUSDT", ["--param", "fast=2", "--param", "slow=5", "--stop-loss", "1"]),
            (
                "trail", "sma-crossover", "SOLUSDT",
                ["--param", "fast=3", "--param", "slow=8", "--trailing-stop", "0.5", "--take-profit", "0.7"]
            ),
            (
                "dip", "rsi-mean-reversion", "ETHUSDT",
                ["--param", "period=3", "--param", "low=40", "--param", "high=60"]
            ),
        ] {
            let run = try sandbox.wick(
                [
                    "strategy", "add", name, "--class", strategyClass, "--symbol", "SYNTHETIC:\(symbol)",
                    "--timeframe", "1m", "--sizing", "percent:25", "--enable",
                ] + rest)
            #expect(run.status == 0, "\(run.errors)")
        }
    }

    /// Lets the engine run to the end of the market without touching it.
    func finish() throws {
        let run = try start().finished()
        try #require(run.status == 0, "\(run.errors)")
    }

    /// Starts the engine; `crash` is where it is to die by itself.
    func start(crash: String? = nil, _ more: [String: String] = [:], options: [String] = []) throws -> Child {
        var environment = sandbox.environment.merging(more) { _, new in new }
        if let crash { environment[CrashPlan.variable] = crash }
        return try Child(
            Program.path, arguments + options + ["--data-dir", sandbox.data], environment, in: sandbox.directory)
    }

    /// Lets the engine run until it dies at a place; false when it came to the end first.
    func die(at place: String) throws -> Bool {
        let run = try start(crash: place).finished()
        try #require(run.status == 0 || run.status == 128 + SIGKILL, "\(place): \(run.errors)")
        return run.status != 0
    }

    /// Kills the engine after a while; false when it came to the end first.
    func kill(after microseconds: UInt32) throws -> Bool {
        let child = try start()
        usleep(microseconds)
        Foundation.kill(child.process, SIGKILL)
        let run = try child.finished()
        try #require(run.status == 0 || run.status == 128 + SIGKILL, "\(run.errors)")
        return run.status != 0
    }

    /// Everything that an engine must not get wrong, as it stands at the end.
    func endState() throws -> EndState { try EndState(sandbox.data) }
}

/// What an engine left at the end of its market.
struct EndState {
    /// Kernel, strategies, venue and unfinished candles, byte by byte.
    var image: [UInt8]
    /// The same in words, to find what differs.
    var words: String
    /// The account's cash, equity and fees.
    var account: Account?
    /// Every execution in the store.
    var fills: [String]
    /// Every order in the store.
    var orders: [String]
    /// Every round trip in the store.
    var trips: [String]
    /// The equity curve in the store.
    var equity: [EquityRecord]
    /// What the engines warned of, to see why something differs.
    var warnings: [String]

    init(_ data: String) throws {
        let directory = DataDirectory(path: data)
        let loaded = try #require(try JournalCheckpoint.newest(in: data + "/journal"))
        var reader = ByteReader(loaded.body)
        let decoded = try EngineImage(from: &reader)
        var writer = ByteWriter()
        writer.value(decoded.kernel)
        writer.value(decoded.venue)
        writer.value(decoded.subscriptions)
        writer.value(decoded.marketTime)
        image = writer.bytes
        words = "\(decoded.kernel)\n\(decoded.venue)\n\(decoded.subscriptions)\n\(decoded.marketTime)"
        let store = try Store(directory: directory)
        account = try store.account()
        fills = try store.fills(limit: 1_000_000).map { "\($0.record)" }
        orders = try store.orders(limit: 1_000_000).map { "\($0.order)" }
        trips = try store.trips(limit: 1_000_000).map { "\($0.trip)" }
        equity = try store.equity(limit: 10_000_000)
        try store.close()
        let log = try String(contentsOfFile: data + "/wick.log", encoding: .utf8)
        warnings = log.split(separator: "\n").filter { $0.contains(" warning ") || $0.contains(" error ") }.map(
            String.init)
    }

    /// Where two texts differ first, with what is around it.
    private func place(_ mine: String, _ theirs: String) -> String {
        let common = zip(mine, theirs).prefix { $0 == $1 }.count
        func around(_ text: String) -> Substring { text.dropFirst(max(0, common - 120)).prefix(240) }
        return "…\(around(mine))… against …\(around(theirs))…"
    }

    /// What differs, in words; empty when nothing does.
    func differences(from other: EndState) -> [String] {
        var texts: [String] = []
        if fills != other.fills { texts.append("fills: \(fills.count) against \(other.fills.count)") }
        if Set(fills).count != fills.count { texts.append("a fill is stored twice") }
        if orders != other.orders { texts.append("orders: \(orders.count) against \(other.orders.count)") }
        if trips != other.trips { texts.append("round trips: \(trips.count) against \(other.trips.count)") }
        if account != other.account {
            texts.append("account: \(String(describing: account)) against \(String(describing: other.account))")
        }
        if equity != other.equity { texts.append("equity curve: \(equity.count) against \(other.equity.count) points") }
        if image != other.image { texts.append("the state of kernel and venue: \(place(words, other.words))") }
        if !texts.isEmpty { texts.append("warnings: \(warnings.suffix(40))") }
        return texts
    }
}
