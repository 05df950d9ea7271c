import CCrypto

/// scrypt (RFC 7914): makes keys of a pass phrase at a price that whoever guesses pays for every guess.
struct Scrypt: Hashable, Sendable {
    /// The binary logarithm of the cost N.
    var costExponent: UInt8 = 17
    /// The size of a block.
    var blockSize: UInt8 = 8
    /// How often it is done side by side.
    var parallelism: UInt8 = 1

    /// The most memory that a file may ask for, in bytes: a damaged one must not take the machine's.
    private static let mostMemory = 512 << 20

    /// The bytes of memory it takes.
    private var memory: Int { 128 * Int(blockSize) << Int(costExponent) }

    /// Whether it is worth something and does not ask for too much.
    var isReasonable: Bool {
        (14...20).contains(costExponent) && (8...32).contains(blockSize) && (1...4).contains(parallelism)
            && memory <= Scrypt.mostMemory
    }

    /// A key of `count` bytes. About a third of a second and 128 MiB with the usual parameters.
    ///
    /// - Throws: `KeyStoreError` of the kind `cryptography` when there is no memory for it.
    func key(_ passphrase: Secret, salt: [UInt8], count: Int) throws(KeyStoreError) -> Secret {
        try Secret(count: count) { (key) throws(KeyStoreError) in
            let isDone = passphrase.withBytes { phrase in
                EVP_PBE_scrypt(
                    phrase.bindMemory(to: CChar.self).baseAddress, phrase.count, salt, salt.count,
                    UInt64(1) << UInt64(costExponent), UInt64(blockSize), UInt64(parallelism),
                    UInt64(Scrypt.mostMemory + (64 << 20)), key.bindMemory(to: UInt8.self).baseAddress, key.count) == 1
            }
            guard isDone else {
                ERR_clear_error()
                throw KeyStoreError(
                    .cryptography, "libcrypto",
                    "no key can be made of the pass phrase; it takes \(memory >> 20) MiB of memory: are they free?")
            }
        }
    }
}
