/// How often the best of several strategies in one half of the time is below the middle in the other half: the
/// probability of backtest overfitting by combinatorially symmetric cross-validation.
///
/// Source: Bailey, Borwein, López de Prado & Zhu, “The probability of backtest overfitting” (2015).
public struct OverfittingProbability: Sendable, Hashable {
    /// The share of splits whose winner ranks in the lower half of the other half (logit ≤ 0).
    public let probability: Double
    /// The share of splits whose winner loses in the other half (a ratio below 0).
    public let lossProbability: Double
    /// The slope of the winner's ratio in the other half on its ratio in the half it won; `nil` where that is always
    /// the same.
    public let slope: Double?
    /// The logits ln(ω ÷ (1 − ω)), ω = rank ÷ (strategies + 1), a split each, in the order of the splits.
    public let logits: [Double]
    /// Into how many blocks the time was cut.
    public let blocks: Int
    /// How many periods a block has; the oldest that would not fill a block are left out.
    public let blockLength: Int

    /// The probability for strategies that were held over the same periods.
    ///
    /// The measure is the Sharpe ratio, made from sums that each block has once: O(strategies · (periods + splits ·
    /// blocks)), 12,870 splits of 16 blocks. A half without any spread counts as a ratio of 0. Of equal winners the first
    /// is taken; equal ranks share their mean.
    ///
    /// - Parameters:
    ///   - returns: of each strategy, all of one length.
    ///   - blocks: even, 2…24.
    /// - Returns: `nil` below two strategies or two periods a block.
    public init?(returns: [[Double]], blocks: Int) {
        precondition(blocks % 2 == 0 && (2...24).contains(blocks), "an even count of blocks, 2…24")
        guard returns.count > 1, let count = returns.first?.count, count / blocks >= 2 else { return nil }
        precondition(returns.allSatisfy { $0.count == count }, "returns of the same periods")
        self.blocks = blocks
        blockLength = count / blocks
        let sums = BlockSums(returns, blocks: blocks, length: blockLength)
        var splits = SplitCounts()
        var half: UInt32 = (1 << UInt32(blocks / 2)) - 1
        let all: UInt32 = (1 << UInt32(blocks)) - 1
        while half <= all {
            splits.take(sums.ratios(half), sums.ratios(all & ~half))
            half = OverfittingProbability.next(half)
        }
        let total = Double(splits.logits.count)
        probability = Double(splits.logits.count { $0 <= 0 }) / total
        lossProbability = Double(splits.losses) / total
        slope = splits.slope
        logits = splits.logits
    }

    /// The next larger number with as many bits set.
    private static func next(_ bits: UInt32) -> UInt32 {
        let lowest = bits & (~bits &+ 1)
        let carried = bits + lowest
        return carried | (((bits ^ carried) >> 2) / lowest)
    }
}

/// Sums of returns and of their squares, of every block and strategy.
private struct BlockSums {
    let strategies: Int
    let blocks: Int
    let length: Int
    private var sums: [Double] = []
    private var squares: [Double] = []

    init(_ returns: [[Double]], blocks: Int, length: Int) {
        strategies = returns.count
        self.blocks = blocks
        self.length = length
        let first = (returns.first?.count ?? 0) - blocks * length
        for block in 0..<blocks {
            for values in returns {
                let start = first + block * length
                sums.append(values[start..<(start + length)].reduce(0, +))
                squares.append(values[start..<(start + length)].reduce(0) { $0 + $1 * $1 })
            }
        }
    }

    /// The ratio of every strategy over the blocks whose bits are set.
    func ratios(_ chosen: UInt32) -> [Double] {
        let count = Double(chosen.nonzeroBitCount * length)
        return (0..<strategies).map { strategy in
            var sum = 0.0
            var square = 0.0
            for block in 0..<blocks where chosen >> UInt32(block) & 1 == 1 {
                sum += sums[block * strategies + strategy]
                square += squares[block * strategies + strategy]
            }
            let mean = sum / count
            let variance = (square - sum * mean) / (count - 1)
            return variance > square / count * 1e-12 ? mean / variance.squareRoot() : 0
        }
    }
}

/// What the splits have shown so far.
private struct SplitCounts {
    private(set) var logits: [Double] = []
    private(set) var losses = 0
    private var inside: [Double] = []
    private var outside: [Double] = []

    mutating func take(_ train: [Double], _ test: [Double]) {
        var best = 0
        for index in train.indices where train[index] > train[best] { best = index }
        let below = test.count { $0 < test[best] }
        let equal = test.count { $0 == test[best] }
        let rank = Double(below) + Double(equal + 1) / 2
        let share = rank / Double(test.count + 1)
        logits.append(Function.log(share / (1 - share)))
        if test[best] < 0 { losses += 1 }
        inside.append(train[best])
        outside.append(test[best])
    }

    /// By least squares.
    var slope: Double? {
        let across = Moments(inside)
        guard across.isSpread else { return nil }
        let along = Moments(outside)
        var covariance = 0.0
        var variance = 0.0
        for (x, y) in zip(inside, outside) {
            covariance += (x - across.mean) * (y - along.mean)
            variance += (x - across.mean) * (x - across.mean)
        }
        return covariance / variance
    }
}
