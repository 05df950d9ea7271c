import Market

/// Where prices lie on the rows of a chart. Prices are mantissas of one instrument, as doubles.
struct PriceScale: Hashable, Sendable {
    /// The price at the lower edge of the lowest row.
    let low: Double
    /// The price at the upper edge of the highest row.
    let high: Double
    /// How many rows there are, at least 1.
    let rows: Int
    /// Whether equal distances are equal ratios.
    let isLogarithmic: Bool

    private let base: Double
    private let rowsPerUnit: Double

    /// A scale over [low, high]; a range without extent is widened by one unit to each side, and a logarithmic scale
    /// that would reach zero or below becomes a linear one.
    init(low: Double, high: Double, rows: Int, isLogarithmic: Bool = false) {
        var low = low
        var high = high
        if !(high > low) {
            low -= 1
            high += 1
        }
        self.low = low
        self.high = high
        self.rows = max(1, rows)
        self.isLogarithmic = isLogarithmic && low > 0
        base = self.isLogarithmic ? logarithm(high) : high
        rowsPerUnit = Double(self.rows) / (base - (self.isLogarithmic ? logarithm(low) : low))
    }

    /// Rows from the upper edge down to a price, fractional; below 0 above the scale, beyond `rows` below it.
    func position(_ price: Double) -> Double {
        (base - (isLogarithmic ? logarithm(max(price, 1e-9)) : price)) * rowsPerUnit
    }

    /// The row a price lies in, or `nil` when it lies outside of the scale.
    func row(_ price: Double) -> Int? {
        let position = position(price)
        guard position >= 0, position <= Double(rows) else { return nil }
        return min(Int(position), rows - 1)
    }

    /// The price at a distance of rows from the upper edge.
    func price(at position: Double) -> Double {
        let value = base - position / rowsPerUnit
        return isLogarithmic ? exponential(value) : value
    }

    /// A scale for what is shown: some air above and below, and limits on round steps so that it stays the same while
    /// the extremes creep (every change of scale repaints the whole chart).
    static func fitting(
        low: Double, high: Double, rows: Int, tick: Int64, isLogarithmic: Bool = false
    ) -> PriceScale {
        let range = max(high - low, Double(tick) * 4)
        let air = range * 0.03
        let quantum = Double(NiceNumbers.roundStep(atLeast: range / 20, unit: tick))
        var bottom = ((low - air) / quantum).rounded(.down) * quantum
        let top = ((high + air) / quantum).rounded(.up) * quantum
        if bottom <= 0, low > 0 { bottom = min(low * 0.9, Double(tick)) }
        return PriceScale(low: bottom, high: top, rows: rows, isLogarithmic: isLogarithmic)
    }
}

/// One labelled price on the axis.
struct PriceTick: Hashable, Sendable {
    /// The price, on the tick of the instrument.
    var price: Price
    /// The row its label stands in.
    var row: Int
}

extension PriceScale {
    /// The prices worth a label: round multiples of the instrument's tick, from the highest down, at least `spacing`
    /// rows apart.
    func ticks(tick: Int64, spacing: Int) -> [PriceTick] {
        isLogarithmic ? unevenTicks(tick: tick, spacing: spacing) : evenTicks(tick: tick, spacing: spacing)
    }

    private func evenTicks(tick: Int64, spacing: Int) -> [PriceTick] {
        let pricePerRow = (high - low) / Double(rows)
        let step = NiceNumbers.roundStep(atLeast: pricePerRow * Double(max(1, spacing)), unit: tick)
        guard step < .max, abs(high) < 9e17 else { return [] }
        var ticks: [PriceTick] = []
        var price = Int64((high / Double(step)).rounded(.down)) * step
        while Double(price) >= low {
            if price > 0, let row = row(Double(price)) {
                ticks.append(PriceTick(price: Price(mantissa: price), row: row))
            }
            price -= step
        }
        return ticks
    }

    /// On a logarithmic scale no step is even: the roundest price around each labelled row is taken.
    private func unevenTicks(tick: Int64, spacing: Int) -> [PriceTick] {
        let tick = max(1, tick)
        let reach = spacing >= 3 ? 1.0 : 0.5
        var ticks: [PriceTick] = []
        var position = Double(max(1, spacing)) / 2
        while position < Double(rows) {
            let top = Int64(price(at: max(0, position - reach)) / Double(tick))
            let bottom = Int64((price(at: min(Double(rows), position + reach)) / Double(tick)).rounded(.up))
            if let price = PriceScale.roundest(in: bottom, top), let row = row(Double(price * tick)) {
                ticks.append(PriceTick(price: Price(mantissa: price * tick), row: row))
            }
            position += Double(max(1, spacing))
        }
        return ticks
    }

    /// The positive number from `bottom` to `top` that is a multiple of the largest of 1, 2, 5, 10, 20, 50 …
    private static func roundest(in bottom: Int64, _ top: Int64) -> Int64? {
        guard top > 0, bottom <= top else { return nil }
        var best: Int64?
        var power: Int64 = 1
        while power <= top {
            for factor: Int64 in [1, 2, 5] {
                let (step, isTooLarge) = power.multipliedReportingOverflow(by: factor)
                if isTooLarge || step > top { break }
                let candidate = top / step * step
                if candidate >= bottom { best = candidate }
            }
            if power > Int64.max / 10 { break }
            power *= 10
        }
        return best
    }
}
