extension IndicatorCatalog {
    /// The indicators drawn over the price.
    static let overlays: [IndicatorDescriptor] = [
        IndicatorDescriptor(
            "sma", "SMA", "Simple moving average", .overlay, parameters: [period(20)], outputs: single("average")
        ) { bars, values in
            [SimpleMovingAverage(period: Int(values[0])).batch(bars.close)]
        },
        IndicatorDescriptor(
            "ema", "EMA", "Exponential moving average", .overlay, parameters: [period(20)], outputs: single("average")
        ) { bars, values in
            [ExponentialMovingAverage(period: Int(values[0])).batch(bars.close)]
        },
        IndicatorDescriptor(
            "wma", "WMA", "Weighted moving average", .overlay, parameters: [period(20)], outputs: single("average")
        ) { bars, values in
            [WeightedMovingAverage(period: Int(values[0])).batch(bars.close)]
        },
        IndicatorDescriptor(
            "vwap", "VWAP", "Volume-weighted average price of the day", .overlay, outputs: single("average")
        ) { bars, _ in
            [
                VolumeWeightedAveragePrice().batch(
                    high: bars.high, low: bars.low, close: bars.close, volume: bars.volume, session: bars.dayIndex)
            ]
        },
        IndicatorDescriptor(
            "bollinger", "BB", "Bollinger bands", .overlay,
            parameters: [period(20), multiple("width", 2, "deviations from the middle to a band")], outputs: channel
        ) { bars, values in
            lines(BollingerBands(period: Int(values[0]), width: values[1]).batch(bars.close))
        },
        IndicatorDescriptor(
            "keltner", "KC", "Keltner channel", .overlay,
            parameters: [
                period(20, "bars of the middle average"),
                period(10, "bars of the average true range", name: "atr-period"),
                multiple("multiplier", 2, "average true ranges from the middle to a line"),
            ], outputs: channel
        ) { bars, values in
            let keltner = KeltnerChannel(period: Int(values[0]), atrPeriod: Int(values[1]), multiplier: values[2])
            return lines(keltner.batch(high: bars.high, low: bars.low, close: bars.close))
        },
        IndicatorDescriptor(
            "donchian", "DC", "Donchian channel", .overlay, parameters: [period(20)], outputs: channel
        ) { bars, values in
            lines(DonchianChannel(period: Int(values[0])).batch(high: bars.high, low: bars.low))
        },
        IndicatorDescriptor(
            "supertrend", "ST", "Supertrend", .overlay,
            parameters: [
                period(10, "bars of the average true range"),
                multiple("multiplier", 3, "average true ranges from the bar's middle to a band"),
            ],
            outputs: [.init(name: "up", style: .line), .init(name: "down", style: .line)]
        ) { bars, values in
            let trend = Supertrend(period: Int(values[0]), multiplier: values[1]).batch(
                high: bars.high, low: bars.low, close: bars.close)
            return [
                trend.map { $0.direction == .up ? $0.line : .nan },
                trend.map { $0.direction == .down ? $0.line : .nan },
            ]
        },
    ]
}
