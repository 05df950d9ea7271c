import Glibc
import Market
import Storage
import Synchronization
import Testing
import Trading

@testable import Engine

@Suite("An engine on its own thread")
struct EngineLifeTests {
    private func configuration(_ folder: TemporaryDirectory) -> EngineConfiguration {
        var configuration = EngineConfiguration(directory: folder.directory)
        configuration.feed = .synthetic(SyntheticFeedOptions(seed: 3, historyMinutes: 60))
        return configuration
    }

    @Test("starts, shows its markets, answers over the socket, stops and lets the next one start")
    func startAndStop() throws {
        let folder = try TemporaryDirectory()
        for _ in 0..<2 {
            let engine = try Engine.start(configuration(folder))
            #expect(engine.snapshot.markets.count == 3)
            let client = try EngineClient(dataDirectory: folder.path)
            var status = try client.status()
            while status.markets.contains(where: { $0.status != "live" }) {
                Poll.wait(engine)
                status = try client.status()
            }
            #expect(try client.strategies().registered.count == 3)
            #expect(engine.snapshot.markets[0].minutes.count >= 60)
            engine.stop()
            #expect(!isReachable(folder))
        }
    }

    private func isReachable(_ folder: TemporaryDirectory) -> Bool {
        do {
            _ = try EngineClient(dataDirectory: folder.path)
            return true
        } catch {
            #expect(error == .noEngine(directory: folder.path))
            return false
        }
    }

    @Test("a strategy disabled in the store by another process rests in the running engine")
    func disabledFromOutside() throws {
        let folder = try TemporaryDirectory()
        let engine = try Engine.start(configuration(folder))
        func status() -> StrategyStatus? { engine.snapshot.strategies.first?.registration.status }
        while status() == nil { Poll.wait(engine) }
        #expect(status() == .enabled)
        let store = try Store(directory: folder.directory)
        try store.setStatus(.disabled, ofStrategyNamed: "sma-cross", at: monday)
        while status() == .enabled { Poll.wait(engine) }
        #expect(status() == .disabled)
        engine.stop()
    }

    @Test("an emergency stop asked for from any thread halts, latches and outlives the engine")
    func emergencyFromAnyThread() throws {
        let folder = try TemporaryDirectory()
        let engine = try Engine.start(configuration(folder))
        try EngineThread.start { engine.requestEmergencyStop(origin: "signal") }
        while engine.snapshot.tradingState != .halted { Poll.wait(engine) }
        engine.stop()
        #expect(EmergencyLatch.isSet(directory: folder.path))
        let next = try Engine.start(configuration(folder))
        #expect(next.snapshot.tradingState == .halted)
        let store = try Store(directory: folder.directory)
        #expect(try store.auditTrail().contains { $0.action == "emergency stop" && $0.origin == "signal" })
        next.stop()
    }

    @Test("after a stop requests are refused, and the last snapshot stays")
    func afterStop() throws {
        let folder = try TemporaryDirectory()
        let engine = try Engine.start(configuration(folder))
        engine.stop()
        engine.stop()
        let answer = Mutex<EngineReply?>(nil)
        engine.send(.rearm) { reply in answer.withLock { $0 = reply } }
        #expect(answer.withLock { $0 }?.refusal == "the engine is stopping")
        #expect(engine.snapshot.markets.count == 3)
    }

    /// Why an engine does not start; `nil` when it does, and is stopped again.
    private func refusal(_ configuration: EngineConfiguration) -> EngineError? {
        do {
            let engine = try Engine.start(configuration)
            engine.stop()
            return nil
        } catch {
            return error
        }
    }

    @Test("a second engine on the same directory is refused and says so")
    func secondEngineRefused() throws {
        let folder = try TemporaryDirectory()
        let engine = try Engine.start(configuration(folder))
        let reason = try #require(refusal(configuration(folder)))
        #expect(reason.description.contains("another engine is running on '\(folder.path)'"))
        #expect(reason.description.contains("--data-dir"))
        #expect(engine.snapshot.markets.count == 3)
        engine.stop()
    }

    @Test("a configuration is refused with all its problems at once")
    func configurationProblems() throws {
        let folder = try TemporaryDirectory()
        var wrong = configuration(folder)
        wrong.cash = .zero(.usdt)
        wrong.snapshotsPerSecond = 0
        wrong.venue.slippage = .percent(80)
        let reason = try #require(refusal(wrong))
        #expect(reason.description.split(separator: "\n").count == 3)
    }
}

/// Waits for what another thread does, by its wake descriptor.
enum Poll {
    /// Waits for the engine's next snapshot.
    static func wait(_ engine: Engine) {
        var descriptor = pollfd(fd: engine.wakeDescriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&descriptor, 1, 1_000)
        engine.drainWake()
    }
}
