import GRDB

/// What went wrong with the store, where, and what to do about it.
public struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public var kind: Kind
    /// The file or directory it is about.
    public var path: String
    /// What was seen, in words.
    public var detail: String

    /// The kinds of trouble.
    public enum Kind: Sendable, Hashable {
        /// The disk (or a limit on the file) is full.
        case full
        /// Another process holds the file for longer than the time allowed.
        case locked
        /// The file is not a database, or a part of it is damaged.
        case corrupt
        /// The file or its directory can't be written.
        case readOnly
        /// The file or its directory can't be made or opened.
        case cannotOpen
        /// The file was written by a newer release.
        case newerSchema
        /// The disk failed.
        case inputOutput
        /// Another engine runs on the same data directory.
        case engineRunning
        /// What was asked for is not there.
        case notFound
        /// What was given contradicts what is stored.
        case conflict
        /// Anything else; a fault of the program.
        case failed
    }

    /// An error of its parts.
    public init(_ kind: Kind, path: String, detail: String) {
        self.kind = kind
        self.path = path
        self.detail = detail
    }

    /// An error of the database layer, classed by its result code.
    init(_ error: any Error, path: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(.failed, path: path, detail: String(describing: error))
            return
        }
        let kind: Kind
        switch error.resultCode {
        case .SQLITE_FULL: kind = .full
        case .SQLITE_BUSY, .SQLITE_LOCKED: kind = .locked
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: kind = .corrupt
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: kind = .readOnly
        case .SQLITE_CANTOPEN: kind = .cannotOpen
        case .SQLITE_IOERR: kind = .inputOutput
        case .SQLITE_CONSTRAINT: kind = .conflict
        default: kind = .failed
        }
        self.init(kind, path: path, detail: error.message ?? "SQLite error \(error.extendedResultCode.rawValue)")
    }

    /// What to do about it.
    public var advice: String {
        switch kind {
        case .full: return "free some space and try again; nothing was half-written"
        case .locked: return "another program holds the database; close it, or try again in a moment"
        case .corrupt:
            return
                "restore a backup, or move the file away and let Wick begin a new one; sqlite3's .recover may save data"
        case .readOnly: return "check who owns the file and its directory, or choose another with --data-dir"
        case .cannotOpen: return "check that the directory exists and may be written, or choose another with --data-dir"
        case .newerSchema: return "use the newer release of Wick, or another directory with --data-dir"
        case .inputOutput: return "check the disk and the system's log"
        case .engineRunning:
            return "use the commands beside it, stop it first, or choose another directory with --data-dir"
        case .notFound: return "see what there is with `wick data status` or `wick strategy list`"
        case .conflict: return "nothing was changed"
        case .failed: return "this is a fault of Wick; please report it with this message"
        }
    }

    /// The exit code after `sysexits.h` for a command that ends with this error.
    public var exitCode: Int32 {
        switch kind {
        case .locked, .engineRunning: return 75
        case .corrupt, .conflict: return 65
        case .notFound: return 66
        case .readOnly, .cannotOpen: return 73
        case .full, .inputOutput: return 74
        case .newerSchema: return 78
        case .failed: return 70
        }
    }

    /// What, where and what to do, in one line.
    public var description: String { "\(path): \(summary)\(detail.isEmpty ? "" : " (\(detail))"); \(advice)" }

    private var summary: String {
        switch kind {
        case .full: return "the disk is full"
        case .locked: return "the database is locked"
        case .corrupt: return "the file is damaged or not a database of Wick"
        case .readOnly: return "it can't be written"
        case .cannotOpen: return "it can't be opened"
        case .newerSchema: return "it was written by a newer release"
        case .inputOutput: return "reading or writing failed"
        case .engineRunning: return "an engine already runs on this data"
        case .notFound: return "what was asked for is not in it"
        case .conflict: return "it contradicts what is stored"
        case .failed: return "the store failed"
        }
    }
}
