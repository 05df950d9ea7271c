import CCrypto

/// AES-256-GCM: hides bytes, and shows whether they, or what stands beside them, were changed.
enum Sealing {
    /// The bytes of a key, a nonce and a tag.
    static let keyCount = 32
    static let nonceCount = 12
    static let tagCount = 16

    /// The bytes hidden, with the tag behind them.
    ///
    /// - Parameters:
    ///   - bytes: what to hide.
    ///   - header: what stands in the clear and is covered by the tag.
    static func seal(
        _ bytes: Secret, _ key: Secret, nonce: [UInt8], header: [UInt8]
    ) throws(KeyStoreError) -> [UInt8] {
        var sealed = [UInt8](repeating: 0, count: bytes.count)
        var tag = [UInt8](repeating: 0, count: tagCount)
        let context = try context()
        defer { EVP_CIPHER_CTX_free(context) }
        var count: Int32 = 0
        let isDone = key.withBytes { key in
            bytes.withBytes { bytes in
                EVP_EncryptInit_ex(
                    context, EVP_aes_256_gcm(), nil, key.bindMemory(to: UInt8.self).baseAddress, nonce) == 1
                    && EVP_EncryptUpdate(context, nil, &count, header, Int32(header.count)) == 1
                    && EVP_EncryptUpdate(
                        context, &sealed, &count, bytes.bindMemory(to: UInt8.self).baseAddress, Int32(bytes.count)) == 1
                    && EVP_EncryptFinal_ex(context, nil, &count) == 1
                    && ccrypto_gcm_tag(context, &tag, Int32(tagCount)) == 1
            }
        }
        guard isDone else { throw failure() }
        return sealed + tag
    }

    /// The bytes that were hidden; `nil` when they or the header are not those that were sealed under this key.
    static func open(
        _ sealed: ArraySlice<UInt8>, _ key: Secret, nonce: [UInt8], header: [UInt8]
    ) throws(KeyStoreError) -> Secret? {
        guard sealed.count >= tagCount else { return nil }
        let hidden = Array(sealed.dropLast(tagCount))
        let tag = Array(sealed.suffix(tagCount))
        let context = try context()
        defer { EVP_CIPHER_CTX_free(context) }
        var isWhole = false
        let opened = Secret(count: hidden.count) { (plain) in
            var count: Int32 = 0
            isWhole = key.withBytes { key in
                EVP_DecryptInit_ex(
                    context, EVP_aes_256_gcm(), nil, key.bindMemory(to: UInt8.self).baseAddress, nonce) == 1
                    && EVP_DecryptUpdate(context, nil, &count, header, Int32(header.count)) == 1
                    && EVP_DecryptUpdate(
                        context, plain.bindMemory(to: UInt8.self).baseAddress, &count, hidden, Int32(hidden.count)) == 1
                    && ccrypto_gcm_expect_tag(context, tag, Int32(tagCount)) == 1
                    && EVP_DecryptFinal_ex(context, nil, &count) == 1
            }
        }
        ERR_clear_error()
        return isWhole ? opened : nil
    }

    private static func context() throws(KeyStoreError) -> OpaquePointer {
        guard let context = EVP_CIPHER_CTX_new() else { throw failure() }
        return context
    }

    private static func failure() -> KeyStoreError {
        ERR_clear_error()
        return KeyStoreError(.cryptography, "libcrypto", "AES-256-GCM failed; please report it")
    }
}
