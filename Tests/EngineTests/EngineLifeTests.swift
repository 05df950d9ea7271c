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
            #expect(try client.strategies().count == 3)
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
