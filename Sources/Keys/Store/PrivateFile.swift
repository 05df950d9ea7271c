import Glibc

/// A file that its owner alone may read, in a directory that its owner alone may enter.
struct PrivateFile {
    /// The directory.
    let directory: String
    /// The file's name in it.
    let name: String

    /// No private file is larger.
    private static let largest = 8 << 20

    var path: String { directory.hasSuffix("/") ? directory + name : directory + "/" + name }

    /// Opens the directory, takes it for oneself until `body` has ended, and refuses one that others may read.
    ///
    /// - Throws: what `body` throws, and `KeyStoreError`.
    func locked<Result>(
        forWriting: Bool, _ body: (_ directory: Int32) throws(KeyStoreError) -> Result
    ) throws(KeyStoreError) -> Result {
        let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw KeyStoreError(
                errno == ENOENT ? .notThere : .inputOutput, directory, "the directory can't be opened: \(reason())")
        }
        defer { close(descriptor) }
        try PrivateFile.check(descriptor, directory, isDirectory: true)
        while flock(descriptor, forWriting ? LOCK_EX : LOCK_SH) != 0 {
            guard errno == EINTR else {
                throw KeyStoreError(.inputOutput, directory, "the directory can't be locked: \(reason())")
            }
        }
        return try body(descriptor)
    }

    /// The bytes of the file; `nil` when there is none.
    func read(in directory: Int32) throws(KeyStoreError) -> [UInt8]? {
        let descriptor = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw KeyStoreError(
                errno == ELOOP ? .exposed : .inputOutput, path,
                errno == ELOOP ? "it is a link; expected the file itself" : "it can't be opened: \(reason())")
        }
        defer { close(descriptor) }
        try PrivateFile.check(descriptor, path, isDirectory: false)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw KeyStoreError(.inputOutput, path, "it can't be read: \(reason())")
            }
            bytes += chunk[..<count]
            if bytes.count > PrivateFile.largest {
                throw KeyStoreError(.damaged, path, "it is larger than any key store")
            }
        }
    }

    /// Puts bytes in the file's place: whole or not at all, whenever the machine stops.
    func replace(_ bytes: [UInt8], in directory: Int32) throws(KeyStoreError) {
        let temporary = name + ".new"
        // One that is there was left by a process that was killed; the lock says that nobody writes it now.
        unlinkat(directory, temporary, 0)
        let descriptor = openat(directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw KeyStoreError(.cannotCreate, path, "no file can be made beside it: \(reason())")
        }
        var failure: KeyStoreError?
        do throws(KeyStoreError) {
            // Whatever mask the process has.
            guard fchmod(descriptor, 0o600) == 0 else { throw written("its mode can't be set") }
            try write(bytes, to: descriptor)
            guard fsync(descriptor) == 0 else { throw written("it can't be brought to the disk") }
        } catch { failure = error }
        close(descriptor)
        if failure == nil, renameat(directory, temporary, directory, name) != 0 {
            failure = written("it can't be put in its place")
        }
        if let failure {
            unlinkat(directory, temporary, 0)
            throw failure
        }
        guard fsync(directory) == 0 else {
            throw KeyStoreError(.inputOutput, path, "it is in its place, but may not outlast a power cut: \(reason())")
        }
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) throws(KeyStoreError) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + offset, $0.count - offset) }
            if count < 0 {
                if errno == EINTR { continue }
                throw written("it can't be written")
            }
            offset += count
        }
    }

    /// Refuses what others than its owner may read or change, and what is somebody else's.
    static func check(_ descriptor: Int32, _ path: String, isDirectory: Bool) throws(KeyStoreError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw KeyStoreError(.inputOutput, path, "its mode can't be read: \(reason())")
        }
        let expected = isDirectory ? S_IFDIR : S_IFREG
        guard status.st_mode & S_IFMT == expected else {
            throw KeyStoreError(.exposed, path, "expected a \(isDirectory ? "directory" : "plain file")")
        }
        guard status.st_uid == geteuid() else {
            throw KeyStoreError(
                .exposed, path, "it belongs to user \(status.st_uid), and this is user \(geteuid()); expected one's own"
            )
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw KeyStoreError(
                .exposed, path,
                "others may read it (mode 0\(mode)); run: chmod \(isDirectory ? "700" : "600") '\(path)'")
        }
    }

    private func written(_ what: String) -> KeyStoreError {
        KeyStoreError(.inputOutput, path, "\(what): \(reason()); what was there before is still there")
    }
}

/// The system's words for the last error.
func reason() -> String { String(cString: strerror(errno)) }
