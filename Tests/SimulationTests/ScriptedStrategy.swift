import Market
import Trading

/// Signals at random places that depend on its seed and the number of the candle alone.
final class ScriptedStrategy: CompiledStrategy {
    static let descriptor = StrategyDescriptor(
        name: "scripted", summary: "Signals by its seed.",
        parameters: [
            .integer("seed", "Which signals.", default: 1, in: 0...1_000_000),
            .toggle("shorts", "Whether it goes short too.", default: false),
        ])

    private let seed: UInt64
    private let goesShort: Bool
    let warmUp = 0

    init(_ parameters: Parameters) throws(ParameterErrors) {
        seed = UInt64(parameters.integer("seed"))
        goesShort = parameters.isOn("shorts")
    }

    /// The direction wanted at a candle, if any.
    static func direction(seed: UInt64, candle: Int, goesShort: Bool) -> Direction? {
        var random = SplitMix(seed: seed &* 1_000_003 &+ UInt64(candle))
        switch random.next() % 20 {
        case 0, 1: return .long
        case 2, 3: return .flat
        case 4 where goesShort: return .short
        default: return nil
        }
    }

    func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
        ScriptedStrategy.direction(seed: seed, candle: context.candleCount, goesShort: goesShort)
            .map { Signal($0, rule: "scripted", values: []) }
    }

    static let catalog = StrategyCatalog([ScriptedStrategy.self])

    static func registration(
        id: Int32, seed: Int, sizing: Sizing, protection: Protection = .none, shorts: Bool = false,
        instrument: Int = 0
    ) throws -> StrategyRegistration {
        StrategyRegistration(
            id: StrategyID(rawValue: id), name: "scripted \(id)", className: "scripted",
            parameters: try Parameters(
                descriptor.parameters, overrides: [("seed", String(seed)), ("shorts", shorts ? "on" : "off")]),
            instrument: InstrumentID(instrument), timeframe: .oneMinute, sizing: sizing, protection: protection)
    }
}

/// Random candles on the tick of `FillTable.instrument`, with jumps between bars, missing bars and empty bars.
func randomCandles(_ count: Int, seed: UInt64) -> [Candle] {
    var random = SplitMix(seed: seed)
    var time = FillTable.start
    var price: Int64 = 10_000
    var candles: [Candle] = []
    for _ in 0..<count {
        if random.next() % 40 == 0 { time = time.adding(seconds: 60 * random.next(in: 1...30)) }
        if random.next() % 4 == 0 { price = max(2_000, price + random.next(in: -200...200)) }
        let isEmpty = random.next() % 25 == 0
        let close = isEmpty ? price : max(2_000, price + random.next(in: -150...150))
        let high = max(price, close) + (isEmpty ? 0 : random.next(in: 0...120))
        let low = min(price, close) - (isEmpty ? 0 : random.next(in: 0...120))
        candles.append(
            Candle(
                openTime: time, open: Price(mantissa: price * 100), high: Price(mantissa: high * 100),
                low: Price(mantissa: low * 100), close: Price(mantissa: close * 100),
                volume: Quantity(mantissa: isEmpty ? 0 : random.next(in: 1...2_000_000))))
        price = close
        time = time.adding(seconds: 60)
    }
    return candles
}
