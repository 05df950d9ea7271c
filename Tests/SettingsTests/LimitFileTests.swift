import Foundation
import Market
import Testing
import Trading

@testable import Settings

@Suite struct LimitFileTests {
    @Test func whatIsNotSaidIsOff() throws {
        let limits = try LimitFile(text: "", currency: .usdt)
        #expect(limits.account == .none && limits.strategy == .none)
    }

    @Test func limitsAreTaken() throws {
        let limits = try LimitFile(
            text: """
                risk: {order-notional: 500.25, drawdown-percent: 20, data-age-seconds: 60, open-orders: 2}
                strategy: {position-notional: 750, share-percent: 40, drawdown-percent: 7.5}
                """, currency: .usd)
        #expect(limits.account.maximumOrderNotional?.description == "500.25 USD")
        #expect(limits.account.maximumDrawdown == .percent(20) && limits.account.maximumDataAgeSeconds == 60)
        #expect(limits.account.maximumOpenOrders == 2 && limits.account.maximumExposure == nil)
        #expect(limits.strategy.maximumPositionNotional == Money(whole: 750, .usd))
        #expect(limits.strategy.maximumShare == .percent(40))
        #expect(limits.strategy.maximumDrawdown == Ratio(units: 7_500_000))
    }

    @Test func problemsNameTheFileAndTheLine() {
        let error = #expect(throws: SettingsError.self) {
            try LimitFile(text: "risk:\n  drawdown: 5\nstrategy:\n  share-percent: lots\n", currency: .usdt)
        }
        let found = error?.problems.map(\.description) ?? []
        #expect(found.count == 2)
        #expect(found[0].hasPrefix("limits.yaml:2:3: risk.drawdown") && found[0].contains("'drawdown-percent'"))
        #expect(found[1].contains("strategy.share-percent: 'lots'"))
    }

    @Test func theShippedExampleIsRight() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let limits = try LimitFile(root.appendingPathComponent("Config/limits.yaml").path, currency: .usdt)
        #expect(limits.account.maximumOpenOrders == 10 && limits.strategy.maximumShare == .percent(50))
    }
}
