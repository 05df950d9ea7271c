import Market
import Network
import Storage
import Testing

@testable import Ingestion

@Suite("a pause that outlives its process")
struct KeptPauseTests {
    private let server = "https://api.binance.com"
    private let pause = KeptPause(reason: .banned, until: Sample.now.adding(seconds: 500))

    @Test("it is there until it is over, for its server alone")
    func reading() throws {
        let store = try Store.inMemory()
        #expect(try KeptPause.read(store, server, at: Sample.now) == nil)
        try pause.write(store, server, at: Sample.now)
        #expect(try KeptPause.read(store, server, at: Sample.now) == pause)
        #expect(try KeptPause.read(store, "https://API.binance.com", at: Sample.now.adding(seconds: 499)) == pause)
        #expect(try KeptPause.read(store, server, at: Sample.now.adding(seconds: 500)) == nil)
        #expect(try KeptPause.read(store, "https://testnet.binance.vision", at: Sample.now) == nil)
    }

    @Test("whoever is told of it in a process, the next process keeps it")
    func remembered() throws {
        let store = try Store.inMemory()
        let server = "https://remembered.test"
        let gate = RequestGate.of(server, limit: 100)
        PauseMemory(store, server: server, gate, { Sample.now }).recall()
        #expect(gate.pause(.cancel, at: .now) == nil)
        gate.refused(RequestPause(reason: .banned, until: .now + .seconds(3_600)))
        let kept = try #require(try KeptPause.read(store, server, at: Sample.now))
        #expect(kept.reason == .banned)
        #expect((3_500...3_600).contains(kept.until.nanoseconds(since: Sample.now) / 1_000_000_000))
        // As if it were another process: the same server by another name.
        let next = RequestGate.of(server + "/next", limit: 100)
        PauseMemory(store, server: server, next, { Sample.now }).recall()
        #expect(next.pause(.cancel, at: .now)?.reason == .banned)
    }

    @Test(
        "one that no server asks for, from a wrong clock or a damaged store, is none",
        arguments: [
            "", "banned", "banned soon", "whim 2024-01-01T00:05:00Z", "banned 2024-01-09T00:00:00Z",
        ])
    func nonsense(_ text: String) throws {
        let store = try Store.inMemory()
        try store.setValue(text, for: "pause.\(server)", at: Sample.now)
        #expect(try KeptPause.read(store, server, at: Sample.now) == nil)
    }
}
