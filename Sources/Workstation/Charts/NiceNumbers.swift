/// Round steps for axes, groupings and scales.
enum NiceNumbers {
    /// The smallest of 1, 2, 5, 10, 20, 50 … that is at least `value`; 1 when `value` is below that.
    static func roundStep(atLeast value: Double) -> Int64 {
        guard value > 1, value.isFinite else { return 1 }
        var power: Int64 = 1
        while true {
            for factor: Int64 in [1, 2, 5] {
                let (step, isTooLarge) = power.multipliedReportingOverflow(by: factor)
                if isTooLarge { return .max }
                if Double(step) >= value { return step }
            }
            let (next, isTooLarge) = power.multipliedReportingOverflow(by: 10)
            if isTooLarge { return .max }
            power = next
        }
    }

    /// The smallest multiple of `unit` by 1, 2, 5, 10, 20, 50 … that is at least `value`; saturates.
    ///
    /// With a unit of 25 (a tick of a quarter) the steps are 25, 50, 125, 250 …
    static func roundStep(atLeast value: Double, unit: Int64) -> Int64 {
        let unit = max(1, unit)
        let (step, isTooLarge) = unit.multipliedReportingOverflow(by: roundStep(atLeast: value / Double(unit)))
        return isTooLarge ? .max : step
    }

    /// A length for a scale that holds `value`: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 × a power of ten, so that a scale
    /// seldom changes while its largest value does. 0 gives 1.
    static func scaleTop(holding value: Double) -> Double {
        guard value > 0, value.isFinite else { return 1 }
        var power = 1.0
        while power > value { power /= 10 }
        while power * 10 <= value { power *= 10 }
        for factor in [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8] where power * factor >= value { return power * factor }
        return power * 10
    }
}
