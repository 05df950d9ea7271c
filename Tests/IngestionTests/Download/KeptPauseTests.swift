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
