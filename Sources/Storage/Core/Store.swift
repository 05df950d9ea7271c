import GRDB
import Glibc

/// Everything Wick remembers: candles, strategies, orders, results. One SQLite file in write-ahead mode.
///
/// Any thread may call it; a call blocks until it is done. Two processes may have the same file open: each sees what the
/// other committed, and `changes(since:)` tells cheaply whether there was anything. Every method that changes something
/// does so in one transaction, so a process that is killed leaves nothing half-written.
public final class Store: Sendable {
    /// The path of the database file, `:memory:` for one without a file.
    public let path: String
    let writer: any DatabaseWriter

    /// How long a call waits for another process that is writing, in seconds.
    public static let patience: Double = 5

    /// Opens the store in `directory`, making directory and file where they are missing and bringing the schema up to
    /// date.
    ///
    /// - Throws: `StoreError`, as for a file that is damaged, that can't be written, or that a newer release wrote.
    public convenience init(directory: DataDirectory) throws(StoreError) {
        try directory.create()
        try self.init(path: directory.databasePath, directory: directory.path)
    }

    /// A store without a file, for tests and for runs that keep nothing.
    ///
    /// - Throws: `StoreError`.
    public static func inMemory() throws(StoreError) -> Store {
        do {
            return try Store(writer: DatabaseQueue(configuration: configuration()), path: ":memory:")
        } catch {
            throw StoreError(error, path: ":memory:")
        }
    }

    init(path: String, directory: String, upTo version: Int? = nil) throws(StoreError) {
        self.path = path
        do {
            // Two processes that open a new file at once must not both switch its mode and build its tables.
            let guardian = try OpeningLock(directory: directory)
            defer { guardian.release() }
            let pool = try DatabasePool(path: path, configuration: Store.configuration())
            try Schema.prepare(pool, path: path, upTo: version)
            writer = pool
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private init(writer: any DatabaseWriter, path: String) throws {
        self.path = path
        self.writer = writer
        try Schema.prepare(writer, path: path, upTo: nil)
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "wick"
        configuration.busyMode = .timeout(patience)
        configuration.maximumReaderCount = 4
        return configuration
    }

    /// Closes the file, with everything in it and no write-ahead log beside it unless another process has it open. Calls
    /// after this throw.
    ///
    /// - Throws: `StoreError` when a read or write still runs.
    public func close() throws(StoreError) {
        // The pool closes its readers last, and they may not empty the log; a log that stays is read at the next start.
        if let pool = writer as? DatabasePool {
            _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        }
        do { try writer.close() } catch { throw StoreError(error, path: path) }
    }

    /// What is damaged in the file, a sentence each; empty for a sound one. Reads the whole file, about a second a
    /// gigabyte.
    ///
    /// - Throws: `StoreError` when the file can't be read at all.
    public func damages() throws(StoreError) -> [String] {
        try read { try String.fetchAll($0, sql: "PRAGMA integrity_check").filter { $0 != "ok" } }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try writer.read(body) } catch { throw StoreError(error, path: path) }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try writer.write(body) } catch { throw StoreError(error, path: path) }
    }
}

/// Held while a store is opened: one process at a time.
struct OpeningLock {
    private let descriptor: Int32

    init(directory: String) throws(StoreError) {
        descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StoreError(.cannotOpen, path: directory, detail: String(cString: strerror(errno)))
        }
        // Polled rather than blocking, so that a process stopped in the middle can't hold up others for ever.
        var waited = 0.0
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, waited < Store.patience else {
                Glibc.close(descriptor)
                throw StoreError(.locked, path: directory, detail: "another process is opening it")
            }
            usleep(10_000)
            waited += 0.01
        }
    }

    func release() { Glibc.close(descriptor) }
}
