import Backtesting
import Market
import Strategies
import Testing
import Trading

/// A source without rules but steps of 10^−8.
let freeInstrument = Instrument(
    venue: "TEST", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
    rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))

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

/// A random walk in cents whose opens differ from the closes before, with flat stretches, empty minutes, jumps, and
/// minutes missing.
func walk(_ count: Int, seed: UInt64, start: Int64 = 2_500_000, instrument: Instrument = freeInstrument) -> CandleSeries
{
    var numbers = SeededNumbers(state: seed)
    var time: Int64 = 1_672_531_200
    var close = start
    var candles: [Candle] = []
    candles.reserveCapacity(count)
    for _ in 0..<count {
        var open = close
        switch Int.random(in: 0..<12, using: &numbers) {
        case 0:
            time += 60 * Int64.random(in: 1...90, using: &numbers)
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
        time += 60
    }
    return CandleSeries(instrument: instrument, timeframe: .oneMinute, candles: candles)
}

/// A price of whole cents at the scale of `freeInstrument`.
func cents(_ count: Int64) -> Price { Price(mantissa: count * 1_000_000) }

/// Candles of one minute from open and close in whole units; highs and lows are the nearer of both.
func series(_ bars: [(open: Int64, close: Int64)], instrument: Instrument = freeInstrument) -> CandleSeries {
    let candles = bars.enumerated().map { index, bar in
        Candle(
            openTime: Timestamp(seconds: 1_672_531_200 + Int64(index) * 60), open: cents(bar.open * 100),
            high: cents(max(bar.open, bar.close) * 100), low: cents(min(bar.open, bar.close) * 100),
            close: cents(bar.close * 100), volume: Quantity(mantissa: 100_000_000))
    }
    return CandleSeries(instrument: instrument, timeframe: .oneMinute, candles: candles)
}

/// A configuration from written options.
func configuration(
    _ strategy: String, _ parameters: [(String, String)] = [], fee: String = "10", slippage: String = "0",
    cash: String = "10000", step: String? = nil, instrument: Instrument = freeInstrument
) throws -> BacktestConfiguration {
    var text = BacktestText(strategy: strategy, parameters: parameters.map { .init($0.0, $0.1) })
    text.feeBasisPoints = fee
    text.slippageBasisPoints = slippage
    text.cash = cash
    text.quantityStep = step
    return try text.configuration(for: instrument)
}
