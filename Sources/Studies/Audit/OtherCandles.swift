import Glibc
import Market
import Statistics

/// Candles that never were, at the times of some that were.
struct OtherCandles {
    let candles: [Candle]
    private var generator: SeededGenerator
    private var spare: Double?

    init(_ candles: [Candle], seed: UInt64) {
        self.candles = candles
        generator = SeededGenerator(seed: seed)
    }

    /// How the candles go on after the first `count`.
    enum Future: Int, CaseIterable {
        /// The same ones in another order.
        case permuted
        /// Each move the other way.
        case mirrored
        /// Three times the price at the end, and ten times the volume.
        case rising
        /// A third of the price at the end, and a tenth of the volume.
        case falling
    }

    /// The candles with another future behind the first `count`.
    mutating func replaced(after count: Int, _ future: Future) -> [Candle] {
        guard count > 0, count < candles.count else { return candles }
        var result = Array(candles[..<count])
        var places = Array(count..<candles.count)
        if future == .permuted { places.shuffle(using: &generator) }
        let drift = future == .rising ? log(3.0) : future == .falling ? -log(3.0) : 0
        let step = exp(drift / Double(places.count))
        let volume = future == .rising ? 10.0 : future == .falling ? 0.1 : 1
        let sign = future == .mirrored ? -1.0 : 1
        var last = Double(candles[count - 1].close.mantissa)
        for (offset, place) in places.enumerated() {
            let before = Double(candles[place - 1].close.mantissa)
            let model = candles[place]
            func price(_ price: Price) -> Double {
                max(1 + sign * (Double(price.mantissa) / before - 1), 0.01) * last * step
            }
            var candle = model
            candle.openTime = candles[count + offset].openTime
            OtherCandles.put(
                open: price(model.open), high: price(model.high), low: price(model.low), close: price(model.close),
                into: &candle)
            candle.volume = Quantity(mantissa: Int64(min(Double(model.volume.mantissa) * volume, 1e17)))
            last = Double(candle.close.mantissa)
            result.append(candle)
        }
        return result
    }

    /// Prices without a tendency, whose candles are as wide as those that were: each move inside a candle is that of a
    /// Brownian motion with the variance that the candle's range tells (Parkinson 1980), its extremes are those of the
    /// bridge between open and close; gaps between candles keep their size and have a sign by chance. Nothing of it can
    /// be foretold, so that no trading gains on average before its costs.
    mutating func martingale() -> [Candle] {
        guard var last = candles.first.map({ Double($0.open.mantissa) }) else { return [] }
        let floor = last / 1e4
        var before = last
        var result: [Candle] = []
        result.reserveCapacity(candles.count)
        for model in candles {
            let gap = Double(model.open.mantissa) / before - 1
            before = Double(model.close.mantissa)
            let open = last * (1 + (generator.next() & 1 == 0 ? gap : -gap))
            let range = log(Double(model.high.mantissa) / Double(max(model.low.mantissa, 1)))
            let deviation = min(range / (2 * log(2.0).squareRoot()), 0.1) * open
            let move = deviation * normal()
            func extreme() -> Double {
                let tail = -2 * deviation * deviation * log(max(generator.uniform(), 1e-300))
                return (abs(move) + (move * move + tail).squareRoot()) / 2 - abs(move)
            }
            let close = open + move
            let high = max(open, close) + extreme()
            let low = min(open, close) - extreme()
            var candle = model
            // A price that has all but gone says nothing; it goes on from where it is.
            if low > floor, high < 1e17 {
                OtherCandles.put(open: open, high: high, low: low, close: close, into: &candle)
            } else {
                OtherCandles.put(open: last, high: last, low: last, close: last, into: &candle)
            }
            last = Double(candle.close.mantissa)
            result.append(candle)
        }
        return result
    }

    /// A number of the standard normal distribution (Marsaglia's polar method).
    private mutating func normal() -> Double {
        if let known = spare {
            spare = nil
            return known
        }
        while true {
            let x = 2 * generator.uniform() - 1
            let y = 2 * generator.uniform() - 1
            let square = x * x + y * y
            guard square > 0, square < 1 else { continue }
            let factor = (-2 * log(square) / square).squareRoot()
            spare = y * factor
            return x * factor
        }
    }

    private static func put(open: Double, high: Double, low: Double, close: Double, into candle: inout Candle) {
        func price(_ value: Double) -> Price {
            Price(mantissa: Int64(min(max(value.rounded(), 1), 4e17)))
        }
        candle.open = price(open)
        candle.close = price(close)
        candle.high = max(price(high), candle.open, candle.close)
        candle.low = min(price(low), candle.open, candle.close)
    }
}
