import Foundation
import Market
import StandIn
import Storage
import Testing
import Venues

@testable import Ingestion

@Suite("A venue's market over the wire, captured", .serialized)
struct LiveCaptureTests {
    private static let now: @Sendable () -> Timestamp = {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }

    @Test("what is heard over a connection says the same when it is played, and features of its book are stored")
    func same() async throws {
        let folder = TemporaryDirectory()
        var options = StandInOptions(directory: folder.path)
        options.symbols = ["BTCUSDT"]
        options.isPlain = true
        options.seed = 7
        let server = try StandInServer(options, clock: Self.now)
        defer { server.stop() }
        let port = server.addresses.port
        let binance = try BinanceSpot(at: "http://127.0.0.1:\(port)", streams: "ws://127.0.0.1:\(port)")
        let store = try Store.inMemory()
        let instruments = try await LiveMarket.instruments(
            options.symbols, known: [], of: binance, store: store, now: Self.now
        ).instruments
        let path = folder.path + "/a.wickcap"
        var live = LiveOptions()
        live.historyMinutes = 3
        live.featureDays = 1
        live.capture = try CaptureWriter(to: path)
        let market = try LiveMarket(binance, account: "test", instruments, store: store, live, now: Self.now)
        market.open {}
        var told: [LiveUpdate] = []
        // Some seconds, with trades, quotes, a book, and minutes that were missing.
        for _ in 0..<1_200 {
            market.take(into: &told)
            let prints = told.count { if case .print = $0 { true } else { false } }
            let missed = told.contains { if case .missed = $0 { true } else { false } }
            let books = told.count { if case .depth = $0 { true } else { false } }
            if prints > 20, books > 30, missed { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        market.close()
        market.take(into: &told)
        let playback = try CapturePlayback(path)
        #expect(playback.instruments == instruments)
        var again: [LiveUpdate] = []
        try playback.play(before: playback.end.adding(seconds: 1), into: &again)
        // Of the books only the newest waits when somebody takes; what connections say once they are told to end is no more
        // captured.
        func texts(_ updates: [LiveUpdate]) -> [String] {
            updates.compactMap { update in
                switch update {
                case .depth: nil
                case .link(.lost): nil
                default: "\(update)"
                }
            }
        }
        let (first, second) = (texts(told), texts(again))
        #expect(first.count > 20)
        #expect(Array(first.prefix(second.count)) == second)
        #expect(second.count >= first.count - 50)
        #expect(try store.features(venue: "BINANCE", symbol: "BTCUSDT").count >= 1)
    }
}
