/// A tree-structured Parzen estimator (J. Bergstra, R. Bardenet, Y. Bengio, B. Kégl, “Algorithms for hyper-parameter
/// optimization”, NIPS 2011): the best trials make one density, all others a second one, and of some points drawn from
/// the first the one is tried where it exceeds the second the most.
///
/// Both densities are over all dimensions jointly, so that parameters that only do well together stay together
/// (S. Falkner, A. Klein, F. Hutter, “BOHB”, ICML 2018).
struct ParzenSearch {
    /// Trials drawn evenly before the densities are used.
    static let randomStarts = 10
    /// Points drawn for each trial.
    static let candidates = 24
    /// The best trials are this share of all, up to a number.
    static let bestShare = 0.1
    static let mostBest = 25

    private let best: ParzenMixture
    private let others: ParzenMixture

    /// Densities of trials in the order of their numbers. O(trials · log(trials)) a dimension.
    init(_ space: SearchSpace, history: [Observation], pending: [[Double]]) {
        let count = min(Int((ParzenSearch.bestShare * Double(history.count)).rounded(.up)), ParzenSearch.mostBest)
        // Of equals the older one is better, so that the choice does not hang on how a sort treats them.
        let order = history.indices.sorted {
            let (a, b) = (history[$0].standing, history[$1].standing)
            return a == b ? $0 < $1 : a < b
        }
        var isBest = [Bool](repeating: false, count: history.count)
        for place in order.prefix(count) { isBest[place] = true }
        best = ParzenMixture(space, history.indices.filter { isBest[$0] }.map { history[$0].point })
        others = ParzenMixture(space, history.indices.filter { !isBest[$0] }.map { history[$0].point } + pending)
    }

    /// The point to try; `nil` when none of those drawn was wanted. O(candidates × trials × dimensions).
    func point(_ numbers: inout SearchNumbers, _ isWanted: ([Double]) -> Bool) -> [Double]? {
        var chosen: [Double]?
        var highest = -Double.infinity
        var drawn = 0
        for _ in 0..<Sampler.attempts + ParzenSearch.candidates {
            let point = best.draw(&numbers)
            guard isWanted(point) else { continue }
            let gain = best.logDensity(point) - others.logDensity(point)
            if chosen == nil || gain > highest {
                chosen = point
                highest = gain
            }
            drawn += 1
            if drawn == ParzenSearch.candidates { break }
        }
        return chosen
    }
}
