import Bytes
import Journal
import Market
public import Storage

/// The store of an account on which no engine runs, brought up to its journal: what a command shows then is what the
/// engine knew, not only what it had got round to storing.
public enum OfflineStore {
    /// Takes into a store what the journal holds beyond it.
    ///
    /// Does nothing while an engine runs, which sees to it itself, and where there is no journal. Takes the engine's lock
    /// while it works, so that none starts in between.
    ///
    /// - Parameters:
    ///   - directory: the account's directory.
    ///   - root: the data directory that it belongs to.
    /// - Returns: how many rows were taken in.
    /// - Throws: `EngineError` when journal or store can't be read or written.
    @discardableResult
    public static func catchUp(
        _ store: Store, in directory: DataDirectory, locking root: DataDirectory
    ) throws(EngineError) -> Int {
        guard let image = try newestImage(EngineJournal.path(directory)) else { return 0 }
        // Nothing to take in, which is the rule, needs no lock.
        guard try hasRecords(beyond: store, in: directory) else { return 0 }
        // Whoever holds the lock is an engine or another command that does the same.
        guard let lock = try? EngineLock(directory: root, isEngine: false) else { return 0 }
        defer { lock.release() }
        let place: UInt64
        let table: InstrumentTable
        do throws(StoreError) {
            place = try store.projected()
            table = try store.declare(image.instruments)
        } catch {
            throw .store(reason: error.description)
        }
        let records: JournalRecords
        do throws(JournalError) {
            records = JournalRecords(
                try JournalReader(
                    directory: EngineJournal.path(directory), stream: .decisions, from: place + 1, verifies: false))
        } catch {
            throw .journal(error)
        }
        let outcome = StoreCatchUp(store: store, table: table).run(records, from: place)
        if let error = records.error { throw .journal(error) }
        if let problem = outcome.problem { throw .store(reason: problem) }
        return outcome.count
    }

    private static func hasRecords(beyond store: Store, in directory: DataDirectory) throws(EngineError) -> Bool {
        let place: UInt64
        do throws(StoreError) { place = try store.projected() } catch { throw .store(reason: error.description) }
        do throws(JournalError) {
            let records = JournalRecords(
                try JournalReader(
                    directory: EngineJournal.path(directory), stream: .decisions, from: place + 1, verifies: false))
            while let record = records.next() {
                if RecorderEntry(record) != nil { return true }
            }
        } catch {
            throw .journal(error)
        }
        return false
    }

    /// The newest checkpoint's image; `nil` where there is no journal yet.
    private static func newestImage(_ path: String) throws(EngineError) -> EngineImage? {
        let loaded: LoadedCheckpoint?
        do throws(JournalError) { loaded = try JournalCheckpoint.newest(in: path) } catch {
            if error.isDamage { throw .journal(error) }
            return nil
        }
        guard let loaded else { return nil }
        var reader = ByteReader(loaded.body)
        return try? EngineImage(from: &reader)
    }
}
