import Glibc
public import Market

/// The emergency stop's latch: a file `HALTED` in the data directory that says so by being there.
///
/// It is written directly and synced, beside the store's own record, so that a stop outlives a dead database, a killed
/// process and a restart. An engine that finds it starts halted.
public enum EmergencyLatch {
    /// The file's name within the data directory.
    public static let fileName = "HALTED"

    /// Sets the latch: writes when and from where, and syncs. Setting it twice keeps the newer text.
    ///
    /// - Throws: `EngineError.unusableDirectory` when the file can't be written.
    public static func set(directory: String, origin: String, time: Timestamp) throws(EngineError) {
        let path = path(directory)
        let text =
            "emergency stop at \(time) by \(origin.filter { !$0.isNewline })\nre-arm in the workstation or with 'wick rearm'\n"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard bytes.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == bytes.count,
            fsync(descriptor) == 0
        else { throw failure(path) }
        // The name is durable only when the directory is.
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    /// Whether the latch is set. A file that can't be looked at counts as set: in doubt, stop opening.
    public static func isSet(directory: String) -> Bool {
        access(path(directory), F_OK) == 0 || errno != ENOENT
    }

    /// Takes the latch away; one that is not there is fine.
    ///
    /// - Throws: `EngineError.unusableDirectory` when it can't be removed.
    public static func clear(directory: String) throws(EngineError) {
        let path = path(directory)
        guard unlink(path) == 0 || errno == ENOENT else { throw failure(path) }
    }

    private static func path(_ directory: String) -> String { directory + "/" + fileName }

    private static func failure(_ path: String) -> EngineError {
        .unusableDirectory(path: path, reason: String(cString: strerror(errno)))
    }
}
