/// The bytes of a key file: header, check, the sealed keys with their tag, and the SHA-256 of all of it.
///
/// Three things can be wrong, and each has its own proof: the SHA-256 shows an accident to the file, whoever reads it;
/// the check shows a wrong pass phrase; the tag shows that somebody changed it on purpose and mended the SHA-256.
enum KeyFileForm {
    /// The bytes of keys under a pass phrase, with a fresh salt and nonce.
    static func seal(
        _ keys: [StoredKey], _ passphrase: Secret, _ scrypt: Scrypt
    ) throws(KeyStoreError) -> [UInt8] {
        let header = try KeyFileHeader.fresh(scrypt)
        let derived = try scrypt.key(passphrase, salt: header.salt, count: 2 * Sealing.keyCount)
        let covered = header.bytes + check(header.bytes, derived)
        let sealed = try Sealing.seal(
            KeyRecords.bytes(keys), derived.part(0..<Sealing.keyCount), nonce: header.nonce, header: covered)
        let bytes = covered + sealed
        return bytes + Digest.sha256(bytes)
    }

    /// The keys of a file.
    ///
    /// - Throws: `KeyStoreError` of the kinds `damaged`, `tooNew`, `wrongPassphrase`.
    static func open(_ bytes: [UInt8], _ passphrase: Secret, path: String) throws(KeyStoreError) -> [StoredKey] {
        let header = try KeyFileHeader.read(bytes[...], path: path)
        let coveredCount = KeyFileHeader.count + Digest.count
        guard bytes.count >= coveredCount + Sealing.tagCount + Digest.count,
            Digest.isSame(Digest.sha256(bytes.dropLast(Digest.count)), Array(bytes.suffix(Digest.count)))
        else {
            throw KeyStoreError(
                .damaged, path,
                "it is damaged: its check sum is wrong. Restore it from a copy, or move it away and add the keys again")
        }
        let derived = try header.scrypt.key(passphrase, salt: header.salt, count: 2 * Sealing.keyCount)
        guard Digest.isSame(check(header.bytes, derived), Array(bytes[KeyFileHeader.count..<coveredCount])) else {
            throw KeyStoreError(.wrongPassphrase, path, "the pass phrase is not the one it was written with")
        }
        let sealed = bytes[coveredCount..<(bytes.count - Digest.count)]
        let opened = try Sealing.open(
            sealed, derived.part(0..<Sealing.keyCount), nonce: header.nonce, header: Array(bytes[..<coveredCount]))
        guard let opened else {
            throw KeyStoreError(
                .damaged, path,
                "the pass phrase is right, but it was changed since it was written: somebody has tampered with it. Rotate "
                    + "every key at its venue")
        }
        return try KeyRecords.keys(opened, path: path)
    }

    private static func check(_ header: [UInt8], _ derived: Secret) -> [UInt8] {
        header.withUnsafeBytes { Digest.hmac(derived.part(Sealing.keyCount..<(2 * Sealing.keyCount)), $0) }
    }
}
