import Glibc
import Synchronization

/// Makes sure that one engine at most runs on a data directory: a lock on its `engine.lock` that ends with the process,
/// however it ends. The file holds the engine's process number for people and for commands that signal it.
public final class EngineLock: Sendable {
    private let descriptor: Mutex<Int32>

    /// Whether the file says who holds it.
    private let isEngine: Bool

    /// How long somebody who is no engine may hold the lock while an engine starts, in milliseconds.
    private static let patience = 10_000

    /// Takes the lock.
    ///
    /// - Parameter isEngine: whether an engine takes it. A command that works on the store in an engine's place leaves no
    ///   number, and an engine that starts meanwhile waits for it.
    /// - Throws: `StoreError` of the kind `engineRunning`, naming the other engine's process number; or `cannotOpen`.
    public init(directory: DataDirectory, isEngine: Bool = true) throws(StoreError) {
        try directory.create()
        let path = directory.file("engine.lock")
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw StoreError(.cannotOpen, path: path, detail: String(cString: strerror(errno)))
        }
        guard EngineLock.takes(file, isPatient: isEngine) else {
            let holder = EngineLock.number(in: file).map { "process \($0)" } ?? "another process"
            close(file)
            throw StoreError(.engineRunning, path: path, detail: "\(holder) holds it")
        }
        if isEngine {
            let text = "\(getpid())\n"
            ftruncate(file, 0)
            let written = text.withCString { pwrite(file, $0, text.utf8.count, 0) }
            guard written == text.utf8.count else {
                let code = errno
                close(file)
                throw StoreError(.cannotOpen, path: path, detail: String(cString: strerror(code)))
            }
        }
        self.isEngine = isEngine
        descriptor = Mutex(file)
    }

    /// Locks a file. An engine that runs is not waited for; a command that has the lock for a moment, or looks, is.
    private static func takes(_ file: Int32, isPatient: Bool) -> Bool {
        for _ in 0..<(isPatient ? patience : 1) {
            if flock(file, LOCK_EX | LOCK_NB) == 0 { return true }
            if livingEngine(in: file) != nil { return false }
            usleep(1_000)
        }
        return false
    }

    /// The engine that the file names, where that process is alive: of a killed one the number stays.
    private static func livingEngine(in file: Int32) -> Int32? {
        guard let number = number(in: file), kill(number, 0) == 0 || errno == EPERM else { return nil }
        return number
    }

    deinit { release() }

    /// Gives the lock back. Further calls do nothing.
    public func release() {
        descriptor.withLock { file in
            guard file >= 0 else { return }
            if isEngine { ftruncate(file, 0) }
            close(file)
            file = -1
        }
    }

    /// The process number of the engine that runs on `directory`, or `nil` when none does.
    public static func runningEngine(in directory: DataDirectory) -> Int32? {
        let file = open(directory.file("engine.lock"), O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        if flock(file, LOCK_SH | LOCK_NB) == 0 { return nil }
        return livingEngine(in: file)
    }

    /// The process number of an engine that ended on `directory` without giving its lock back, killed or crashed; `nil`
    /// when the last one ended in order or one runs.
    public static func interruptedEngine(in directory: DataDirectory) -> Int32? {
        let file = open(directory.file("engine.lock"), O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return flock(file, LOCK_SH | LOCK_NB) == 0 ? number(in: file) : nil
    }

    private static func number(in file: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(file, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes.prefix(count).prefix { $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self))
    }
}
