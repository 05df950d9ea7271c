/// Gives a trial up that does worse than half of the trials before it did when they had come as far.
///
/// The rule of D. Golovin and others, “Google Vizier: a service for black-box optimization” (KDD 2017): a trial's best
/// loss so far is held against the median of the losses of others at the same look.
public struct MedianPruner: Sendable, Hashable {
    /// Trials that must have ended before one is given up.
    public static let warmUpTrials = 10

    /// The medians of the losses of earlier trials, one a look; `nil` where too few came so far.
    private let medians: [Double?]

    /// A pruner that knows the losses of trials that ended, one for each look they came to; `nil` where undefined.
    public init(_ losses: [[Double?]], looks: Int) {
        medians = (0..<looks).map { look in
            // What is undefined is as bad as anything: it counts, at the far end.
            let known = losses.filter { $0.count > look }.map { $0[look] ?? .infinity }.sorted()
            guard known.count >= MedianPruner.warmUpTrials else { return nil }
            let middle = known.count / 2
            return known.count % 2 == 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2
        }
    }

    /// Whether a trial with these losses so far is to be given up.
    public func givesUp(_ losses: [Double?]) -> Bool {
        guard let look = losses.indices.last, look < medians.count, let median = medians[look] else { return false }
        let best = losses.map { $0 ?? .infinity }.min() ?? .infinity
        return best > median
    }
}
