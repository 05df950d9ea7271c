/// Where an axis is marked, and what is written there.
struct Ticks: Equatable {
    var places: [Double]
    var labels: [String]

    static let none = Ticks(places: [], labels: [])

    /// Round numbers inside a range, about `count` of them: steps of 1, 2 or 5 times a power of ten (Heckbert, "Nice numbers
    /// for graph labels", Graphics Gems, 1990).
    static func linear(_ range: ClosedRange<Double>, count: Int, _ unit: Axis.Unit = .plain) -> Ticks {
        let span = range.upperBound - range.lowerBound
        guard span > 0, span.isFinite, count > 0 else { return .none }
        let step = nice(span / Double(max(count, 1)))
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        guard first <= last, last - first < 1_000 else { return .none }
        let places = stride(from: first, through: last, by: 1).map { $0 * step }
        return Ticks(places: places, labels: places.map { NumberText.tick($0, step: step, unit) })
    }

    /// The smallest of 1, 2, 5 and 10 times a power of ten that is `raw` or more.
    static func nice(_ raw: Double) -> Double {
        var power = 1.0
        while power > raw { power /= 10 }
        while power * 10 <= raw { power *= 10 }
        for factor in [1.0, 2, 5] where factor * power >= raw * (1 - 1e-9) { return factor * power }
        return 10 * power
    }

    /// A range widened to the round numbers around it.
    static func widened(_ range: ClosedRange<Double>, count: Int = 5) -> ClosedRange<Double> {
        let span = range.upperBound - range.lowerBound
        guard span.isFinite, span > abs(range.upperBound) * 1e-12 else {
            // A constant has no span of its own.
            let half = range.upperBound == 0 ? 1 : abs(range.upperBound) * 0.05
            return (range.lowerBound - half)...(range.upperBound + half)
        }
        let step = nice(span / Double(count))
        // A tick of its own below what reaches just under a round number would leave a part of the panel empty.
        let low = (range.lowerBound / step * 2 + 1e-9).rounded(.down) * step / 2
        let high = (range.upperBound / step * 2 - 1e-9).rounded(.up) * step / 2
        return low...high
    }

    /// Powers of ten, with 2 and 5 times them where there are few.
    static func logarithmic(_ range: ClosedRange<Double>, _ unit: Axis.Unit = .plain) -> Ticks {
        guard range.lowerBound > 0 else { return .none }
        var power = 1.0
        while power > range.lowerBound { power /= 10 }
        while power * 10 <= range.lowerBound { power *= 10 }
        var decades: [Double] = []
        while power <= range.upperBound * (1 + 1e-9), decades.count < 40 {
            decades.append(power)
            power *= 10
        }
        let factors: [Double] = decades.count > 4 ? [1] : [1, 2, 5]
        let within: ClosedRange<Double> = range.lowerBound * (1 - 1e-9)...range.upperBound * (1 + 1e-9)
        var places: [Double] = []
        for decade in decades {
            for factor in factors where within.contains(factor * decade) { places.append(factor * decade) }
        }
        return Ticks(places: places, labels: places.map { NumberText.tick($0, step: $0, unit) })
    }

    /// The ticks of names: each where `every` is 1, else every so many.
    static func names(_ names: [String], every: Int) -> Ticks {
        let indices = Array(stride(from: 0, to: names.count, by: max(every, 1)))
        return Ticks(places: indices.map(Double.init), labels: indices.map { names[$0] })
    }
}
