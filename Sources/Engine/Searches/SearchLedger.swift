import Storage
import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The trials of a study as the screen shows them, read from the store's records once each.
struct SearchLedger {
    private struct Place: Hashable {
        var window: Int
        var number: Int
    }

    private let descriptors: [ParameterDescriptor]
    private let names: [String]
    private var known: Set<Place> = []
    /// The trials, by window and number.
    private(set) var trials: [SearchTrial] = []

    /// A ledger of a study that varies these parameters.
    init(varying names: [String], of descriptors: [ParameterDescriptor]) {
        self.names = names
        self.descriptors = descriptors
    }

    /// Takes what is new of the records; those beyond what the screen shows are left out.
    ///
    /// - Returns: whether any was new.
    mutating func take(_ records: [TrialRecord]) -> Bool {
        let before = trials.count
        for record in records where trials.count < SearchRequest.mostTrials {
            guard known.insert(Place(window: record.stage, number: record.number)).inserted else { continue }
            trials.append(trial(record))
        }
        guard trials.count > before else { return false }
        trials.sort { ($0.window, $0.number) < ($1.window, $1.number) }
        return true
    }

    /// The best trial that ran to its end and kept the constraints, by its place; of equals the earlier one.
    var best: Int? {
        var best: Int?
        for (place, trial) in trials.enumerated() where trial.state == .complete {
            guard let objective = trial.objective else { continue }
            if best.flatMap({ trials[$0].objective }).map({ objective > $0 }) ?? true { best = place }
        }
        return best
    }

    private func trial(_ record: TrialRecord) -> SearchTrial {
        let parameters = decoded(record.parameters)
        let figures = decoded(record.metrics)
        var trial = SearchTrial(
            window: record.stage, number: record.number, state: SearchLedger.state(record.state),
            values: names.map { name in
                guard let value = parameters[name] ?? nil else { return "" }
                return descriptors.first { $0.name == name }?.text(value) ?? "\(value)"
            }, objective: record.objective)
        trial.totalReturn = figures["total_return"] ?? nil
        trial.sharpe = figures["sharpe"] ?? nil
        trial.drawdown = figures["max_drawdown"] ?? nil
        trial.trips = figures["trade_count"] ?? nil
        return trial
    }

    private func decoded(_ text: String) -> [String: Double?] {
        (try? JSONDecoder().decode([String: Double?].self, from: Data(text.utf8))) ?? [:]
    }

    private static func state(_ state: TrialRecord.State) -> SearchTrial.State {
        switch state {
        case .complete: .complete
        case .pruned: .pruned
        case .infeasible: .infeasible
        case .undefined: .undefined
        case .invalid: .invalid
        }
    }
}
