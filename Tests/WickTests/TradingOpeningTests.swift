import Engine
import Foundation
import Keys
import Settings
import Storage
import Synchronization
import Testing

@testable import Venues
@testable import wick

/// The start of an engine that trades at a venue, up to the moment before it runs.
@Suite("The way to a venue is opened", .serialized, .timeLimit(.minutes(5)))
struct TradingOpeningTests {
    private let bench: TradingBench

    init() throws { bench = try TradingBench() }

    /// What somebody was asked.
    private final class Asked: Sendable {
        let questions = Mutex<[String]>([])
        var count: Int { questions.withLock { $0.count } }
    }

    /// Opens the way with real money at stake; what is typed when it is asked for.
    ///
    /// - Returns: the mode in which the engine would trade.
    private func open(
        live front: LiveFront?, typing typed: String? = nil, canAsk: Bool = true, _ asked: Asked = Asked()
    ) async throws -> TradingMode? {
        let key = try bench.key("main", in: front == nil ? .testnet : .live)
        let place = try front?.place(bench.server) ?? .loopback(rest: bench.server.addresses.rest)
        let settings = try WickSettings.parse(bench.sandbox.text("wick.yaml"))
        let directory = DataDirectory(path: bench.sandbox.data)
        return try await onOwnThread {
            let opening = try TradingOpening(settings, directory, key, at: place)
            let market = try MarketOpening.open(opening.settings, directory, as: opening.account)
            var configuration = EngineConfiguration(opening.settings, directory: directory, on: market.feed)
            let consent = LiveConsent(
                canAsk: canAsk, show: { text in asked.questions.withLock { $0.append(text) } }, read: { typed })
            try opening.complete(&configuration, consent)
            return configuration.trading?.mode
        }
    }

    /// How it ends that the way is not opened.
    private func failure(_ body: () async throws -> Void) async -> CommandFailure? {
        do {
            try await body()
            return nil
        } catch {
            return CommandFailure(reason: error)
        }
    }

    @Test(
        "with the word that was asked for, real money is traded with; the question says where, with what and how much")
    func confirmed() async throws {
        let front = try LiveFront(bench.server)
        defer { front.stop() }
        let asked = Asked()
        #expect(try await open(live: front, typing: "LIVE", asked) == .live)
        let question = try #require(asked.questions.withLock { $0.first })
        for words in ["REAL MONEY at http://127.0.0.1", "main, ", "USDT", "Type LIVE"] {
            #expect(question.contains(words), "\(question)")
        }
        #expect(!question.contains(bench.server.accounts[0].apiKey) && asked.count == 1)
    }

    @Test("anything else, and nothing, starts nothing", arguments: ["live", "LIVE ", "", "yes", nil])
    func notConfirmed(typed: String?) async throws {
        let front = try LiveFront(bench.server)
        defer { front.stop() }
        let failure = await failure { _ = try await open(live: front, typing: typed) }
        #expect(failure?.status == 1 && failure?.description == "not confirmed; nothing was started")
    }

    @Test("without a terminal there is nobody to ask: 69, and nothing is shown or read")
    func noTerminal() async throws {
        let front = try LiveFront(bench.server)
        defer { front.stop() }
        let asked = Asked()
        let failure = await failure { _ = try await open(live: front, typing: "LIVE", canAsk: false, asked) }
        #expect(failure?.status == 69 && failure?.description.contains("there is none") == true && asked.count == 0)
    }

    @Test("play money is traded with unasked")
    func testnet() async throws {
        let asked = Asked()
        #expect(try await open(live: nil, canAsk: false, asked) == .testnet)
        #expect(asked.count == 0)
    }

    @Test("a key that has got the right to withdraw is not used, and nobody is asked for the word")
    func withdrawal() async throws {
        let front = try LiveFront(bench.server, mayWithdraw: true)
        defer { front.stop() }
        let asked = Asked()
        let failure = await failure { _ = try await open(live: front, typing: "LIVE", asked) }
        #expect(failure?.status == 1 && failure?.description.contains("may withdraw") == true, "\(failure as Any)")
        #expect(asked.count == 0)
    }

    @Test("an account that may not trade is not traded with, and nobody is asked for the word")
    func noTrading() async throws {
        let front = try LiveFront(bench.server, canTrade: false)
        defer { front.stop() }
        let asked = Asked()
        let failure = await failure { _ = try await open(live: front, typing: "LIVE", asked) }
        #expect(failure?.status == 1 && failure?.description.contains("may not trade") == true, "\(failure as Any)")
        #expect(asked.count == 0)
    }
}

/// The same of real processes, as far as they get without the venue of real money.
@Suite("An engine that is to trade at a venue starts or says why not", .serialized, .timeLimit(.minutes(5)))
struct TradingStartTests {
    @Test("a key is used in its own world only", arguments: [("live", KeyEnvironment.testnet), ("testnet", .live)])
    func worlds(mode: String, world: KeyEnvironment) throws {
        let bench = try TradingBench(mode: mode)
        try bench.remove("main")
        try bench.add(bench.key("main", in: world))
        let run = try bench.start().finished()
        #expect(run.status == 78, "\(run.errors)")
        #expect(run.errors.contains("the key 'main' is for \(world.rawValue); it is used nowhere else"))
    }

    @Test("a key of real money is not sent to a server of one's own, whatever is typed")
    func ownServer() throws {
        let bench = try TradingBench(mode: "live")
        try bench.remove("main")
        try bench.add(bench.key("main", in: .live))
        let run = try bench.start().finished()
        #expect(run.status == 1 && run.errors.contains("a live key is not sent there"), "\(run.errors)")
    }

    @Test("a directory belongs to one account of the venue: a key of another is refused, its own is taken again")
    func anotherAccount() throws {
        let bench = try TradingBench(accounts: 2)
        try bench.end(bench.startTrading())
        try bench.remove("main")
        try bench.add(bench.key("main", account: 1))
        let run = try bench.start().finished()
        #expect(run.status == 78 && run.errors.contains("opens another account than the one"), "\(run.errors)")
        try bench.remove("main")
        // The same account by another of its keys.
        try bench.add(bench.key("main", .ed25519))
        #expect(try bench.end(bench.startTrading()).status == 0)
    }
}

@Suite("The word is typed at a terminal")
struct ConfirmationTests {
    /// What is read of what a person types.
    private func line(_ typed: String, isOver: Bool = false) throws -> String? {
        var (person, program) = (Int32(-1), Int32(-1))
        try #require(openpty(&person, &program, nil, nil, nil) == 0)
        defer {
            close(person)
            close(program)
        }
        _ = typed.withCString { write(person, $0, strlen($0)) }
        return Confirmation.line(from: program, until: { isOver })
    }

    @Test("a line is read as it was typed; the end of input and an end by others are none")
    func lines() throws {
        #expect(try line("LIVE\n") == "LIVE")
        #expect(try line("live\n") == "live")
        #expect(try line(" LIVE\n") == " LIVE")
        #expect(try line("\u{4}") == nil)
        #expect(try line("LIVE\n", isOver: true) == nil)
    }
}

/// Does something that blocks on a thread of its own: those that tests share are needed by what it waits for.
private func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
