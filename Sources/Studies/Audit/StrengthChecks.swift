import Backtesting
import Market
import Trading

/// How far a result holds: with other parameters, costs and amounts of money.
struct StrengthChecks: Sendable {
    let subject: AuditSubject
    let options: AuditOptions
    let workers: Int
    let isCancelled: @Sendable () -> Bool

    /// The share of the ratio that a neighbour must hold.
    static let held = 0.5
    /// The share of neighbours that must hold it.
    static let holders = 2.0 / 3

    /// The result of the subject with a change; `nil` when it was cancelled or can't run.
    func result(_ change: (inout BacktestConfiguration) -> Void) -> BacktestResult? {
        var configuration = subject.configuration(for: subject.series)
        configuration.keepsEquityCurve = false
        change(&configuration)
        return try? Backtest.run(subject.series, configuration, isCancelled: isCancelled)
    }

    // MARK: Parameters

    /// What the parameters around those of the subject bring.
    func plateau(_ meanwhile: (Int, Int) -> Void) -> (finding: AuditFinding, rows: [NeighbourRow])? {
        let neighbours = Neighbourhood(subject.configuration.parameters).parameters.filter(isPossible)
        var finding = AuditFinding(
            check: .plateau, verdict: .inconclusive, figure: nil, threshold: StrengthChecks.holders, unit: .share,
            words: "It has no parameters that could be moved.")
        let all = [subject.configuration.parameters] + neighbours
        let sharpes = Workers.map(
            all.count, workers: workers, meanwhile: { meanwhile($0, all.count) },
            work: { piece in result { $0.parameters = all[piece] }?.metrics.sharpe })
        if isCancelled() { return nil }
        let rows = zip(neighbours, sharpes.dropFirst()).map { neighbour, sharpe in
            NeighbourRow(
                parameters: neighbour.texts.map { "\($0.name)=\($0.text)" }.joined(separator: " "), sharpe: sharpe)
        }
        guard !rows.isEmpty else { return (finding, rows) }
        guard let own = sharpes[0], own > 0 else {
            finding.words = "Its own Sharpe ratio is not above 0: there is nothing for its neighbours to hold."
            return (finding, rows)
        }
        let sorted = rows.map { $0.sharpe ?? 0 }.sorted()
        let middle = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        let share = Double(sorted.count { $0 >= own * StrengthChecks.held }) / Double(sorted.count)
        finding.figure = share
        finding.verdict = share >= StrengthChecks.holders ? .passed : .warned
        finding.words =
            "\(percent(share)) of \(rows.count) neighbours hold half of its Sharpe ratio of \(decimal(own)); their median "
            + "is \(decimal(middle))"
            + (finding.verdict == .warned ? ": it stands on a peak, and peaks are luck more often than not." : ".")
        return (finding, rows)
    }

    private func isPossible(_ parameters: Parameters) -> Bool {
        let configuration = subject.configuration(for: subject.series)
        guard let strategyClass = configuration.catalog.strategyClass(named: configuration.strategy) else {
            return false
        }
        return (try? strategyClass.make(parameters)) != nil
    }

    // MARK: Costs

    private static let factors = [0.0, 1, 2, 4]
    /// The dearest side that a break-even is looked for at, in basis points.
    private static let dearest = 400.0

