/// All ways to test on k of n folds of a series and train on the others, with what touches a test left out of training.
///
/// Of n folds there are C(n, k) splits; each fold is tested in C(n − 1, k − 1) of them, so that as many whole paths through
/// the series, k ÷ n · C(n, k), can be put together from tests that never saw their own training. Source: López de Prado,
/// “Advances in Financial Machine Learning” (2018), chapters 7 and 12.
public struct CombinatorialSplits: Sendable, Hashable {
    /// How many observations there are.
    public let count: Int
    /// How many folds, n.
    public let folds: Int
    /// How many of them are tested in each split, k.
    public let testFolds: Int
    /// Observations left out of training at each border with a test.
    public let purge: Int
    /// Observations left out of training behind each test, beside those that are purged.
    public let embargo: Int
    /// The tested folds of each split, in order; splits in lexicographic order. O(C(n, k) · k).
    public let splits: [[Int]]

    /// Splits of a series.
    ///
    /// - Returns: `nil` where a fold would have no observation.
    /// - Precondition: 2 ≤ `folds` ≤ 62, 1 ≤ `testFolds` < `folds`, gaps are not negative.
    public init?(count: Int, folds: Int, testFolds: Int, purge: Int = 0, embargo: Int = 0) {
        precondition((2...62).contains(folds) && (1..<folds).contains(testFolds), "some folds are tested, some train")
        precondition(purge >= 0 && embargo >= 0, "gaps are not negative")
        guard count >= folds else { return nil }
        self.count = count
        self.folds = folds
        self.testFolds = testFolds
        self.purge = purge
        self.embargo = embargo
        var splits: [[Int]] = []
        var chosen = Array(0..<testFolds)
        while true {
            splits.append(chosen)
            guard let place = chosen.indices.last(where: { chosen[$0] < folds - testFolds + $0 }) else { break }
            chosen[place] += 1
            for later in (place + 1)..<max(testFolds, place + 1) { chosen[later] = chosen[later - 1] + 1 }
        }
        self.splits = splits
    }

    /// How many splits there are of so many folds, C(n, k).
    public static func count(folds: Int, testFolds: Int) -> Int {
        var count = 1
        for step in 0..<min(testFolds, folds - testFolds) { count = count * (folds - step) / (step + 1) }
        return count
    }

    /// How many whole paths the tests make, k ÷ n · C(n, k).
    public var pathCount: Int { splits.count * testFolds / folds }

    /// The observations of a fold; the last one takes what does not divide evenly.
    public func fold(_ fold: Int) -> Range<Int> {
        let length = count / folds
        return fold * length..<(fold + 1 == folds ? count : (fold + 1) * length)
    }

    /// What a split trains on: the stretches between its tests, less purge and embargo; those that nothing is left of are
    /// not among them.
    public func training(_ split: Int) -> [Range<Int>] {
        let tested = splits[split]
        var stretches: [Range<Int>] = []
        var place = 0
        while place < folds {
            guard !tested.contains(place) else {
                place += 1
                continue
            }
            var end = place
            while end < folds, !tested.contains(end) { end += 1 }
            let lower = fold(place).lowerBound + (place > 0 ? purge + embargo : 0)
            let upper = fold(end - 1).upperBound - (end < folds ? purge : 0)
            if lower < upper { stretches.append(lower..<upper) }
            place = end
        }
        return stretches
    }

    /// The paths: for each fold the split whose test of it the path takes. The first path takes each fold from the first
    /// split that tests it, the second from the second, and so on.
    public var paths: [[Int]] {
        var testing: [[Int]] = Array(repeating: [], count: folds)
        for (split, tested) in splits.enumerated() {
            for fold in tested { testing[fold].append(split) }
        }
        return (0..<pathCount).map { path in testing.map { $0[path] } }
    }
}
