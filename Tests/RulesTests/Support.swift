import Backtesting
import Foundation
import Market
import Rules
import Settings
import Strategies
import Trading

/// The folder of the rule files that come with the product.
let rulesFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Config/rules")

/// The rules of a file that comes with the product.
func bundledRules(_ name: String) throws -> RuleClass {
    try RuleFile(rulesFolder.appendingPathComponent("\(name).yaml").path).rules
}

/// The rules of a text.
func rules(_ yaml: String) throws -> RuleClass { try RuleFile(text: yaml, name: "test.yaml").rules }

/// A strategy of rules with written parameters.
func strategy(_ rules: RuleClass, _ overrides: [(name: String, text: String)] = []) throws -> any Strategy {
    let made = rules.strategyClass
    return try made.make(Parameters(made.descriptor.parameters, overrides: overrides))
}

/// A seeded source of numbers (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A market on which shorts are allowed and quantities have steps of 10^−8.
let freeInstrument = Instrument(
    venue: "TEST", symbol: "BTCUSDT", kind: .linearPerpetual, base: Currency("BTC")!, quote: .usdt,
    rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))

/// A random walk in cents with flat stretches, jumps and missing candles.
func walk(_ count: Int, seed: UInt64, timeframe: Timeframe = .oneMinute) -> CandleSeries {
    var numbers = SeededNumbers(state: seed)
    var time: Int64 = 1_672_531_200
    var close: Int64 = 2_500_000
    var candles: [Candle] = []
    for _ in 0..<count {
        var open = close
        switch Int.random(in: 0..<12, using: &numbers) {
        case 0:
            time += timeframe.seconds * Int64.random(in: 1...90, using: &numbers)
            open += Int64.random(in: -20_000...20_000, using: &numbers)
        case 1...9:
            open += Int64.random(in: -300...300, using: &numbers)
        default:
            break
        }
        open = max(open, 100_000)
        let isFlat = Int.random(in: 0..<8, using: &numbers) == 0
        close = isFlat ? open : max(open + Int64.random(in: -3_000...3_000, using: &numbers), 100_000)
        let reach = isFlat ? 0 : Int64.random(in: 0...1_000, using: &numbers)
        let volume = isFlat ? 0 : Int64.random(in: 1...100_000_000, using: &numbers)
        candles.append(
            Candle(
                openTime: Timestamp(seconds: time), open: cents(open), high: cents(max(open, close) + reach),
                low: cents(min(open, close) - reach), close: cents(close), volume: Quantity(mantissa: volume)))
        time += timeframe.seconds
    }
    return CandleSeries(instrument: freeInstrument, timeframe: timeframe, candles: candles)
}

/// A price of whole cents at the scale of `freeInstrument`.
func cents(_ count: Int64) -> Price { Price(mantissa: count * 1_000_000) }

/// The bars of a series as a strategy sees them.
func bars(_ series: CandleSeries) -> [Bar] {
    series.candles.map { Bar($0, timeframe: series.timeframe, priceUnits: 1e8, quantityUnits: 1e8) }
}

/// Bars of one price each, of a minute each, in whole units of which a hundred are one.
func closes(_ values: [Double]) -> [Bar] {
    values.enumerated().map { index, value in
        let price = Price(mantissa: Int64((value * 100).rounded()))
        return Bar(
            Candle(
                openTime: Timestamp(seconds: 1_672_531_200 + Int64(index) * 60), open: price, high: price, low: price,
                close: price, volume: Quantity(mantissa: 1)),
            timeframe: .oneMinute, priceUnits: 100, quantityUnits: 1)
    }
}

/// What a strategy says to bars while it is told that it holds nothing: the place of each signal, and the signal.
func signals(_ strategy: any Strategy, _ bars: [Bar]) throws -> [(index: Int, signal: Signal)] {
    var result: [(index: Int, signal: Signal)] = []
    strategy.onStart()
    for (index, bar) in bars.enumerated() {
        let context = StrategyContext(direction: .flat, entryPrice: 0, candleCount: index + 1)
        if let signal = try strategy.onCandle(bar, context) { result.append((index, signal)) }
    }
    return result
}
