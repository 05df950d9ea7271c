import Bytes
import Market
import Optimization
import Storage
import Strategies
import Studies
import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How searches stand in the store beside their trials, and back: what was asked, how it ended and what it was worth.
struct SearchArchive {
    let store: Store
    let catalog: StrategyCatalog

    /// Studies that a session begins with.
    static let shownStudies = 30
    /// Changes with the form of what is kept.
    private static let version = "1:"

    private static func key(_ name: String) -> String { "search.\(name)" }

    /// Keeps how a search stands; its trials are in the ledger and are not kept again.
    func keep(_ view: SearchView, at now: Timestamp) throws(StoreError) {
        var view = view
        view.board.trials = []
        view.board.best = nil
        var writer = ByteWriter()
        writer.value(view)
        let text = SearchArchive.version + Data(writer.bytes).base64EncodedString()
        try store.setValue(text, for: SearchArchive.key(view.name), at: now)
    }

    /// The newest studies. One that was running when its engine ended is said to be interrupted.
    func views() throws(StoreError) -> [SearchView] {
        var views: [SearchView] = []
        for study in try store.studies().prefix(SearchArchive.shownStudies) {
            guard var view = kept(study) ?? described(study) else { continue }
            if case .running = view.state { view.state = .interrupted }
            view.request.study = study.name
            let descriptors = catalog.strategyClass(named: study.className)?.descriptor.parameters ?? []
            var ledger = SearchLedger(varying: view.board.axes.map(\.name), of: descriptors)
            let records = try store.trials(of: study.id)
            _ = ledger.take(records)
            view.board.trials = ledger.trials
            view.board.trialCount = records.count
            view.board.best = view.request.kind == .walkForward ? nil : ledger.best
            views.append(view)
        }
        return views
    }

    private func kept(_ study: StudyRecord) -> SearchView? {
        guard let text = try? store.value(for: SearchArchive.key(study.name)), text.hasPrefix(SearchArchive.version),
            let data = Data(base64Encoded: String(text.dropFirst(SearchArchive.version.count)))
        else { return nil }
        var reader = ByteReader(Array(data))
        guard let view = try? reader.value(SearchView.self), reader.isAtEnd else { return nil }
        return SearchView(id: study.id, name: study.name, request: view.request, state: view.state, board: view.board)
    }

    /// A study of the ledger that another program began, as far as its definition says what it was.
    private func described(_ study: StudyRecord) -> SearchView? {
        guard let kind = SearchRequest.Kind(rawValue: study.kind),
            let strategyClass = catalog.strategyClass(named: study.className)
        else { return nil }
        func pairs(_ text: String) -> [(String, String)] {
            text.split(separator: " ").compactMap { part in
                let sides = part.split(separator: "=", maxSplits: 1)
                return sides.count == 2 ? (String(sides[0]), String(sides[1])) : nil
            }
        }
        var parameters: [String: String] = [:]
        let varied = pairs(study.defined("search"))
        for (name, value) in pairs(study.defined("parameters")) + varied { parameters[name] = value }
        let run = BacktestRequest(
            className: study.className, parameters: parameters, series: study.series, timeframe: study.timeframe,
            from: study.firstOpen, to: study.lastClose, cash: study.defined("cash"),
            feeBasisPoints: study.defined("fee-bps"), slippageBasisPoints: study.defined("slippage-bps"),
            sizing: study.defined("sizing"))
        var request = SearchRequest(kind, run)
        request.objective = study.defined("objective")
        request.constraints = study.defined("constraints").split(separator: ";").map {
            String($0.drop { $0 == " " })
        }
        request.sampler = study.defined("sampler")
        request.seed = study.seed
        request.batch = Int(study.defined("batch")) ?? 4
        request.isPruning = study.defined("prune") == "on"
        request.trials = Int(study.defined("trials")) ?? 100
        request.train = study.defined("train")
        request.test = study.defined("test")
        request.isAnchored = study.defined("anchored") == "on"
        request.purge = study.defined("purge")
        request.embargo = study.defined("embargo")
        var view = SearchView(id: study.id, name: study.name, request: request, state: .kept)
        let space = SearchText(
            varied.map { (name: $0.0, text: $0.1) }, of: strategyClass.descriptor.parameters
        ).space
        view.board.axes = space.axes(strategyClass.descriptor.parameters)
        return view
    }
}

extension SearchSpace {
    /// The dimensions with their values where those can be listed.
    func axes(_ descriptors: [ParameterDescriptor]) -> [SearchAxis] {
        dimensions.map { dimension in
            let descriptor = descriptors.first { $0.name == dimension.name }
            var values: [String] = []
            if let count = dimension.count, count <= SearchAxis.mostValues {
                values = (0..<count).map { place in
                    let value = dimension.value(at: place)
                    return descriptor?.text(value) ?? "\(value)"
                }
            }
            return SearchAxis(name: dimension.name, values: values)
        }
    }
}
