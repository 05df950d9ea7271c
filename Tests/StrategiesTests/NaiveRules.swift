import Trading

/// The six rules once more, over whole arrays and by the plainest arithmetic, for comparison.
enum NaiveRules {
    static func mean(_ values: [Double], _ period: Int, at index: Int) -> Double {
        guard index + 1 >= period else { return .nan }
        return values[(index + 1 - period)...index].reduce(0, +) / Double(period)
    }

    static func exponential(_ values: [Double], _ period: Int, from start: Int = 0) -> [Double] {
        var result = [Double](repeating: .nan, count: values.count)
        guard values.count >= start + period else { return result }
        let seed = start + period - 1
        result[seed] = values[start...seed].reduce(0, +) / Double(period)
        for index in values.indices where index > seed {
            result[index] = result[index - 1] + 2 / Double(period + 1) * (values[index] - result[index - 1])
        }
        return result
    }

    static func wilder(_ values: [Double], _ period: Int, from start: Int) -> [Double] {
        var result = [Double](repeating: .nan, count: values.count)
        guard values.count >= start + period else { return result }
        let seed = start + period - 1
        result[seed] = values[start...seed].reduce(0, +) / Double(period)
        for index in values.indices where index > seed {
            result[index] = (result[index - 1] * Double(period - 1) + values[index]) / Double(period)
        }
        return result
    }

    static func relativeStrength(_ closes: [Double], _ period: Int) -> [Double] {
        var gains = [Double](repeating: 0, count: closes.count)
        var losses = gains
        for index in closes.indices.dropFirst() {
            let change = closes[index] - closes[index - 1]
            gains[index] = max(change, 0)
            losses[index] = max(-change, 0)
        }
        let gain = wilder(gains, period, from: 1)
        let loss = wilder(losses, period, from: 1)
        return closes.indices.map { 100 * gain[$0] / (gain[$0] + loss[$0]) }
    }

    /// +1 where `a` crosses above `b`, −1 where it crosses below.
    static func crossings(_ a: [Double], _ b: [Double]) -> [Int] {
        a.indices.map { index in
            guard index > 0 else { return 0 }
            if a[index] > b[index], a[index - 1] <= b[index - 1] { return 1 }
            if a[index] < b[index], a[index - 1] >= b[index - 1] { return -1 }
            return 0
        }
    }

    static func supertrend(_ bars: [Bar], _ period: Int, _ multiplier: Double) -> [Int] {
        var ranges = [Double](repeating: 0, count: bars.count)
        for index in bars.indices.dropFirst() {
            let close = bars[index - 1].close
            ranges[index] = max(
                bars[index].high - bars[index].low, abs(bars[index].high - close), abs(bars[index].low - close))
        }
        let average = wilder(ranges, period, from: 1)
        var trend = [Int](repeating: 0, count: bars.count)
        var upper = 0.0
        var lower = 0.0
        for index in bars.indices where !average[index].isNaN {
            let middle = (bars[index].high + bars[index].low) / 2
            let nextUpper = middle + multiplier * average[index]
            let nextLower = middle - multiplier * average[index]
            if trend[index - 1] == 0 {
                (upper, lower) = (nextUpper, nextLower)
                trend[index] = bars[index].close > upper ? 1 : -1
            } else {
                let before = bars[index - 1].close
                upper = nextUpper < upper || before > upper ? nextUpper : upper
                lower = nextLower > lower || before < lower ? nextLower : lower
                trend[index] = trend[index - 1]
                if trend[index] < 0, bars[index].close > upper {
                    trend[index] = 1
                } else if trend[index] > 0, bars[index].close < lower {
                    trend[index] = -1
                }
            }
        }
        return bars.indices.map { index in
            index > 0 && trend[index - 1] != 0 && trend[index] != trend[index - 1] ? trend[index] : 0
        }
    }
}
