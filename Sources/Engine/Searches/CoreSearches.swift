import Trading

// Searches as the snapshots show them.
extension EngineCore {
    /// Searches that are shown at most.
    private static let shownSearches = 60

    /// Connects the background searches.
    func connect(_ runner: SearchRunner) {
        runSearch = { runner.run($0) }
        cancelSearch = { runner.cancel($0) }
    }

    /// Shows the studies of the ledger behind the searches of this session.
    func searchesLoaded(_ views: [SearchView]) {
        let known = searches.map(\.id)
        searches += views.filter { !known.contains($0.id) }
        isChanged = true
    }

    /// Shows how a search stands; one that goes on with an older one takes its place.
    func searchChanged(_ view: SearchView, replacing id: Int64) {
        searches.removeAll { $0.id == view.id && $0.id != id }
        if let index = searches.firstIndex(where: { $0.id == id }) {
            searches[index] = view
        } else {
            searches.insert(view, at: 0)
        }
        if searches.count > EngineCore.shownSearches { searches.removeLast() }
        let name = view.name.isEmpty ? "the search" : "the search \(view.name)"
        switch view.state {
        case .done: notices.post(.info, "\(name) is done")
        case .failed(let reason): notices.post(.error, "\(name) failed: \(reason)")
        case .running, .cancelled, .interrupted, .kept: break
        }
        isChanged = true
    }
}
