/// How a search chooses what to try next.
public enum Sampler: String, Sendable, Hashable, CaseIterable {
    /// Every combination, in order.
    case grid
    /// Combinations drawn evenly.
    case random
    /// Combinations that look like the good ones and unlike the others: a tree-structured Parzen estimator.
    case tpe

    /// The values that the trial `number` tries.
    ///
    /// The answer depends on the arguments alone. Grid and random look at the number only; the Parzen estimator learns
    /// from `history`, and treats what is `pending` as if it had failed, so that trials drawn together differ (the
    /// “constant liar” of D. Ginsbourger, R. Le Riche, L. Carraro, 2010).
    ///
    /// - Parameters:
    ///   - number: the trial's number, from 0.
    ///   - history: trials that have ended, in the order of their numbers.
    ///   - pending: the points of trials that were drawn and have no result yet, in the order of their numbers.
    ///   - isWanted: whether a combination is worth a trial; one that isn't is drawn again some hundred times at most, and
    ///     a grid, which has its order, does not ask.
    /// - Returns: one value a dimension, or `nil` when the grid has no such number.
    /// - Precondition: the space can be counted where the sampler is `grid`.
    public func point(
        _ number: Int, in space: SearchSpace, seed: UInt64, history: [Observation] = [], pending: [[Double]] = [],
        isWanted: ([Double]) -> Bool = { _ in true }
    ) -> [Double]? {
        var numbers = SearchNumbers(seed: seed, number: number)
        switch self {
        case .grid:
            guard let count = space.count, number < count else { return nil }
            return space.gridPoint(number)
        case .random:
            return Sampler.even(space, &numbers, isWanted)
        case .tpe:
            guard history.count >= ParzenSearch.randomStarts else { return Sampler.even(space, &numbers, isWanted) }
            return ParzenSearch(space, history: history, pending: pending).point(&numbers, isWanted)
                ?? Sampler.even(space, &numbers, isWanted)
        }
    }

    /// How often a combination that is not wanted is drawn again.
    static let attempts = 200

    private static func even(
        _ space: SearchSpace, _ numbers: inout SearchNumbers, _ isWanted: ([Double]) -> Bool
    ) -> [Double] {
        var point = space.draw(&numbers)
        for _ in 0..<attempts where !isWanted(point) { point = space.draw(&numbers) }
        return point
    }
}