    /// What is left when all costs of trading are multiplied, and the costs at which nothing is.
    func costs() -> (finding: AuditFinding, rows: [CostRow])? {
        let rows = Workers.map(StrengthChecks.factors.count, workers: workers, meanwhile: { _ in }) {
            piece -> CostRow? in
            let factor = StrengthChecks.factors[piece]
            // Costs that no venue could charge make no run.
            guard let result = result({ $0 = $0.costs(times: factor) }) else { return nil }
            return CostRow(factor: factor, sharpe: result.metrics.sharpe, totalReturn: result.metrics.totalReturn)
        }.compactMap { $0 }
        guard let free = rows.first, let own = rows.first(where: { $0.factor == 1 }), !isCancelled() else { return nil }
        var finding = AuditFinding(
            check: .costs, verdict: .inconclusive, figure: nil, threshold: nil, unit: .basisPoints,
            words: "It brings \(percent(free.totalReturn)) even without costs.")
        guard free.totalReturn > 0 else { return (finding, rows) }
        guard let even = breakEven() else { return nil }
        finding.figure = even
        let limit = even >= StrengthChecks.dearest ? "beyond \(decimal(even, 0))" : decimal(even)
        let words = "It earns nothing any more at \(limit) basis points a side"
        guard own.totalReturn > 0 else {
            finding.words = words + "; its own costs are above that."
            return (finding, rows)
        }
        let doubled = rows.first { $0.factor == 2 }?.totalReturn ?? 0
        finding.verdict = doubled > 0 ? .passed : .warned
        finding.words = words + "; with its costs doubled it brings \(percent(doubled))."
        return (finding, rows)
    }

    /// The fee a side, without any other cost, at which the return is 0; in basis points, to a hundredth.
    private func breakEven() -> Double? {
        var (low, high) = (0.0, StrengthChecks.dearest)
        let parts = 10
        for _ in 0..<5 {
            let span = (low, high)
            let returns = Workers.map(parts, workers: workers, meanwhile: { _ in }) { piece -> Double? in
                let basisPoints = span.0 + (span.1 - span.0) * Double(piece + 1) / Double(parts)
                let fee = Ratio(units: Int64((basisPoints * 10_000).rounded()))
                return result { $0 = $0.costs(fee) }?.metrics.totalReturn
            }
            guard !isCancelled() else { return nil }
            guard let place = returns.firstIndex(where: { ($0 ?? -1) <= 0 }) else { return high }
            low = span.0 + (span.1 - span.0) * Double(place) / Double(parts)
            high = span.0 + (span.1 - span.0) * Double(place + 1) / Double(parts)
        }
        return (low + high) / 2
    }
}

/// The parameters around some: each moved alone by a tenth and by a fifth, and up to three of them together by a tenth;
/// by a step at least, and never out of their bounds.
struct Neighbourhood {
    let parameters: [Parameters]

    init(_ center: Parameters) {
        let movable = center.descriptors.indices.filter { place in
            let descriptor = center.descriptors[place]
            return !descriptor.isSwitch && descriptor.bounds.lowerBound < descriptor.bounds.upperBound
        }
        func moved(_ place: Int, _ share: Double, _ steps: Double) -> Double? {
            let descriptor = center.descriptors[place]
            let value = center.values[place]
            let distance = max(abs(value) * abs(share), descriptor.step * steps)
            let rounded = (distance / descriptor.step).rounded() * descriptor.step
            let result = share < 0 ? value - rounded : value + rounded
            return descriptor.bounds.contains(result) ? result : nil
        }
        var points: [[Double]] = []
        for place in movable {
            for (share, steps) in [(-0.2, 2.0), (-0.1, 1), (0.1, 1), (0.2, 2)] {
                guard let value = moved(place, share, steps) else { continue }
                var point = center.values
                point[place] = value
                points.append(point)
            }
        }
        if (2...3).contains(movable.count) {
            var corners = [center.values]
            for place in movable {
                corners = corners.flatMap { corner in
                    [-0.1, 0, 0.1].compactMap { share -> [Double]? in
                        guard share != 0 else { return corner }
                        guard let value = moved(place, share, 1) else { return nil }
                        var point = corner
                        point[place] = value
                        return point
                    }
                }
            }
            points += corners
        }
        var known = [center.values]
        var found: [Parameters] = []
        for point in points where !known.contains(point) {
            known.append(point)
            let texts = zip(center.descriptors, point).map { (name: $0.name, text: $0.text($1)) }
            if let parameters = try? Parameters(center.descriptors, overrides: texts) { found.append(parameters) }
        }
        parameters = found
    }
}
