import Foundation
import LoopbackServer
import Testing

@Suite(
    "wick data download on a terminal", .serialized,
    .enabled(if: Tmux.isAvailable, "tmux can't be started here"), .timeLimit(.minutes(5)))
struct DownloadProgressTests {
    private let sandbox: Sandbox
    private let standIn: BinanceStandIn

    init() throws {
        let begins: Int64 = 1_672_531_200_000
        sandbox = try Sandbox()
        standIn = try BinanceStandIn(
            .init([StandInCandles("BTCUSDT", begins: begins)], time: begins + 60_000 * 60_000 + 30_000))
        try sandbox.write("venues: {binance: {rest-url: \"\(standIn.address)\"}}\n", "wick.yaml")
    }

    private func terminal() throws -> Tmux {
        try Tmux(
            sandbox,
            [
                "download", "--venue", "binance", "--symbol", "BTCUSDT", "--from", "2023-01-01", "--config",
                sandbox.path("wick.yaml"),
            ], command: "data", showsErrors: true)
    }

    @Test("the line shows how much came, how fast, and how long it goes on; then the report takes its place")
    func progress() throws {
        standIn.change { $0.delay = 400_000 }
        let terminal = try terminal()
        let line = /BTCUSDT \[#+\.+\] \d+%  \d+ candles, \d+ a second, \d+ s left/
        let shown = terminal.wait { $0.contains(line) }
        #expect(shown.isThere, "\(shown.screen)")
        standIn.change { $0.delay = 0 }
        let end = terminal.wait(for: "status 0", 60)
        #expect(end.isThere && end.screen.contains("stored now") && !end.screen.contains("s left"), "\(end.screen)")
    }

    @Test("a pause that the venue asks for is shown with its reason, counting down")
    func pause() throws {
        standIn.misbehave("/klines", .tooManyRequests(retryAfter: 4))
        let terminal = try terminal()
        for second in [3, 1] {
            let shown = terminal.wait(for: "waiting \(second) s: the server asks for a pause (429)")
            #expect(shown.isThere, "\(shown.screen)")
        }
        let end = terminal.wait(for: "status 0", 60)
        #expect(end.isThere && end.screen.contains("pauses asked for"), "\(end.screen)")
        #expect(standIn.violations == 0)
    }
}
