public import Market
import Trading

/// Whether a strategy may trade with real money: what it must show, and what there is.
///
/// Of each check the newest evidence counts that is about the same class, instrument, candles and parameters. A waiver that
/// is about all of that stands for everything.
public struct EvidenceGate: Sendable, Hashable {
    /// How old evidence may be, in days.
    public var days: Int

    /// How old it may be where nothing else is said.
    public static let usualDays = 90

    /// A gate that takes evidence of so many days.
    public init(days: Int = usualDays) { self.days = days }

    /// What is asked about: a strategy as registered.
    public struct Subject: Sendable, Hashable {
        /// The name people gave it.
        public var name: String
        /// The class; of rules their whole text.
        public var className: String
        /// The values of all its parameters.
        public var values: [Double]
        /// Their names.
        public var names: [String]
        /// The series, `BINANCE:BTCUSDT`.
        public var series: String
        /// The candles.
        public var timeframe: Timeframe

        /// A strategy of its parts.
        public init(
            name: String, className: String, parameters: [(name: String, value: Double)], series: String,
            timeframe: Timeframe
        ) {
            self.name = name
            self.className = className
            names = parameters.map(\.name)
            values = parameters.map(\.value)
            self.series = series
            self.timeframe = timeframe
        }

        /// The parameters by name.
        public var parameters: [(name: String, value: Double)] { zip(names, values).map { ($0, $1) } }

        /// The command that makes evidence for a check.
        public func command(for check: EvidenceCheck) -> String {
            let candles = "--symbol \(series) --timeframe \(timeframe)"
            let isRules = className.utf8.contains(0x0A)
            let strategy = isRules ? "--rules FILE" : "--strategy \(className)"
            switch check {
            case .walkForward:
                return "wick backtest walk-forward \(candles) \(strategy) --train 90d --test 30d"
            case .deflatedSharpe, .overfitting: return "wick backtest optimize \(candles) \(strategy)"
            case .delay, .truncation:
                let values = parameters.map { parameter in
                    let whole = Int64(exactly: parameter.value).map(String.init) ?? "\(parameter.value)"
                    return " --param \(parameter.name)=\(whole)"
                }
                return "wick backtest audit \(candles) \(strategy)" + values.joined()
            case .waiver: return "wick strategy enable \(name) --waive REASON"
            }
        }
    }

    /// What stands of one check.
    public struct Standing: Sendable, Hashable {
        /// Which.
        public var check: EvidenceCheck
        /// The newest evidence of it; `nil` without any.
        public var record: EvidenceRecord?
        /// Whether that is too old.
        public var isStale: Bool

        /// Whether it speaks for the strategy.
        public var isMet: Bool { record?.passed == true && !isStale }

        /// What is missing, in words; `nil` where nothing is.
        public var problem: String? {
            if isMet { return nil }
            guard let record else { return "\(check.rawValue): there is none" }
            if isStale { return "\(check.rawValue): that of \(record.time.date) is too old" }
            return "\(check.rawValue): \(record.detail)"
        }
    }

    /// What there is of each check, and the waiver that stands for them, where there is one.
    public func standings(
        of subject: Subject, _ records: [EvidenceRecord], at now: Timestamp
    ) -> (checks: [Standing], waiver: EvidenceRecord?) {
        let oldest = now.adding(seconds: -Int64(days) * 86_400)
        let matching = records.filter {
            $0.className == subject.className && $0.series == subject.series && $0.timeframe == subject.timeframe
                && $0.parameters.hold(subject.parameters)
        }.sorted { ($0.time, $0.id) > ($1.time, $1.id) }
        let checks = EvidenceCheck.allCases.filter { $0 != .waiver }.map { check in
            let record = matching.first { $0.check == check }
            return Standing(check: check, record: record, isStale: record.map { $0.time < oldest } ?? false)
        }
        let waiver = matching.first { $0.check == .waiver && $0.time >= oldest }
        return (checks, waiver)
    }

    /// Why the strategy may not trade with real money, in words that name what is missing and the commands that make it;
    /// `nil` when it may.
    public func denial(of subject: Subject, _ records: [EvidenceRecord], at now: Timestamp) -> String? {
        let (checks, waiver) = standings(of: subject, records, at: now)
        let missing = checks.filter { !$0.isMet }
        guard waiver == nil, !missing.isEmpty else { return nil }
        var commands: [String] = []
        for check in missing.map({ subject.command(for: $0.check) }) where !commands.contains(check) {
            commands.append(check)
        }
        return EvidenceDenial.start(subject.name)
            + missing.compactMap(\.problem).joined(separator: EvidenceDenial.separator) + EvidenceDenial.end
            + commands.joined(separator: "; ") + ". Or answer for it: " + subject.command(for: .waiver)
    }
}

/// The words of a denial, for who says it and for who shows it.
public enum EvidenceDenial {
    static let separator = "; "
    static let end = ". Make it with: "

    /// How the denial of a strategy begins.
    public static func start(_ name: String) -> String { "\(name) lacks evidence for trading with real money: " }

    /// What is missing, of a denial without its beginning.
    public static func missing(_ text: some StringProtocol) -> [String] {
        let whole = String(text)
        let problems = whole.firstRange(of: end).map { whole[..<$0.lowerBound] } ?? whole[...]
        return problems.split(separator: separator).map(String.init)
    }
}
