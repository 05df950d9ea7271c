import Engine
import Market

/// How a search is said to stand.
enum SearchWords {
    static func state(_ search: SearchView) -> ListCell {
        switch search.state {
        case .running(let ended, let total, let secondsLeft):
            if total == 0 { return ListCell("waits or begins", .statusWarn) }
            if ended == total { return ListCell("measuring", .statusWarn) }
            let left = secondsLeft.map { ", \(duration($0)) left" } ?? ""
            return ListCell("\(ended) of \(total)\(left)", .statusWarn)
        case .done: return ListCell("done", .statusOk)
        case .failed: return ListCell("failed", .statusBad)
        case .cancelled: return ListCell("cancelled at \(search.board.trialCount)", .textDim)
        case .interrupted: return ListCell("interrupted at \(search.board.trialCount)", .statusWarn)
        case .kept: return ListCell("\(search.board.trialCount) in the ledger", .textDim)
        }
    }

    static func duration(_ seconds: Double) -> String {
        Words.duration(Int64(seconds.isFinite ? min(max(seconds, 0), 1e9) : 0))
    }

    /// The value of an objective.
    static func objective(_ value: Double?) -> String { value.map { Words.fixed($0, 3) } ?? "–" }

    /// What became of a trial, where it did not simply end.
    static func remark(_ trial: SearchTrial) -> String {
        switch trial.state {
        case .complete: ""
        case .pruned: "given up"
        case .infeasible: "breaks a constraint"
        case .undefined: "undefined"
        case .invalid: "contradiction"
        }
    }
}

/// What can be done with a search and its trials.
enum SearchActions {
    /// Does an action on a search.
    ///
    /// - Parameter trial: the place of the trial that is meant.
    static func act(
        _ action: Action, _ search: SearchView, trial: Int?, _ view: ViewState, _ context: HandlerContext
    ) -> [Consequence]? {
        switch action {
        case .backtestCancel:
            guard case .running = search.state else {
                return [.toast(.info, "Only a search that waits or runs can be cancelled")]
            }
            return [.request(.cancelSearch(search.id))]
        case .backtestResume:
            if case .running = search.state { return [.toast(.info, "It runs")] }
            guard !search.name.isEmpty else { return [.toast(.info, "It never began; S begins it anew")] }
            var request = search.request
            request.study = search.name
            return [.request(.runSearch(request)), .toast(.info, "\(search.name) goes on")]
        case .backtestUse, .open:
            guard let values = parameters(search, trial, view) else {
                return [.toast(.info, "There are no parameters to take yet")]
            }
            if action == .backtestUse {
                return UseParameters.opening(search.request.run, values, view, context.snapshot)
            }
            guard !view.catalog.series.isEmpty else {
                return [.reloadCatalog, .toast(.warning, BacktestForm.noSeries)]
            }
            var run = search.request.run
            run.parameters = values
            return [.form(BacktestForm(view.catalog, start: run))]
        case .copy:
            guard let values = parameters(search, trial, view) else { return [] }
            return [.copy(values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "))]
        default: return nil
        }
    }

    /// The parameters of a trial, those that were not varied among them; of a walk-forward those of the window that is
    /// meant.
    static func parameters(_ search: SearchView, _ trial: Int?, _ view: ViewState) -> [String: String]? {
        var values: [String: String] = [:]
        for (name, text) in search.request.run.parameters where !SearchRequest.isRange(text) { values[name] = text }
        let board = search.board
        if search.request.kind == .walkForward, view.backtests.searchSection != .trials {
            let place =
                view.backtests.searchSection == .windows
                ? min(view.backtests.trip, board.windows.count - 1) : board.windows.count - 1
            guard board.windows.indices.contains(place), !board.windows[place].chosen.isEmpty else { return nil }
            for pair in board.windows[place].chosen {
                let sides = pair.split(separator: "=", maxSplits: 1)
                if sides.count == 2 { values[String(sides[0])] = String(sides[1]) }
            }
            return values
        }
        guard let trial, board.trials.indices.contains(trial) else { return nil }
        for (axis, text) in zip(board.axes, board.trials[trial].values) { values[axis.name] = text }
        return values
    }

    /// The trials from the best to the worst by their places, those that did not simply end behind.
    static func ranked(_ board: SearchBoard) -> [Int] {
        func rank(_ trial: SearchTrial) -> Int {
            switch trial.state {
            case .complete: trial.objective == nil ? 1 : 0
            case .undefined: 1
            case .infeasible: 2
            case .pruned: 3
            case .invalid: 4
            }
        }
        return board.trials.indices.sorted { a, b in
            let (one, two) = (board.trials[a], board.trials[b])
            if rank(one) != rank(two) { return rank(one) < rank(two) }
            let (first, second) = (one.objective ?? -.infinity, two.objective ?? -.infinity)
            return first == second ? a < b : first > second
        }
    }
}
