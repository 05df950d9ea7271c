import Foundation
import LoopbackServer
import Market
import Network
import Synchronization
import Testing
import Trading

@testable import Venues

@Suite("Reading a statement", .timeLimit(.minutes(5)))
struct StatementReadTests {
    private static let symbols = (0..<6).map { "COIN\($0)USDT" }

    /// A venue with an empty account that answers the first questions for open orders only once four of them wait.
    private final class Server: Sendable {
        private struct State {
            var waiting = 0
            var peak = 0
            var log: [String] = []
        }

        private let state = Mutex(State())
        private let holder = Mutex<LoopbackServer?>(nil)

        init() throws {
            let server = try LoopbackServer { [weak self] in self?.answer($0) ?? LoopbackServer.Reply(500, "") }
            holder.withLock { $0 = server }
        }

        var address: String { holder.withLock { $0?.address ?? "" } }
        var peak: Int { state.withLock { $0.peak } }
        var log: [String] { state.withLock { $0.log } }

        private func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
            let question = "\(request.path) \(request.query["symbol"] ?? "")"
            state.withLock { $0.log.append(question) }
            switch request.path {
            case "/api/v3/time": return LoopbackServer.Reply(200, #"{"serverTime":1700000000000}"#)
            case "/api/v3/openOrders": meet()
            case "/api/v3/account":
                return LoopbackServer.Reply(
                    200,
                    #"{"canTrade":true,"commissionRates":{"maker":"0","taker":"0","buyer":"0","seller":"0"},"balances":[]}"#
                )
            default: break
            }
            return LoopbackServer.Reply(200, "[]")
        }

        /// Waits for three others, a minute at most.
        private func meet() {
            state.withLock { state in
                state.waiting += 1
                state.peak = max(state.peak, state.waiting)
            }
            for _ in 0..<6_000 where state.withLock({ $0.peak < 4 }) { usleep(10_000) }
            state.withLock { $0.waiting -= 1 }
        }
    }

    private static func venue(_ server: Server) throws -> BinanceSpotVenue {
        let instruments = symbols.map { symbol in
            Instrument(
                venue: "BINANCE", symbol: symbol, base: Currency(String(symbol.dropLast(4)))!, quote: .usdt,
                rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
        }
        let client = try SpotAccountClient(
            BinanceSpotAccess(SpotExamples.key(.testnet, .hmac), at: .loopback(rest: server.address)),
            wall: { Timestamp(milliseconds: 1_700_000_000_000) }, audit: SpotAudit { _ in })
        let rules = try RuleExamples().rules
        return BinanceSpotVenue(
            client, instruments, rules: Dictionary(uniqueKeysWithValues: symbols.map { ($0, rules) }),
            instance: ClientOrderID.Instance("K7Q")!)
    }

    @Test("instruments are asked about side by side, four at once, each for its orders before its trades")
    func sideBySide() async throws {
        let server = try Server()
        let statement = try await StatementReadTests.venue(server).reconciliationView(since: [:])
        #expect(statement.openOrders == [] && statement.executions == [] && statement.problems == [])
        #expect(statement.isSteady && server.peak == 4)
        for symbol in Self.symbols {
            let paths = server.log.filter { $0.hasSuffix(symbol) }.map { $0.prefix { $0 != " " } }
            #expect(paths == ["/api/v3/openOrders", "/api/v3/myTrades", "/api/v3/myTrades"])
        }
        let account = try #require(server.log.firstIndex { $0.hasPrefix("/api/v3/account") })
        #expect(server.log[..<account].count { $0.hasPrefix("/api/v3/myTrades") } == Self.symbols.count)
    }
}
