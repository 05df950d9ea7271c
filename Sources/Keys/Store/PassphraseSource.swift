import CCrypto
import Glibc

/// Where a pass phrase comes from when nobody types it.
public enum PassphraseSource {
    /// The variable that holds it.
    public static let variable = "WICK_KEYS_PASSPHRASE"
    /// The variable that names a file of it.
    public static let fileVariable = "WICK_KEYS_PASSPHRASE_FILE"

    /// The longest one, in bytes.
    private static let longest = 4_096

    /// The pass phrase of the environment, or `nil` when it says none.
    ///
    /// What the variable held is overwritten and the variable taken away, so that no process that is started later
    /// inherits it.
    /// - Throws: `KeyStoreError` when it is empty, or the file that is named can't be taken.
    public static func environment() throws(KeyStoreError) -> Secret? {
        if let value = getenv(variable) {
            let count = strlen(value)
            let secret = Secret(copying: UnsafeRawBufferPointer(start: value, count: count))
            OPENSSL_cleanse(value, count)
            unsetenv(variable)
            return try checked(secret, variable)
        }
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
