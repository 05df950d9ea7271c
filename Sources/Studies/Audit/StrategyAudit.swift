public import Backtesting

/// Looks into a strategy: whether it knows of the future, and how far its result holds.
///
/// The hunters compare decisions, not results: signals and orders as the kernel wrote them down. Everything depends on
/// the subject and the options alone, not on the count of threads.
public struct StrategyAudit: Sendable {
    private let subject: AuditSubject
    private let options: AuditOptions

    /// An audit of a strategy.
    public init(_ subject: AuditSubject, options: AuditOptions = AuditOptions()) {
        self.subject = subject
        self.options = options
    }

    /// Makes all checks.
    ///
    /// - Parameters:
    ///   - workers: how many threads, 1 or more.
    ///   - progress: called some times a second with the share done, 0…1, and what is being checked.
    ///   - isCancelled: asked often, on all threads.
    /// - Returns: `nil` when it was cancelled.
    /// - Throws: `BacktestError.invalid` when the run can't be made.
    public func run(
        workers: Int, progress: (Double, AuditCheck) -> Void = { _, _ in }, isCancelled: @escaping @Sendable () -> Bool
    ) throws(BacktestError) -> AuditReport? {
        let problems = subject.configuration(for: subject.series).problems(for: subject.series)
        guard problems.isEmpty else { throw .invalid(problems) }
        let stretch = subject.stretch(options.candles)
        let cuts = CutHunters(subject: stretch, options: options, workers: workers, isCancelled: isCancelled)
        let noise = NoiseHunter(subject: stretch, options: options, workers: workers, isCancelled: isCancelled)
        let strength = StrengthChecks(subject: subject, options: options, workers: workers, isCancelled: isCancelled)
        progress(0, .repetition)
        guard let reference = cuts.reference() else { return nil }
        var findings: [AuditFinding] = []
        func share(_ check: AuditCheck, _ done: Int, _ count: Int) {
            let place = AuditCheck.allCases.firstIndex(of: check) ?? 0
            let within = min(Double(done) / Double(max(count, 1)), 1)
            progress((Double(place) + within) / Double(AuditCheck.allCases.count), check)
        }
        for check in AuditCheck.allCases {
            share(check, 0, 1)
            let found: AuditFinding?
            switch check {
            case .repetition: found = cuts.repetition(reference)
            case .truncation: found = cuts.truncation(reference) { share(check, $0, options.cuts) }
            case .futureShuffle: found = cuts.futureShuffle(reference) { share(check, $0, options.cuts) }
            case .delay:
                found = DelayHunter(subject: subject, workers: workers, isCancelled: isCancelled).finding()
            case .noise: found = noise.finding { share(check, $0, options.noises) }
            case .otherCandles: found = noise.otherCandles(reference)
            case .warmUp:
                let warmUp = WarmUpCheck(subject: stretch, workers: workers, isCancelled: isCancelled)
                found = warmUp.finding { share(check, $0, 10) }
            case .plateau, .costs, .capacity: continue
            }
            guard let found, !isCancelled() else { return nil }
            findings.append(found)
        }
        share(.plateau, 0, 1)
        guard let plateau = strength.plateau({ share(.plateau, $0, $1) }) else { return nil }
        share(.costs, 0, 1)
        guard let costs = strength.costs() else { return nil }
        share(.capacity, 0, 1)
        guard let capacity = strength.capacity() else { return nil }
        guard !isCancelled() else { return nil }
        return AuditReport(
            findings: findings + [plateau.finding, costs.finding, capacity.finding], costs: costs.rows,
            sizes: capacity.rows, neighbours: plateau.rows)
    }
}
