import Glibc
import Testing

/// Holds a write lock on a database as another program does, by SQLite's own functions.
final class ForeignLock {
    private typealias Open = @convention(c) (UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>) -> Int32
    private typealias Exec =
        @convention(c) (
            OpaquePointer?, UnsafePointer<CChar>, OpaquePointer?, OpaquePointer?, OpaquePointer?
        ) -> Int32
    private typealias Close = @convention(c) (OpaquePointer?) -> Int32

    private let library: UnsafeMutableRawPointer
    private var database: OpaquePointer?

    init(path: String) throws {
        library = try #require(dlopen("libsqlite3.so.0", RTLD_NOW))
        let open = unsafeBitCast(try #require(dlsym(library, "sqlite3_open")), to: Open.self)
        #expect(open(path, &database) == 0)
        // The engine may be writing just now.
        try run("PRAGMA busy_timeout = 10000")
        try run("BEGIN IMMEDIATE")
    }

    func run(_ sql: String) throws {
        let exec = unsafeBitCast(try #require(dlsym(library, "sqlite3_exec")), to: Exec.self)
        #expect(exec(database, sql, nil, nil, nil) == 0)
    }

    func release() throws {
        try run("COMMIT")
        let close = unsafeBitCast(try #require(dlsym(library, "sqlite3_close")), to: Close.self)
        _ = close(database)
    }
}
