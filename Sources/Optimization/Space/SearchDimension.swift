/// One parameter that a search may vary, and the values it may take.
public struct SearchDimension: Sendable, Hashable {
    /// The parameter's name.
    public var name: String
    /// Its values.
    public var values: Values

    /// The values of a dimension.
    public enum Values: Sendable, Hashable {
        /// From `low` to `high`, both inclusive; in steps from `low` on where there is a step, else any number between.
        /// On a logarithmic scale every doubling is as likely as every other one; `low` is above 0 then.
        case range(low: Double, high: Double, step: Double?, isLogarithmic: Bool)
        /// One of these, in no order that a search relies on: switches and lists.
        case choice([Double])
    }

    /// A dimension of its parts.
    ///
    /// - Precondition: `low` ≤ `high`, a step is positive, a logarithmic range begins above 0 (and above half a step), a
    ///   choice has a value.
    public init(_ name: String, _ values: Values) {
        switch values {
        case .range(let low, let high, let step, let isLogarithmic):
            precondition(low <= high && low.isFinite && high.isFinite, "a range does not end before it begins")
            precondition(step.map { $0 > 0 && $0.isFinite } ?? true, "a step is positive")
            precondition(!isLogarithmic || low > (step ?? 0) / 2, "a logarithmic range begins above half a step")
        case .choice(let choices):
            precondition(!choices.isEmpty, "a choice has a value")
        }
        self.name = name
        self.values = values
    }

    /// How many values there are; `nil` for a range without a step that holds more than one number.
    public var count: Int? {
        switch values {
        case .choice(let choices): return choices.count
        case .range(let low, let high, let step, _):
            guard let step else { return low == high ? 1 : nil }
            let steps = ((high - low) / step * (1 + 1e-12) + 1e-9).rounded(.down)
            return steps < 1e15 ? Int(steps) + 1 : nil
        }
    }

    /// The value at a place, 0 up to `count`, exclusive.
    ///
    /// - Precondition: the dimension can be counted.
    public func value(at place: Int) -> Double {
        switch values {
        case .choice(let choices): return choices[place]
        case .range(let low, _, let step, _): return SearchDimension.tidy(low + Double(place) * (step ?? 0))
        }
    }

    /// The place of a value that the dimension holds, the nearest one for others.
    func place(of value: Double) -> Int {
        switch values {
        case .choice(let choices): return choices.firstIndex(of: value) ?? 0
        case .range(let low, _, let step, _):
            guard let step, let count else { return 0 }
            return min(max(Int(((value - low) / step).rounded()), 0), count - 1)
        }
    }

    /// Any of the values, each as likely as every other one (on the dimension's scale).
    func draw(_ numbers: inout SearchNumbers) -> Double {
        if case .range(let low, let high, let step, true) = values {
            let half = (step ?? 0) / 2
            let from = Functions.logarithm(low - half)
            let to = Functions.logarithm(high + half)
            return nearest(Functions.exponential(from + (to - from) * numbers.unit()))
        }
        if let count { return value(at: min(Int(numbers.unit() * Double(count)), count - 1)) }
        guard case .range(let low, let high, _, _) = values else { return 0 }
        return nearest(low + (high - low) * numbers.unit())
    }

    /// The value of the dimension that lies nearest.
    func nearest(_ value: Double) -> Double {
        guard case .range(let low, let high, let step, _) = values else { return value }
        if step != nil { return self.value(at: place(of: value)) }
        return min(max(value, low), high)
    }

    /// Sums of steps carry digits that nobody wrote (0.30000000000000004); twelve decimals are kept.
    private static func tidy(_ value: Double) -> Double {
        guard abs(value) < 1_000 else { return value }
        return (value * 1e12).rounded() / 1e12
    }
}
