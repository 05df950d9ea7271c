import Market

/// What the first rows of a file tell of the rest.
struct CandleProbe {
    /// The decimals that its numbers need.
    var scales: (price: Int, quantity: Int) = (8, 8)
    /// The decimals that its prices are written with.
    var tickDecimals = 2
    /// The shortest time between two rows, in nanoseconds; `nil` for fewer than two.
    var step: Int64?
    /// How far apart most rows are, in nanoseconds; `nil` where no distance is that of more than half of them.
    var usualStep: Int64?
    /// How many rows were looked at.
    var rows = 0
    /// Whether every row is older than the one before it.
    var runsBackward = false

    /// Gathers what rows tell.
    struct Builder {
        private var found = CandleProbe()
        private var choice = ScaleChoice()
        private var last: Timestamp?
        private var steps = 0
        private var counts: [Int64: Int] = [:]
        private var descents = 0

        /// Looks at a row: its numbers as they are written, and its time where it is one.
        mutating func add(prices: [[UInt8]], volume: [UInt8], time: Timestamp?) {
            found.rows += 1
            for price in prices { price.withUnsafeBytes { choice.addPrice($0) } }
            volume.withUnsafeBytes { choice.addVolume($0) }
            guard let time else { return }
            if let last, time != last {
                let step = time.nanoseconds - last.nanoseconds
                steps += 1
                if step < 0 { descents += 1 }
                found.step = min(found.step ?? .max, abs(step))
                counts[abs(step), default: 0] += 1
            }
            last = time
        }

        /// What the rows told.
        var probe: CandleProbe {
            var probe = found
            probe.runsBackward = steps > 0 && descents == steps
            probe.usualStep = counts.first { $0.value > 1 && 2 * $0.value > steps }?.key
            probe.scales = choice.scales
            probe.tickDecimals = choice.tickDecimals
            return probe
        }
    }
}
