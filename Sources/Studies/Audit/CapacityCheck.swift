import Backtesting
import Glibc
import Market
import Trading

// How much money fits into a strategy.
extension StrengthChecks {
    /// The run with amounts of money that grow by √10, each limited to a share of every candle's volume and charged the
    /// impact of its orders; and the amount at which half of the return is left.
    ///
    /// The impact of an order is σ √(q ÷ V), the square-root law with a factor of 1: σ is the deviation of a candle's
    /// move after Parkinson, q the mean size of what is filled in a candle, V the mean volume of a candle.
    func capacity() -> (finding: AuditFinding, rows: [CapacityRow])? {
        var finding = AuditFinding(
            check: .capacity, verdict: .inconclusive, figure: nil, threshold: nil, unit: .amount, words: "")
        if case .quantity = subject.configuration.sizing {
            finding.words = "Its entries are of a fixed quantity: more money changes nothing."
            return (finding, [])
        }
        let market = MarketSize(subject.series)
        guard market.volume > 0 else {
            finding.words = "The candles have no volume."
            return (finding, [])
        }
        guard let free = result({ $0.venue.participation = nil }) else { return nil }
        guard free.metrics.totalReturn > 0 else {
            finding.words = "There is no return that size could eat."
            return (finding, [])
        }
        let share =
            subject.configuration.venue.participation
            ?? Ratio(units: Int64((options.participation * 1e8).rounded()))
        let sizes = stride(from: 3.0, through: 10.0, by: 0.5).map { pow(10, $0).rounded() }.filter {
            $0 <= market.largestCash
        }
        let rows = Workers.map(sizes.count, workers: workers, meanwhile: { _ in }) { piece -> CapacityRow? in
            row(sizes[piece], share, market)
        }.compactMap { $0 }
        guard !isCancelled() else { return nil }
        guard rows.count == sizes.count, let first = rows.first, let last = rows.last else {
            finding.words = "Its runs with other amounts of money can't be made."
            return (finding, rows)
        }
        let half = free.metrics.totalReturn / 2
        let own = Double(subject.configuration.cash.units) / Double(Money.unitsPerWhole)
        let model = "at \(percent(Double(share.units) / 1e8)) of each candle's volume and square-root impact"
        let currency = subject.configuration.cash.currency.description
        guard let place = rows.firstIndex(where: { $0.totalReturn < half }) else {
            finding.figure = last.cash
            finding.verdict = last.cash >= own ? .passed : .inconclusive
            finding.words = "More than \(decimal(last.cash, 0)) \(currency) keep half of the return \(model)."
            return (finding, rows)
        }
        guard place > 0 else {
            finding.figure = first.cash
            finding.verdict = .warned
            finding.words = "Not even \(decimal(first.cash, 0)) \(currency) keep half of the return \(model)."
            return (finding, rows)
        }
        let (below, above) = (rows[place - 1], rows[place])
        let weight = (below.totalReturn - half) / (below.totalReturn - above.totalReturn)
        let cash = exp(log(below.cash) + weight * (log(above.cash) - log(below.cash)))
        finding.figure = cash
        finding.verdict = cash >= own ? .passed : .warned
        finding.words =
            "About \(decimal(cash, 0)) \(currency) keep half of the return of \(percent(2 * half)) \(model)"
            + (cash < own ? "; it was tried with \(decimal(own, 0))." : ".")
        return (finding, rows)
    }

    private func row(_ cash: Double, _ share: Ratio, _ market: MarketSize) -> CapacityRow? {
        let currency = subject.configuration.cash.currency
        let money = Money(units: Int128(cash) * Money.unitsPerWhole, currency)
        func sized(_ impact: Double) -> BacktestResult? {
            result {
                $0.cash = money
                $0.venue.participation = share
                let moved = $0.venue.slippage.units + Int64((impact * 1e8).rounded())
                $0.venue.slippage = Ratio(units: min(moved, Ratio.percent(50).units))
            }
        }
        guard let limited = sized(0) else { return nil }
        let notional = limited.trips.reduce(0.0) {
            $0 + Double($1.entryNotional.units) / Double(Money.unitsPerWhole)
        }
        let mean = limited.trips.isEmpty ? 0 : notional / Double(limited.trips.count)
        let filled = min(mean, market.volume * Double(share.units) / 1e8)
        let impact = market.deviation * (filled / market.volume).squareRoot()
        return sized(impact).map {
            CapacityRow(cash: cash, impact: impact, totalReturn: $0.metrics.totalReturn)
        }
    }
}

/// How wide and how big a market's candles are.
struct MarketSize {
    /// The deviation of a candle's move, as a share.
    let deviation: Double
    /// The mean volume of a candle, in the quote currency.
    let volume: Double
    /// The most cash whose quantities can be written down, with room to grow a hundredfold.
    let largestCash: Double

    init(_ series: CandleSeries) {
        let instrument = series.instrument
        let prices = pow(10, Double(instrument.priceScale))
        let quantities = pow(10, Double(instrument.quantityScale))
        var (squares, sum, lowest) = (0.0, 0.0, Double.infinity)
        for candle in series.candles {
            let range = log(Double(candle.high.mantissa) / Double(candle.low.mantissa))
            squares += range * range
            sum += Double(candle.close.mantissa) / prices * Double(candle.volume.mantissa) / quantities
            lowest = min(lowest, Double(candle.low.mantissa) / prices)
        }
        let count = Double(max(series.candles.count, 1))
        deviation = (squares / count / (4 * log(2.0))).squareRoot()
        volume = sum / count
        largestCash = lowest * Double(Int64.max) / quantities / 100
    }
}
