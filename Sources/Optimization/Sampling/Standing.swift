/// How well a trial did; the smaller, the better.
///
/// Every trial that kept the constraints to its end is better than every one that was given up, these are better than
/// those that broke a constraint, and what has no result is worst.
public enum Standing: Sendable, Hashable, Comparable {
    /// Ran to its end and kept the constraints; the loss is to be small.
    case complete(loss: Double)
    /// Given up early, after a number of looks, with the loss of the last of them.
    case pruned(looks: Int, loss: Double)
    /// Broke constraints, by so much in all.
    case infeasible(violation: Double)
    /// Has no result: what it was measured by is undefined, or its parameters contradict each other.
    case undefined

    /// Whether the first trial did better.
    public static func < (a: Standing, b: Standing) -> Bool {
        switch (a, b) {
        case (.complete(let first), .complete(let second)): return first < second
        case (.pruned(let looks, let first), .pruned(let others, let second)):
            return looks != others ? looks > others : first < second
        case (.infeasible(let first), .infeasible(let second)): return first < second
        default: return a.rank < b.rank
        }
    }

    private var rank: Int {
        switch self {
        case .complete: return 0
        case .pruned: return 1
        case .infeasible: return 2
        case .undefined: return 3
        }
    }
}

/// A trial that has ended, as samplers see it.
public struct Observation: Sendable, Hashable {
    /// The values it tried, in the order of the space's dimensions.
    public var point: [Double]
    /// How well it did.
    public var standing: Standing

    /// An observation of its parts.
    public init(point: [Double], standing: Standing) {
        self.point = point
        self.standing = standing
    }
}
