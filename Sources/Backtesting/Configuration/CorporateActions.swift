public import Market
public import Simulation

/// Splits and dividends of a share.
///
/// A run over raw prices sees a split as a crash. So the candles before a split are brought to the shares after it: prices
/// divided by the ratio, rounded half to even, volumes multiplied; positions, orders and indicators then need no change, and
/// quantities are those of the shares at the end. Dividends are of the shares of their day: those before a split are brought
/// to the shares after it too. Whoever is long at the start of the day receives them, whoever is short pays them.
public struct CorporateActions: Sendable, Hashable {
    /// What happens before the first candle of a day.
    public struct Action: Sendable, Hashable {
        /// The start of the day.
        public var time: Timestamp
        /// How many shares one becomes; 1 without a split.
        public var split: Ratio
        /// What a share pays after the split, in the quote currency at the price scale.
        public var dividend: Price

        /// An action of its parts.
        public init(time: Timestamp, split: Ratio = .one, dividend: Price = .zero) {
            self.time = time
            self.split = split
            self.dividend = dividend
        }
    }

    /// The actions, in the order of time.
    public var actions: [Action]

    /// Actions in the order of time.
    public init(_ actions: [Action]) { self.actions = actions }

    /// The actions of a file: lines of `date,split,dividend`, as `2023-06-10,4,0` or `2023-08-11,1,0.24`.
    ///
    /// - Throws: `BacktestError.invalid` with what is wrong.
    public init(_ file: AssumptionText.TextFile, for instrument: Instrument) throws(BacktestError) {
        var reader = OptionReader()
        actions = reader.actions(file, instrument)
        guard reader.problems.isEmpty else { throw .invalid(reader.problems) }
    }

    /// The candles in the shares of the end. O(candles + actions).
    public func adjusted(_ series: CandleSeries) -> CandleSeries {
        let splits = actions.filter { $0.split != .one }
        guard !splits.isEmpty else { return series }
        var series = series
        var end = series.candles.count
        var factor = Factor()
        for split in splits.reversed() {
            let start = series.candles[..<end].firstIndex { $0.openTime >= split.time } ?? end
            CorporateActions.bring(&series.candles, start..<end, by: factor)
            factor.multiply(split.split)
            end = start
        }
        CorporateActions.bring(&series.candles, 0..<end, by: factor)
        return series
    }

    /// What the dividends pay, in the shares of the end; `nil` without any.
    public var payments: FundingSchedule? {
        var points: [FundingPoint] = []
        var factor = Factor()
        for action in actions.reversed() {
            if action.dividend != .zero {
                points.append(
                    FundingPoint(time: action.time, rate: .zero, dividend: factor.divide(action.dividend)))
            }
            factor.multiply(action.split)
        }
        return points.isEmpty ? nil : .recorded(points.reversed())
    }

    private static func bring(_ candles: inout [Candle], _ range: Range<Int>, by factor: Factor) {
        guard !factor.isOne else { return }
        for index in range {
            candles[index].open = factor.divide(candles[index].open)
            candles[index].high = factor.divide(candles[index].high)
            candles[index].low = factor.divide(candles[index].low)
            candles[index].close = factor.divide(candles[index].close)
            candles[index].volume = factor.multiply(candles[index].volume)
        }
    }

    /// A product of ratios.
    private struct Factor {
        private var units = Int128(Ratio.one.units)
        private static let one = Int128(Ratio.one.units)

        var isOne: Bool { units == Factor.one }

        mutating func multiply(_ ratio: Ratio) {
            units = (units * Int128(ratio.units)).divided(by: Factor.one, rounding: .halfEven)
        }

        func divide(_ price: Price) -> Price {
            Price(
                mantissa: Int64(
                    clamping: (Int128(price.mantissa) * Factor.one).divided(by: max(units, 1), rounding: .halfEven)))
        }

        func multiply(_ volume: Quantity) -> Quantity {
            Quantity(
                mantissa: Int64(
                    clamping: (Int128(volume.mantissa) * units).divided(by: Factor.one, rounding: .halfEven)))
        }
    }
}

extension OptionReader {
    mutating func actions(
        _ file: AssumptionText.TextFile, _ instrument: Instrument
    ) -> [CorporateActions.Action] {
        let actions = rows(file, "corporate-actions", "date,split,dividend as 2023-06-10,4,0", 3...3) {
            (row: [Substring]) throws(DecimalTextError) -> CorporateActions.Action? in
            guard let time = Timestamp(iso8601: row[0]) else { return nil }
            return CorporateActions.Action(
                time: time, split: try Ratio(fraction: row[1]), dividend: try instrument.price(row[2]))
        }
        for (action, next) in zip(actions, actions.dropFirst()) where next.time <= action.time {
            problem("corporate-actions: \(next.time.date) does not come after \(action.time.date)")
        }
        for action in actions {
            if action.split.units < 1_000 || action.split.units > 100_000 * Ratio.one.units {
                problem(
                    "corporate-actions: the split of \(action.time.date) is out of range; expected 0.00001 to 100000")
            }
            if action.dividend.mantissa < 0 {
                problem("corporate-actions: the dividend of \(action.time.date) is negative")
            }
        }
        return actions
    }
}
