import ArgumentParser
import Engine
import Market
import Storage

/// Where a command finds its data.
struct DataOptions: ParsableArguments {
    @Option(
        name: .customLong("data-dir"),
        help: ArgumentHelp("The data directory (default: $XDG_DATA_HOME/wick).", valueName: "directory"),
        completion: .directory)
    var dataDirectory: String?

    /// The data directory.
    var directory: DataDirectory {
        DataDirectory.data(override: dataDirectory, environment: Environment.variables)
    }

    /// The directory of the account that is traded on, or was last: see `DataDirectory.account(named:)`.
    var accountDirectory: DataDirectory { directory.account(named: directory.lastAccount) }

    /// The store of candles and backtests, opened; made where there is none yet.
    func store() throws -> Store { try Store(directory: directory) }

    /// The store of the account: orders, positions, strategies, alerts.
    func accountStore() throws -> Store { try Store(directory: accountDirectory) }

    /// The account's store as it is shown while no engine runs: with what the journal of a killed one holds beyond it.
    func storeUpToJournal() throws -> Store {
        let account = accountDirectory
        let store = try Store(directory: account)
        if EngineLock.runningEngine(in: directory) == nil {
            try OfflineStore.catchUp(store, in: account, locking: directory)
        }
        return store
    }

    /// Does something with the account's store.
    func withAccount<Result>(_ body: (Store) throws -> Result) throws -> Result { try body(accountStore()) }

    /// A connection to the engine that runs on the data directory.
    ///
    /// - Throws: `EngineClientError.noEngine` when none runs.
    func engine(timeoutSeconds: Double = 10) throws -> EngineClient {
        try EngineClient(dataDirectory: directory.path, timeoutSeconds: timeoutSeconds)
    }

    /// A connection to the running engine, or `nil` when none runs.
    func runningEngine() throws -> EngineClient? {
        do throws(EngineClientError) {
            return try EngineClient(dataDirectory: directory.path)
        } catch {
            if case .noEngine = error { return nil }
            throw error
        }
    }
}

/// How a command prints.
struct PrintOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print JSON for programs instead of a table.")
    var isJSON = false
}

/// Which candles a command is about.
struct SeriesOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The venue, as binance.", valueName: "venue"))
    var venue: String?

    @Option(help: ArgumentHelp("The symbol, as BTCUSDT, or VENUE:SYMBOL in one.", valueName: "symbol"))
    var symbol: String?

    /// Venue and symbol, both in capitals and either unknown when it was not said.
    var names: (venue: String?, symbol: String?) {
        guard let symbol else { return (venue?.uppercased(), nil) }
        let parts = symbol.uppercased().split(separator: ":", maxSplits: 1)
        if parts.count == 2, venue == nil { return (String(parts[0]), String(parts[1])) }
        return (venue?.uppercased(), symbol.uppercased())
    }

    /// What is missing or wrong of venue and symbol, in words.
    var problems: [String] {
        if let twice { return [twice] }
        return [
            SeriesOptions.symbolProblem(names.symbol), SeriesOptions.venueProblem(names.venue),
        ].compactMap { $0 }
    }

    /// What is wrong with the names that were said; missing ones are fine.
    var namingProblems: [String] {
        if let twice { return [twice] }
        return [
            names.symbol.flatMap(SeriesOptions.symbolProblem), names.venue.flatMap(SeriesOptions.venueProblem),
        ].compactMap { $0 }
    }

    /// What is wrong where both options say the venue.
    private var twice: String? {
        guard venue != nil, let symbol, symbol.contains(":") else { return nil }
        return
            "--venue: the venue is given twice, --symbol '\(Table.plain(symbol))' says one as well; expected one of the two"
    }

    /// What is wrong with a symbol in capitals; `nil` when nothing is.
    static func symbolProblem(_ name: String?) -> String? {
        problem("--symbol", name, "a symbol such as BTCUSDT", also: "/")
    }

    /// What is wrong with a venue in capitals; `nil` when nothing is.
    static func venueProblem(_ name: String?) -> String? { problem("--venue", name, "a venue such as binance") }

    private static func problem(
        _ option: String, _ name: String?, _ expected: String, also more: String = ""
    ) -> String? {
        guard let name else { return "\(option): missing; expected \(expected)" }
        let isName = name.unicodeScalars.allSatisfy {
            ("A"..."Z").contains($0) || ("0"..."9").contains($0) || ("-_." + more).unicodeScalars.contains($0)
        }
        if isName, (1...32).contains(name.utf8.count) { return nil }
        return "\(option): '\(Table.plain(name))' is no name; expected \(expected), at most 32 letters and digits"
    }
}

/// From when to when.
struct SpanOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The first candle's open at the earliest, 2023-01-01 or 2023-01-01T12:00, UTC.",
            valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("The end, exclusive, written like --from.", valueName: "time"))
    var to: String?

    /// The span, what can't be read being added to the problems.
    func span(_ problems: inout [String]) -> (from: Timestamp?, to: Timestamp?) {
        func time(_ option: String, _ text: String?) -> Timestamp? {
            guard let text else { return nil }
            if let time = Timestamp(iso8601: text), Timestamp.plausible.contains(time) { return time }
            problems.append("\(option): '\(text)' is no time; expected 2023-01-01 or 2023-01-01T12:00, 2009 to 2099")
            return nil
        }
        let span = (from: time("--from", from), to: time("--to", to))
        if let from = span.from, let to = span.to, from >= to {
            problems.append("--to: \(to) is not after --from \(from)")
        }
        return span
    }
}

extension Timestamp {
    /// The time that an option says; `nil`, and a problem, when it says none.
    static func option(_ name: String, _ text: String?, _ problems: inout [String]) -> Timestamp? {
        guard let text else { return nil }
        if let time = Timestamp(iso8601: text) { return time }
        problems.append("\(name): '\(Table.plain(text))' is no time; expected 2023-01-01 or 2023-01-01T12:00")
        return nil
    }
}

extension Timeframe {
    /// The timeframe that an option says; `nil`, and a problem, when it says none that there is.
    static func option(_ text: String?, _ problems: inout [String]) -> Timeframe? {
        guard let text else { return nil }
        if let timeframe = Timeframe(text) { return timeframe }
        let known = all.map(\.description).joined(separator: " ")
        problems.append("--timeframe: '\(text)' is none of \(known)")
        return nil
    }
}
