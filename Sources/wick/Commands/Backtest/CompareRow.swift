import Backtesting
import Statistics

/// A comparison, for programs.
struct CompareRow {
    struct Strategy {
        var name: String
        var strategy: String
        var parameters: [String: String]
        var isBenchmark: Bool
        var finalEquity: String
        var feesPaid: String
        var totalReturn: Double
        var totalReturnLow: Double?
        var totalReturnHigh: Double?
        var annualizedReturn: Double?
        var sharpe: Double?
        var sharpeLow: Double?
        var sharpeHigh: Double?
        var sortino: Double?
        var calmar: Double?
        var maxDrawdown: Double
        var winRate: Double?
        var profitFactor: Double?
        var tradeCount: Int
        var exposure: Double
        var refusedOrders: Int
        var probabilisticSharpe: Double?
        var deflatedSharpe: Double?
        var difference: Difference?
    }

    struct Difference {
        var yearlyReturn: Double
        var tStatistic: Double?
        var tProbability: Double?
        var bootstrapProbability: Double?
        var sharpe: Double?
        var sharpeLow: Double?
        var sharpeHigh: Double?
    }

    struct Bootstrap {
        var seed: UInt64
        var resamples: Int
        var blockDays: Double?
        var confidence: Double
    }

    struct Deflation {
        var trials: Int
        var dailySharpeVariance: Double?
        var expectedMaximumSharpe: Double?
    }

    struct Overfitting {
        var probability: Double
        var lossProbability: Double
        var slope: Double?
        var blocks: Int
        var blockDays: Int
        var splits: Int
    }

    var symbol: String
    var timeframe: String
    var from: String
    var to: String
    var bars: Int
    var days: Int
    var strategies: [Strategy]
    var bootstrap: Bootstrap
    var deflation: Deflation
    var overfitting: Overfitting?
    var undefined: [String: String]
    var seconds: Double
    var dataHash: String
    var version: String
    var detailHash: String?
    var marketSeed: UInt64?

    init(_ comparison: StrategyComparison, _ options: ComparisonOptions, seconds: Double, _ stamp: RunStamp) {
        let first = comparison.rows[0].entrant.result
        symbol = first.instrument.symbol
        timeframe = first.timeframe.description
        from = first.from.description
        to = first.to.description
        bars = first.bars
        days = comparison.days
        strategies = comparison.rows.map(Strategy.init)
        bootstrap = Bootstrap(
            seed: options.seed, resamples: options.resamples, blockDays: comparison.blockDays,
            confidence: options.confidence)
        deflation = Deflation(
            trials: comparison.trials, dailySharpeVariance: comparison.variance,
            expectedMaximumSharpe: comparison.expectedMaximumSharpe)
        overfitting = comparison.overfitting.map {
            Overfitting(
                probability: $0.probability, lossProbability: $0.lossProbability, slope: $0.slope, blocks: $0.blocks,
                blockDays: $0.blockLength, splits: $0.logits.count)
        }
        undefined = Dictionary(comparison.undefined.map { ($0.key, $0.reason) }) { $1 }
        self.seconds = seconds
        dataHash = stamp.dataHash
        version = stamp.version
        detailHash = stamp.detailHash
        marketSeed = stamp.seed
    }
}

extension CompareRow.Strategy {
    init(_ row: StrategyComparison.Row) {
        let result = row.entrant.result
        name = row.entrant.name
        strategy = result.strategy
        parameters = Dictionary(result.parameters.texts.map { ($0.name, $0.text) }) { $1 }
        isBenchmark = row.entrant.isBenchmark
        finalEquity = result.finalEquity.decimalText
        feesPaid = result.feesPaid.decimalText
        totalReturn = result.metrics.totalReturn
        totalReturnLow = row.returnInterval?.low
        totalReturnHigh = row.returnInterval?.high
        annualizedReturn = result.metrics.annualizedReturn
        sharpe = result.metrics.sharpe
        sharpeLow = row.sharpeInterval?.low
        sharpeHigh = row.sharpeInterval?.high
        sortino = result.metrics.sortino
        calmar = result.metrics.calmar
        maxDrawdown = result.metrics.maximumDrawdown
        winRate = result.metrics.winRate
        profitFactor = result.metrics.profitFactor
        tradeCount = result.metrics.tradeCount
        exposure = result.metrics.exposure
        refusedOrders = result.refusals.count
        probabilisticSharpe = row.probabilisticSharpe
        deflatedSharpe = row.deflatedSharpe
        difference = row.difference.map {
            CompareRow.Difference(
                yearlyReturn: $0.yearly, tStatistic: $0.test.statistic, tProbability: $0.test.probability,
                bootstrapProbability: $0.test.bootstrapProbability, sharpe: $0.sharpe,
                sharpeLow: $0.sharpeInterval?.low, sharpeHigh: $0.sharpeInterval?.high)
        }
    }
}
