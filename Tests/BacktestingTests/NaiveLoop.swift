import Market
import Trading

/// One round trip of the naive loop, in plain integers.
struct NaiveTrip: Equatable {
    var openedAt: Int64
    var closedAt: Int64
    var quantity: Int64
    var entryPrice: Int64
    var exitPrice: Int64
    var fees: Int128
    var isOpen: Bool
}

/// All-in trading in the plainest words: nothing of kernel, venue, strategies or indicators, integers only.
///
/// Prices and quantities count 10^−8, money counts 10^−16, so that price times quantity is money.
struct NaiveLoop {
    var trips: [NaiveTrip] = []
    var equity: [Int128] = []
    var cash: Int128
    var fees: Int128 = 0

    /// Runs over `candles`, entering where `wanted` is 1 and leaving where it is −1.
    init(
        _ candles: [Candle], wanted: [Int], cash: Int128, feeRate: Int128, slippage: Int128 = 0, step: Int128 = 1
    ) {
        self.cash = cash
        let one: Int128 = 100_000_000
        var held: Int128 = 0
        var entry: (time: Int64, price: Int128, fee: Int128) = (0, 0, 0)
        var order = 0
        for (index, candle) in candles.enumerated() {
            let open = Int128(candle.open.mantissa)
            let time = candle.openTime.seconds
            if order == 1 {
                let price = NaiveLoop.up(open * (one + slippage), one)
                let quantity = self.cash * one / (price * (one + feeRate)) / step * step
                if quantity > 0 {
                    let fee = NaiveLoop.up(price * quantity * feeRate, one)
                    self.cash -= price * quantity + fee
                    fees += fee
                    held = quantity
                    entry = (time, price, fee)
                }
            } else if order == -1 {
                let price = open * (one - slippage) / one
                let fee = NaiveLoop.up(price * held * feeRate, one)
                self.cash += price * held - fee
                fees += fee
                trips.append(
                    NaiveTrip(
                        openedAt: entry.time, closedAt: time, quantity: Int64(held), entryPrice: Int64(entry.price),
                        exitPrice: Int64(price), fees: entry.fee + fee, isOpen: false))
                held = 0
            }
            order = 0
            if wanted[index] == 1, held == 0 { order = 1 }
            if wanted[index] == -1, held > 0 { order = -1 }
            equity.append(self.cash + held * Int128(candle.close.mantissa))
        }
        if held > 0, let last = candles.last {
            trips.append(
                NaiveTrip(
                    openedAt: entry.time, closedAt: last.openTime.seconds + 60, quantity: Int64(held),
                    entryPrice: Int64(entry.price), exitPrice: last.close.mantissa, fees: entry.fee, isOpen: true))
        }
    }

    static func up(_ a: Int128, _ b: Int128) -> Int128 { (a + b - 1) / b }
}

/// The rules of three strategies over whole cents, by sums over each window: 1 enters, −1 leaves.
enum NaiveSignals {
    static func cents(_ candles: [Candle]) -> [Int128] { candles.map { Int128($0.close.mantissa / 1_000_000) } }

    /// Where `sign` rises above zero or falls below it; `nil` where it is undefined.
    private static func crossings(_ sign: [Int?]) -> [Int] {
        sign.indices.map { index in
            guard index > 0, let now = sign[index], let before = sign[index - 1] else { return 0 }
            if now > 0 && before <= 0 { return 1 }
            if now < 0 && before >= 0 { return -1 }
            return 0
        }
    }

    static func averages(_ candles: [Candle], fast: Int, slow: Int) -> [Int] {
        let closes = cents(candles)
        var sums: [Int128] = [0]
        for close in closes { sums.append(sums[sums.count - 1] + close) }
        return crossings(
            closes.indices.map { index in
                guard index + 1 >= slow else { return nil }
                let fastSum = sums[index + 1] - sums[index + 1 - fast]
                let slowSum = sums[index + 1] - sums[index + 1 - slow]
                return Int((fastSum * Int128(slow) - slowSum * Int128(fast)).signum())
            })
    }

    static func bollinger(_ candles: [Candle], period: Int, halfWidths: Int) -> [Int] {
        let closes = cents(candles)
        let n = Int128(period)
        var sums: [Int128] = [0]
        var squares: [Int128] = [0]
        for close in closes {
            sums.append(sums[sums.count - 1] + close)
            squares.append(squares[squares.count - 1] + close * close)
        }
        var upper: [Int?] = []
        var middle: [Int?] = []
        for index in closes.indices {
            guard index + 1 >= period else {
                upper.append(nil)
                middle.append(nil)
                continue
            }
            let sum = sums[index + 1] - sums[index + 1 - period]
            let square = squares[index + 1] - squares[index + 1 - period]
            // n·(close − mean) against width · n·deviation, whose square is a whole number.
            let distance = n * closes[index] - sum
            let reach = Int128(halfWidths * halfWidths) * (n * square - sum * sum)
            middle.append(Int(distance.signum()))
            let isBelow = distance < 0 || 4 * distance * distance < reach
            upper.append(isBelow ? -1 : 4 * distance * distance > reach ? 1 : 0)
        }
        let entries = crossings(upper)
        let exits = crossings(middle)
        return closes.indices.map { entries[$0] == 1 ? 1 : exits[$0] == -1 ? -1 : 0 }
    }

    static func relativeStrength(_ candles: [Candle], period: Int, low: Double, high: Double) -> [Int] {
        let closes = cents(candles)
        var gain = 0.0
        var loss = 0.0
        var before: Double?
        return closes.indices.map { index in
            guard index > 0 else { return 0 }
            let change = Double(Int(closes[index] - closes[index - 1]))
            if index <= period {
                gain += max(change, 0)
                loss += max(-change, 0)
                if index < period { return 0 }
                gain /= Double(period)
                loss /= Double(period)
            } else {
                gain = (gain * Double(period - 1) + max(change, 0)) / Double(period)
                loss = (loss * Double(period - 1) + max(-change, 0)) / Double(period)
            }
            let now = gain + loss == 0 ? 0 : 100 * gain / (gain + loss)
            defer { before = now }
            guard let before else { return 0 }
            if before >= low && now < low { return 1 }
            if before <= high && now > high { return -1 }
            return 0
        }
    }
}
