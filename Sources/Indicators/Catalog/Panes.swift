extension IndicatorCatalog {
    /// The indicators drawn in panes of their own.
    static let panes: [IndicatorDescriptor] = [
        IndicatorDescriptor(
            "rsi", "RSI", "Relative strength index", .own, parameters: [period(14, "changes averaged")],
            outputs: single("index"), bounds: 0...100, guides: [30, 70]
        ) { bars, values in
            [RelativeStrengthIndex(period: Int(values[0])).batch(bars.close)]
        },
        IndicatorDescriptor(
            "macd", "MACD", "Moving average convergence/divergence", .own,
            parameters: [
                period(12, "bars of the fast average", name: "fast"),
                period(26, "bars of the slow average", name: "slow"),
                period(9, "bars of the signal's average", name: "signal"),
            ],
            outputs: [
                .init(name: "line", style: .line), .init(name: "signal", style: .line),
                .init(name: "histogram", style: .histogram),
            ], guides: [0], ordering: ("fast", "slow")
        ) { bars, values in
            let macd = MACD(fast: Int(values[0]), slow: Int(values[1]), signal: Int(values[2])).batch(bars.close)
            return [macd.map(\.line), macd.map(\.signal), macd.map(\.histogram)]
        },
        IndicatorDescriptor(
            "stochastic", "STOCH", "Slow stochastic oscillator", .own,
            parameters: [
                period(14, "bars of the range", name: "fast-k"), period(3, "bars %K is averaged over", name: "slow-k"),
                period(3, "bars %D is averaged over", name: "slow-d"),
            ],
            outputs: [.init(name: "%K", style: .line), .init(name: "%D", style: .line)], bounds: 0...100,
            guides: [20, 80]
        ) { bars, values in
            let lines = StochasticOscillator(fastK: Int(values[0]), slowK: Int(values[1]), slowD: Int(values[2])).batch(
                high: bars.high, low: bars.low, close: bars.close)
            return [lines.map(\.k), lines.map(\.d)]
        },
        IndicatorDescriptor(
            "adx", "ADX", "Directional movement", .own, parameters: [period(14, "bars smoothed over", from: 2)],
            outputs: [
                .init(name: "ADX", style: .line), .init(name: "+DI", style: .line), .init(name: "-DI", style: .line),
            ], bounds: 0...100, guides: [25]
        ) { bars, values in
            let lines = DirectionalMovement(period: Int(values[0])).batch(
                high: bars.high, low: bars.low, close: bars.close)
            return [lines.map(\.adx), lines.map(\.plus), lines.map(\.minus)]
        },
        IndicatorDescriptor(
            "cci", "CCI", "Commodity channel index", .own, parameters: [period(20, from: 2)], outputs: single("index"),
            guides: [-100, 100]
        ) { bars, values in
            [CommodityChannelIndex(period: Int(values[0])).batch(high: bars.high, low: bars.low, close: bars.close)]
        },
        IndicatorDescriptor(
            "roc", "ROC", "Rate of change", .own, parameters: [period(10, "bars looked back")],
            outputs: single("per cent"), guides: [0]
        ) { bars, values in
            [RateOfChange(period: Int(values[0])).batch(bars.close)]
        },
        IndicatorDescriptor(
            "atr", "ATR", "Average true range", .own, parameters: [period(14, "true ranges averaged")],
            outputs: single("range")
        ) { bars, values in
            [AverageTrueRange(period: Int(values[0])).batch(high: bars.high, low: bars.low, close: bars.close)]
        },
        IndicatorDescriptor(
            "standard-deviation", "SD", "Standard deviation", .own, parameters: [period(20)],
            outputs: single("deviation")
        ) { bars, values in
            [StandardDeviation(period: Int(values[0])).batch(bars.close)]
        },
        IndicatorDescriptor(
            "sample-deviation", "SSD", "Standard deviation of a sample", .own, parameters: [period(20, from: 2)],
            outputs: single("deviation")
        ) { bars, values in
            [StandardDeviation(period: Int(values[0]), divisor: .sample).batch(bars.close)]
        },
        IndicatorDescriptor(
            "z-score", "Z", "z-score of the close", .own, parameters: [period(20, from: 2)], outputs: single("score"),
            guides: [-2, 0, 2]
        ) { bars, values in
            [ZScore(period: Int(values[0])).batch(bars.close)]
        },
        IndicatorDescriptor("obv", "OBV", "On-balance volume", .own, outputs: single("volume")) { bars, _ in
            [OnBalanceVolume().batch(close: bars.close, volume: bars.volume)]
        },
    ]
}
