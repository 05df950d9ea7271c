import Market
import Storage

/// The stores of a session: the data directory's own, and beside it that of the account, where it is another: a venue's
/// market has one of its own, a replay one that ends with it.
final class EngineStores: Sendable {
    /// Candles and backtests; the synthetic market's account, too.
    let data: Store
    /// The account, strategies and alerts of the session.
    let account: Store
    /// Whether the account ends with the session.
    let isEphemeral: Bool
    private let lock: EngineLock

    /// Takes the directory's lock and opens what is needed.
    ///
    /// - Throws: `EngineError.alreadyRunning` when another engine has the lock.
    init(_ configuration: EngineConfiguration) throws(EngineError) {
        do {
            lock = try EngineLock(directory: configuration.directory)
        } catch {
            guard error.kind == .engineRunning else {
                throw .unusableDirectory(path: configuration.directory.path, reason: error.description)
            }
            throw .alreadyRunning(directory: configuration.directory.path, detail: error.detail)
        }
        do {
            data = try Store(directory: configuration.directory)
            if case .replay = configuration.feed {
                account = try Store.inMemory()
                isEphemeral = true
            } else {
                account = configuration.account == nil ? data : try Store(directory: configuration.accountDirectory)
                isEphemeral = false
                try configuration.directory.remember(account: configuration.account)
            }
        } catch {
            lock.release()
            throw .store(reason: error.description)
        }
    }

    /// Gives a session its strategies: a replay those that trade the recorded instrument, an empty store the starters.
    func begin(
        _ instruments: [Instrument], _ configuration: EngineConfiguration, at now: Timestamp
    ) throws(EngineError) {
        do {
            if isEphemeral {
                let names = instruments.map(\.name)
                for strategy in try data.strategies() where names.contains(strategy.instrument.name) {
                    _ = try account.add(strategy, at: now)
                }
            }
            guard configuration.registersStarters, try account.strategies(includingRemoved: true).isEmpty else {
                return
            }
            for starter in StarterStrategies.records(instruments, configuration.catalog) {
                _ = try account.add(starter, at: now)
            }
        } catch {
            throw .store(reason: error.description)
        }
    }

    /// Closes the stores and gives the lock back.
    func close() {
        if account !== data { try? account.close() }
        try? data.close()
        lock.release()
    }
}
