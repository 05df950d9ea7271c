import Foundation
import Market
import Testing

@testable import Venues

@Suite(
    "the examples of the venue's documentation", .enabled(if: SharedPayloads.areThere, "no documented payloads here"))
struct DocumentedPayloadTests {
    private static let instruments = [
        SpotExamples.instrument("BTCUSDT", "BTC", "USDT"), SpotExamples.instrument("LTCBTC", "LTC", "BTC"),
        SpotExamples.instrument("BNBBTC", "BNB", "BTC"), SpotExamples.instrument("LTCBNB", "LTC", "BNB"),
    ]

    /// What reads the examples under a heading.
    private func read(_ heading: String, _ body: [UInt8], _ instrument: Instrument) throws {
        switch heading {
        case "New order (TRADE)", "New order using SOR (TRADE)": _ = try SpotAnswers.receipt(body, instrument)
        case "Test new order (TRADE)", "Test new order using SOR (TRADE)": _ = try SpotAnswers.check(body)
        case "Cancel order (TRADE)", "Query order (USER_DATA)": _ = try SpotAnswers.order(body, instrument)
        case "Cancel All Open Orders on a Symbol (TRADE)":
            let cancelled = try SpotAnswers.cancelled(body, instrument)
            #expect(cancelled.orders.count == 2 && cancelled.lists.count == 1)
        case "Cancel an Existing Order and Send a New Order (TRADE)": _ = try SpotAnswers.replacement(body, instrument)
        case "Order Amend Keep Priority (TRADE)": _ = try SpotAnswers.amendment(body, instrument)
        case "New OCO - Deprecated (TRADE)", "New Order list - OCO (TRADE)", "New Order list - OTO (TRADE)",
            "New Order list - OTOCO (TRADE)", "New Order List - OPO (TRADE)", "New Order List - OPOCO (TRADE)",
            "Cancel Order list (TRADE)", "Query Order list (USER_DATA)":
            _ = try SpotAnswers.list(body, instrument)
        case "Query all Order lists (USER_DATA)", "Query Open Order lists (USER_DATA)":
            let wires: [OrderListWire] = try Answer.decode(body)
            for wire in wires { _ = try wire.list(instrument) }
        case "Current open orders (USER_DATA)", "All orders (USER_DATA)": _ = try SpotAnswers.orders(body, instrument)
        case "Account information (USER_DATA)": _ = try SpotAnswers.account(body)
        case "Account trade list (USER_DATA)": _ = try SpotAnswers.trades(body, instrument)
        case "Query Unfilled Order Count (USER_DATA)": #expect(try SpotAnswers.orderCounts(body).count == 2)
        case "Query Commission Rates (USER_DATA)": _ = try SpotAnswers.commission(body)
        case "Check server time": _ = try SpotAnswers.serverTime(body)
        case "Exchange information": #expect(try SymbolRules.read(exchangeInfo: body).count == 1)
        case "Query relevant filters (USER_DATA)":
            var rules = try #require(try SymbolRules.read(exchangeInfo: RuleExamples.info()).values.first)
            try rules.takeAccount(body)
            #expect(rules.filters.accountCounts.orders == 1_000 && rules.filters.assets.count == 1)
        default: throw UnreadableAnswer("nobody reads \(heading)")
        }
    }

    /// Headings of what is not asked for here: market data that others read, and three histories.
    private static let passedOver = [
        "Market Data endpoints", "Test connectivity", "Query Execution Rules", "Query Prevented Matches",
        "Query Allocations", "Query Order Amendments",
    ]

    @Test("every example of what is asked for here is read")
    func everything() throws {
        var count = 0
        for example in try SharedPayloads.examples() {
            if Self.passedOver.contains(where: { example.source.contains($0) }) { continue }
            let text = String(decoding: example.body, as: UTF8.self)
            let heading = example.source.components(separatedBy: " > ").last ?? ""
            if text.hasPrefix("{\"code\""), !text.contains("\"data\"") {
                #expect(ServerMessage(.of(400, text)) != nil, "\(heading)")
                count += 1
                continue
            }
            let symbols = Self.instruments.filter { text.contains("\"\($0.symbol)\"") }
            do {
                try read(heading, example.body, symbols.first ?? Self.instruments[0])
            } catch {
                // An error under a heading of answers is one of the venue's, in whatever order its fields are written.
                guard ServerMessage(.of(400, text)) != nil, !text.contains("\"data\"") else {
                    Issue.record("\(heading): \(error)")
                    continue
                }
            }
            count += 1
        }
        #expect(count >= 40, "\(count)")
    }
}
