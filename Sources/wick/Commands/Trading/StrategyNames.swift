import Storage
import Trading

/// The names of strategies by their numbers, removed ones included.
struct StrategyNames {
    private var names: [StrategyID: String] = [:]

    init(_ store: Store) throws {
        for record in try store.strategies(includingRemoved: true) { names[record.id] = record.name }
    }

    /// The name of an owner; `manual` for the person at the keyboard.
    subscript(_ id: StrategyID) -> String { id == .manual ? "manual" : names[id] ?? "\(id.rawValue)" }
}
