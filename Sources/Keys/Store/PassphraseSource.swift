import CCrypto
import Glibc
import Synchronization

/// Where a pass phrase comes from when nobody types it.
public enum PassphraseSource {
    /// The variable that holds it.
    public static let variable = "WICK_KEYS_PASSPHRASE"
    /// The variable that names a file of it.
    public static let fileVariable = "WICK_KEYS_PASSPHRASE_FILE"

    /// The longest one, in bytes.
    private static let longest = 4_096

    /// What was taken out of the environment and nobody has asked for yet.
    private static let taken = Mutex<Secret?>(nil)

    /// Takes the variable out of the environment, overwriting what it held, and keeps that for ``environment()``.
    ///
    /// A program does this first of all: before anything copies the environment's texts, and before it splits in two, since
    /// then each half has them.
    /// - Precondition: the process has one thread.
    public static func take() {
        guard let value = getenv(variable) else { return }
        let count = strlen(value)
        let secret = Secret(copying: UnsafeRawBufferPointer(start: value, count: count))
        OPENSSL_cleanse(value, count)
        unsetenv(variable)
        taken.withLock { $0 = secret }
    }

    /// Wipes what was taken, where nobody has asked for it or will.
    public static func forget() { taken.withLock { $0 = nil } }

    /// The pass phrase of the environment, or `nil` when it says none.
    ///
    /// What the variable held is overwritten and the variable taken away, so that no process that is started later
    /// inherits it. It is given once.
    /// - Throws: `KeyStoreError` when it is empty, or the file that is named can't be taken.
    public static func environment() throws(KeyStoreError) -> Secret? {
        take()
        let secret = taken.withLock { taken in
            defer { taken = nil }
            return taken
        }
        // A copy: pages from before a process split in two are not kept out of swap space in the second one.
        if let secret { return try checked(secret.part(0..<secret.count), variable) }
        guard let path = getenv(fileVariable), strlen(path) > 0 else { return nil }
        return try file(String(cString: path))
    }

    /// The pass phrase of a file that its owner alone may read: all of it but a line break at its end.
    ///
    /// - Throws: `KeyStoreError`.
    public static func file(_ path: String) throws(KeyStoreError) -> Secret {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw KeyStoreError(
                errno == ENOENT ? .notThere : .inputOutput, path, "the pass phrase can't be read: \(reason())")
        }
        defer { close(descriptor) }
        try PrivateFile.check(descriptor, path, isDirectory: false)
        let bytes = try read(descriptor, atMost: longest, from: path)
        let end = bytes.withBytes { $0.lastIndex { $0 != 0x0A && $0 != 0x0D } }
        return try checked(bytes.part(0..<(end.map { $0 + 1 } ?? 0)), path)
    }

    /// Everything that a descriptor gives.
    ///
    /// - Parameters:
    ///   - most: the most bytes.
    ///   - name: what messages call it.
    /// - Throws: `KeyStoreError` when reading fails or there is more.
    public static func read(_ descriptor: Int32, atMost most: Int, from name: String) throws(KeyStoreError) -> Secret {
        var count = 0
        let buffer = try Secret(count: most + 1) { (bytes) throws(KeyStoreError) in
            while count < bytes.count {
                let got = Glibc.read(descriptor, bytes.baseAddress! + count, bytes.count - count)
                if got == 0 { return }
                if got < 0 {
                    if errno == EINTR { continue }
                    throw KeyStoreError(.inputOutput, name, "it can't be read: \(reason())")
                }
                count += got
            }
        }
        guard count <= most else {
            throw KeyStoreError(.malformed, name, "there is more than \(most) bytes; is this the right one?")
        }
        return buffer.part(0..<count)
    }

    private static func checked(_ secret: Secret, _ name: String) throws(KeyStoreError) -> Secret {
        guard !secret.isEmpty, secret.count <= longest else {
            throw KeyStoreError(.malformed, name, "there is no pass phrase in it; expected 1 to \(longest) bytes")
        }
        return secret
    }
}
