/// What stands in the clear at the beginning of a key file. All of it is covered by the tag of what follows.
///
/// | bytes | what |
/// |---|---|
/// | 8 | `WICKKEYS` |
/// | 1 | version, 1 |
/// | 3 | scrypt: binary logarithm of N, r, p |
/// | 32 | salt |
/// | 12 | nonce |
/// | 32 | HMAC-SHA256 of all before under the second half of the derived key: tells a wrong pass phrase from damage |
struct KeyFileHeader: Hashable {
    var scrypt: Scrypt
    var salt: [UInt8]
    var nonce: [UInt8]

    static let magic = Array("WICKKEYS".utf8)
    static let version: UInt8 = 1
    static let saltCount = 32
    /// Without the check behind it.
    static let count = magic.count + 4 + saltCount + Sealing.nonceCount

    /// A header with a salt and a nonce that were never used.
    static func fresh(_ scrypt: Scrypt) throws(KeyStoreError) -> KeyFileHeader {
        KeyFileHeader(
            scrypt: scrypt, salt: try SecureRandom.bytes(saltCount), nonce: try SecureRandom.bytes(Sealing.nonceCount))
    }

    /// The bytes, without the check.
    var bytes: [UInt8] {
        KeyFileHeader.magic
            + [KeyFileHeader.version, scrypt.costExponent, scrypt.blockSize, scrypt.parallelism] + salt + nonce
    }

    /// The header that bytes begin with.
    ///
    /// - Throws: `KeyStoreError` of the kind `damaged` or `tooNew`.
    static func read(_ bytes: ArraySlice<UInt8>, path: String) throws(KeyStoreError) -> KeyFileHeader {
        let bytes = Array(bytes)
        guard bytes.count >= count, bytes.starts(with: magic) else {
            throw KeyStoreError(.damaged, path, "this is no key store: it does not begin like one")
        }
        guard bytes[magic.count] == version else {
            throw KeyStoreError(
                .tooNew, path, "it is of version \(bytes[magic.count]), this release reads \(version); use a newer one")
        }
        let numbers = bytes[(magic.count + 1)...]
        let scrypt = Scrypt(
            costExponent: numbers[magic.count + 1], blockSize: numbers[magic.count + 2],
            parallelism: numbers[magic.count + 3])
        guard scrypt.isReasonable else {
            throw KeyStoreError(
                .damaged, path,
                "its parameters of scrypt are beyond reason (2^\(scrypt.costExponent), \(scrypt.blockSize), "
                    + "\(scrypt.parallelism)); restore it from a copy")
        }
        let salt = magic.count + 4
        return KeyFileHeader(
            scrypt: scrypt, salt: Array(bytes[salt..<(salt + saltCount)]),
            nonce: Array(bytes[(salt + saltCount)..<count]))
    }
}
