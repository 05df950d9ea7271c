import ArgumentParser
import Engine
import Market
import Settings
import Storage

/// Where a command finds its data and its configuration.
struct DataOptions: ParsableArguments {
    @Option(name: .customLong("data-dir"), help: "The data directory (default: $XDG_DATA_HOME/wick).")
    var dataDirectory: String?

    /// The data directory.
    var directory: DataDirectory {
        DataDirectory.data(override: dataDirectory, environment: Environment.variables)
    }

    /// The store, opened; made where there is none yet.
    func store() throws -> Store {
        do {
            try directory.create()
            return try Store(directory: directory)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Does something with the store and turns its errors into failures.
    func withStore<Result>(_ body: (Store) throws -> Result) throws -> Result {
        let store = try store()
        do {
            return try body(store)
        } catch let error as StoreError {
            throw CommandFailure(error)
        }
    }
}

/// How a command prints.
struct PrintOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print JSON for programs instead of a table.")
    var isJSON = false
}
