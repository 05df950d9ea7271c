import Foundation
import Market
import Trading

@testable import Storage

/// A directory of its own that goes away with the test.
final class TemporaryDirectory {
    let directory: DataDirectory

    init() {
        let name = "wick-storage-\(UInt64.random(in: .min ... .max))"
        directory = DataDirectory(path: FileManager.default.temporaryDirectory.appendingPathComponent(name).path)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory.path) }

    func file(_ name: String) -> String { directory.file(name) }
}

enum Sample {
    static let instrument = Instrument(
        venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
        rules: InstrumentRules(
            tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000), minimumNotional: 500_000_000))
    static let other = Instrument(
        venue: "BINANCE", symbol: "ETHUSDT", base: Currency("ETH")!, quote: .usdt,
        rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 10_000)))
    static let start = Timestamp(iso8601: "2023-01-01T00:00:00Z")!
    static let now = Timestamp(iso8601: "2024-01-01T00:00:00Z")!

    static func minute(_ index: Int, price: Int64 = 100, volume: Int64 = 1) -> Candle {
        let unit: Int64 = 100_000_000
        return Candle(
            openTime: start.adding(seconds: Int64(index) * 60), open: Price(mantissa: price * unit),
            high: Price(mantissa: (price + 2) * unit), low: Price(mantissa: (price - 2) * unit),
            close: Price(mantissa: (price + 1) * unit), volume: Quantity(mantissa: volume * unit))
    }

    static func minutes(_ range: Range<Int>) -> [Candle] { range.map { minute($0, price: 100 + Int64($0 % 7)) } }

    static func money(_ text: String) -> Money { try! Money(text, .usdt) }

    static func strategy(_ name: String = "alpha") -> StrategyRecord {
        StrategyRecord(
            name: name, className: "sma-crossover", parameters: ["fast": "10", "slow": "30"], instrument: instrument,
            timeframe: .oneHour, sizing: .equityShare(.percent(25)), capitalShare: .percent(50),
            protection: Protection(stopLoss: .percent(2)),
            limits: StrategyLimits(maximumPositionNotional: money("2500.5"), maximumDrawdown: .percent(10)))
    }

    static func order(_ id: UInt64, state: OrderState = .accepted) -> Order {
        var order = Order(
            id: OrderID(rawValue: id), owner: StrategyID(rawValue: 1),
            request: OrderRequest(
                instrument: InstrumentID(0), side: .sell, type: .stopLimit,
                quantity: Quantity(mantissa: 12_345_000), limitPrice: Price(mantissa: 99_000_000_000),
                triggerPrice: Price(mantissa: 99_100_000_000), timeInForce: .immediateOrCancel, isReduceOnly: true,
                purpose: .stopLoss, group: .max),
            quote: .usdt, decisionPrice: Price(mantissa: 100_000_000_000), createdAt: start)
        order.state = state
        order.filled = Quantity(mantissa: 345_000)
        order.filledNotional = money("3.4155")
        order.quoteFees = Money(units: 34_155_000_001, .usdt)
        order.isCancelPending = true
        return order
    }

    static func fill(_ order: UInt64, trade: UInt64, price: Int64 = 99_000_000_000) -> FillRecord {
        FillRecord(
            order: OrderID(rawValue: order), owner: StrategyID(rawValue: 1), instrument: InstrumentID(0), side: .sell,
            time: start,
            fill: Fill(
                tradeID: trade, price: Price(mantissa: price), quantity: Quantity(mantissa: 345_000),
                quoteFee: Money(units: -7, .usdt), liquidity: .maker),
            purpose: .stopLoss)
    }

    static func position(_ quantity: Int64) -> Position {
        var position = Position(owner: StrategyID(rawValue: 1), instrument: InstrumentID(0), quote: .usdt)
        position.quantity = Quantity(mantissa: quantity)
        position.cost = Money(units: 123_456_789_012_345_678_901, .usdt)
        position.realized = money("-12.5")
        position.fees = money("0.75")
        position.openedAt = start
        position.trip.side = .sell
        position.trip.openedAt = start
        position.trip.quantity = Quantity(mantissa: 5)
        position.trip.entryNotional = money("1000")
        position.trip.isOpen = true
        return position
    }
}
