import CCrypto

/// Random bytes that nobody can foretell.
enum SecureRandom {
    /// So many of them.
    ///
    /// - Throws: `KeyStoreError` of the kind `cryptography` when the system has none to give.
    static func bytes(_ count: Int) throws(KeyStoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(count)) == 1 else {
            throw KeyStoreError(.cryptography, "libcrypto", "there are no random bytes; try again")
        }
        return bytes
    }
}

/// SHA-256 and its keyed form.
enum Digest {
    /// The bytes of a digest.
    static let count = 32

    /// The SHA-256 of bytes.
    static func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        var digest = [UInt8](repeating: 0, count: count)
        let isDone = EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil) == 1
        precondition(isDone, "SHA-256 of bytes in memory does not fail")
        return digest
    }

    /// The HMAC-SHA256 of bytes under a key.
    static func hmac(_ key: Secret, _ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: count)
        let result = key.withBytes { key in
            HMAC(
                EVP_sha256(), key.baseAddress, Int32(key.count), bytes.bindMemory(to: UInt8.self).baseAddress,
                bytes.count, &digest, nil)
        }
        precondition(result != nil, "HMAC-SHA256 of bytes in memory does not fail")
        return digest
    }

    /// Whether two digests are the same, in a time that does not tell how much of them is.
    static func isSame(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0 }
}
