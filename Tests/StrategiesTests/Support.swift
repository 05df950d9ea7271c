import Market
import Strategies
import Trading

/// What a strategy said, and on which candle.
struct Said: Equatable, CustomStringConvertible {
    var index: Int
    var direction: Direction

    init(_ index: Int, _ direction: Direction) {
        self.index = index
        self.direction = direction
    }

    var description: String { "\(index) \(direction.name)" }
}

/// A bundled strategy with written parameters.
func make(_ name: String, _ overrides: [(name: String, text: String)] = []) throws -> any Strategy {
    let type = StrategyCatalog.bundled.strategyClass(named: name)!
    return try type.make(Parameters(type.descriptor.parameters, overrides: overrides))
}

/// A bar of the minute `index`.
func bar(_ index: Int, high: Double, low: Double, close: Double) -> Bar {
    func price(_ value: Double) -> Price { Price(mantissa: Int64((value * 100).rounded())) }
    let candle = Candle(
        openTime: Timestamp(seconds: 1_672_531_200 + Int64(index) * 60), open: price(close), high: price(high),
        low: price(low), close: price(close), volume: Quantity(mantissa: 1))
    return Bar(candle, timeframe: .oneMinute, priceUnits: 100, quantityUnits: 1)
}

/// Every signal of the strategy over the bars.
func signals(_ strategy: any Strategy, _ bars: [Bar]) -> [(index: Int, signal: Signal)] {
    var result: [(index: Int, signal: Signal)] = []
    strategy.onStart()
    for (index, bar) in bars.enumerated() {
        let context = StrategyContext(direction: .flat, entryPrice: 0, candleCount: index + 1)
        if let signal = try! strategy.onCandle(bar, context) { result.append((index, signal)) }
    }
    return result
}

/// Candle and direction of every signal over bars that only have closes.
func said(_ name: String, _ overrides: [(name: String, text: String)], closes: [Double]) throws -> [Said] {
    let bars = closes.enumerated().map { bar($0.offset, high: $0.element, low: $0.element, close: $0.element) }
    return signals(try make(name, overrides), bars).map { Said($0.index, $0.signal.direction) }
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

/// A random walk of bars in cents, with flat stretches and jumps.
func walk(_ count: Int, seed: UInt64) -> [Bar] {
    var numbers = SeededNumbers(state: seed)
    var close = 100_000
    return (0..<count).map { index in
        switch Int.random(in: 0..<10, using: &numbers) {
        case 0: close += Int.random(in: -2_000...2_000, using: &numbers)
        case 1...7: close += Int.random(in: -200...200, using: &numbers)
        default: break
        }
        close = max(close, 10_000)
        let high = close + Int.random(in: 0...300, using: &numbers)
        let low = close - Int.random(in: 0...300, using: &numbers)
        return bar(index, high: Double(high) / 100, low: Double(low) / 100, close: Double(close) / 100)
    }
}
