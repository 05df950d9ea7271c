public import Market
public import Storage

/// Where the rules of strategies come from: the store remembers the file of each by the strategy's name, so that it is
/// known again after a restart.
public enum RulesFile {
    private static func key(_ strategy: String) -> String { "rules-file.\(strategy)" }

    /// Remembers the file of a strategy by its absolute path; `nil` forgets it.
    ///
    /// - Throws: `StoreError`.
    public static func remember(
        _ path: String?, of strategy: String, in store: Store, at now: Timestamp
    ) throws(StoreError) {
        try store.setValue(path, for: key(strategy), at: now)
    }

    /// The file of a strategy; `nil` where none is known.
    ///
    /// - Throws: `StoreError`.
    public static func path(of strategy: String, in store: Store) throws(StoreError) -> String? {
        try store.value(for: key(strategy))
    }
}

/// What is done when the file of a strategy's rules changes.
public struct RulesReload: Sendable {
    /// The ways to go about it.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// Checks the file and says so; a person loads it.
        case ask
        /// Checks the file and loads it at once, with an alert; with real money it asks all the same.
        case auto
        /// Looks at no file.
        case off
    }

    /// What a file says.
    public enum Reading: Sendable, Hashable {
        /// Rules without a mistake: the name of their class, which is their text.
        case rules(String)
        /// What is wrong, with line and column.
        case wrong(String)
    }

    /// How it is gone about.
    public var mode: Mode
    /// Reads and checks a file of rules, on a thread of its own.
    public var read: @Sendable (_ path: String) -> Reading

    /// A way of its parts.
    public init(mode: Mode, read: @escaping @Sendable (_ path: String) -> Reading) {
        self.mode = mode
        self.read = read
    }
}

/// What the screen says of the file of a strategy's rules when it is not what the strategy runs.
public enum RulesNotice: Sendable, Hashable {
    /// The file has other rules, which were checked: the name of their class, which is their text.
    case changed(file: String, className: String)
    /// The file has mistakes; the strategy goes on with the rules it has.
    case wrong(file: String, problem: String)
}
