public import Market
import Trading

extension PortfolioConfiguration {
    /// Everything that stands against a run over `series`, in words, each beginning with what it is about; empty when it
    /// can run.
    public func problems(for series: [CandleSeries]) -> [String] {
        var problems = venue.problems + conditions.problems
        if cash.units <= 0 { problems.append("cash: \(cash) is not positive") }
        if strategies.isEmpty { problems.append("strategies: there is none") }
        for strategy in strategies { problems += self.problems(of: strategy, series) }
        problems += numberingProblems + capitalProblems + seriesProblems(series)
        return problems
    }

    private func problems(of strategy: PortfolioStrategy, _ series: [CandleSeries]) -> [String] {
        var problems: [String] = []
        if !(1...1_000_000).contains(strategy.number) {
            problems.append("number: \(strategy.number) is out of range; expected 1 to 1000000")
        }
        let strategyClass = catalog.strategyClass(named: strategy.strategy)
        if let strategyClass {
            do {
                _ = try strategyClass.make(strategy.parameters)
            } catch {
                problems += error.problems.map { "param \($0.description)" }
            }
        } else {
            let known = catalog.classes.map { $0.descriptor.name }.joined(separator: ", ")
            problems.append(
                "strategy: there is no class '\(StrategyClass.title(of: strategy.strategy))'; known: \(known)")
        }
        switch strategy.sizing {
        case .allIn: break
        case .quantity(let quantity):
            if quantity.mantissa <= 0 { problems.append("sizing: a fixed quantity must be positive") }
        case .equityShare(let share):
            if share <= .zero || share > .one {
                problems.append("sizing: \(share) is out of range; expected above 0% and up to 100%")
            }
        }
        if strategy.capitalShare <= .zero || strategy.capitalShare > .one {
            problems.append("capital-share: \(strategy.capitalShare) is out of range; expected above 0% and up to 100%")
        }
        if let base = PortfolioMarket.base(of: strategy.instrument, in: series), !base.candles.isEmpty {
            problems += timeframeProblems(strategy, strategyClass, base, series)
        } else {
            problems.append("symbol: there are no candles of \(strategy.instrument)")
        }
        return problems.map { "\(strategy.name): \($0)" }
    }

    private func timeframeProblems(
        _ strategy: PortfolioStrategy, _ strategyClass: StrategyClass?, _ base: CandleSeries, _ series: [CandleSeries]
    ) -> [String] {
        let timeframe = strategy.timeframe ?? base.timeframe
        if let problem = strategyClass?.problem(with: timeframe) { return ["timeframe: \(problem)"] }
        let isGiven = series.contains { $0.instrument.name == strategy.instrument && $0.timeframe == timeframe }
        if isGiven || LongerCandles.canDerive(timeframe, from: base.timeframe) { return [] }
        return [
            "timeframe: there are no \(timeframe) candles of \(strategy.instrument), and none can be made of those of "
                + "\(base.timeframe)"
        ]
    }

    private var numberingProblems: [String] {
        var problems: [String] = []
        for (index, strategy) in strategies.enumerated() {
            if strategies[..<index].contains(where: { $0.name == strategy.name }) {
                problems.append("name: two strategies are called '\(strategy.name)'")
            }
            if strategies[..<index].contains(where: { $0.number == strategy.number }) {
                problems.append("number: two strategies have the number \(strategy.number)")
            }
        }
        return problems
    }

    private var capitalProblems: [String] {
        let sum = strategies.reduce(Int128(0)) { $0 + Int128($1.capitalShare.units) }
        guard capital == .split, sum > Int128(Ratio.one.units) else { return [] }
        return [
            "capital-share: the strategies have \(Ratio(units: Int64(clamping: sum))) together; expected 100% at most, "
                + "as nothing can be spent twice"
        ]
    }

    private func seriesProblems(_ series: [CandleSeries]) -> [String] {
        var problems: [String] = []
        for (index, one) in series.enumerated() {
            let sameName = series[..<index].filter { $0.instrument.name == one.instrument.name }
            if sameName.contains(where: { $0.timeframe == one.timeframe }) {
                problems.append("series: \(one.timeframe) candles of \(one.instrument.name) are given twice")
            } else if sameName.contains(where: { $0.instrument != one.instrument }) {
                problems.append("series: the rules of \(one.instrument.name) differ between its series")
            }
        }
        let bases = PortfolioMarket.bases(series, strategies).filter { !$0.candles.isEmpty }
        for base in bases where base.instrument.quote != cash.currency {
            problems.append(
                "cash: \(cash) is not in \(base.instrument.quote), the quote currency of \(base.instrument.name); one "
                    + "account trades one quote currency")
        }
        for detail in details {
            guard let base = bases.first(where: { $0.instrument.name == detail.instrument.name }) else { continue }
            problems += BacktestConfiguration.problems(of: detail, under: base).map {
                "\(base.instrument.name): \($0)"
            }
        }
        return problems + conditionProblems(bases) + overlapProblems(bases)
    }

    private func conditionProblems(_ bases: [CandleSeries]) -> [String] {
        var problems: [String] = []
        if conditions.margin != nil {
            for base in bases where !base.instrument.kind.allowsShort {
                problems.append("leverage: \(base.instrument.name) is traded for cash")
            }
        }
        if !fillsAlike(bases) {
            for (name, isSaid) in [("latency", conditions.latency != nil), ("sessions", conditions.sessions != nil)]
            where isSaid {
                problems.append("\(name): orders are filled on candles of several lengths; expected one, see --fills")
            }
        }
        return problems
    }

    /// Whether the orders of all instruments meet candles of one length.
    private func fillsAlike(_ bases: [CandleSeries]) -> Bool {
        let lengths = bases.map { base in
            details.first { $0.instrument.name == base.instrument.name }?.timeframe ?? base.timeframe
        }
        return lengths.allSatisfy { $0 == lengths.first }
    }

    /// A series that shares no time with any other makes two portfolios of one.
    private func overlapProblems(_ bases: [CandleSeries]) -> [String] {
        guard bases.count > 1 else { return [] }
        func span(_ series: CandleSeries) -> String {
            "\(series.candles[0].openTime) to \(series.closeOfLast ?? .epoch)"
        }
        return bases.indices.compactMap { index in
            let one = bases[index]
            guard let end = one.closeOfLast else { return nil }
            let isAlone = bases.indices.allSatisfy { other in
                other == index || bases[other].candles[0].openTime >= end
                    || (bases[other].closeOfLast ?? .epoch) <= one.candles[0].openTime
            }
            guard isAlone else { return nil }
            let others = bases.indices.filter { $0 != index }.map {
                "\(bases[$0].instrument.name) \(span(bases[$0]))"
            }
            return "series: \(one.instrument.name) (\(span(one))) shares no time with \(others.joined(separator: ", "))"
        }
    }
}
