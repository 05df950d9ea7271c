import CCrypto

/// Signs texts with a venue's key.
///
/// Any number of threads may sign with one at once.
public final class SigningKey: @unchecked Sendable {
    /// How it signs.
    public let kind: KeyKind
    /// The secret of HMAC; not kept for Ed25519.
    private let secret: Secret?
    /// The private key of Ed25519. Its 32 bytes lie on libcrypto's secure heap, which is kept out of core dumps.
    private let privateKey: OpaquePointer?

    /// Whether there is a secure heap: without one libcrypto keeps private keys among everything else. It is of pages that
    /// are kept out of core dumps and, where the limits of the account allow it, out of swap space; others that take of it,
    /// as the keys of TLS handshakes do, take little and give it back. That it can't be had is no reason to refuse a key.
    private static let hasSecureHeap = CRYPTO_secure_malloc_init(1 << 18, 32) != 0

    /// The bytes of the secret of an HMAC key.
    static let secretCounts = 16...256
    /// The most bytes of a private key's PEM.
    private static let longestPrivateKey = 4_096

    /// A key of a secret.
    ///
    /// - Parameters:
    ///   - kind: how it signs.
    ///   - secret: of HMAC visible ASCII, used as its bytes; of Ed25519 a private key, PKCS#8 as PEM without a pass phrase.
    ///   - name: what messages call it.
    /// - Throws: `KeyStoreError` of the kind `malformed`.
    public init(_ kind: KeyKind, _ secret: Secret, name: String) throws(KeyStoreError) {
        self.kind = kind
        switch kind {
        case .hmac:
            let isText = secret.withBytes { $0.allSatisfy { (0x21...0x7E).contains($0) } }
            guard isText, SigningKey.secretCounts.contains(secret.count) else {
                throw KeyStoreError(
                    .malformed, name,
                    "this is no secret of an HMAC key; expected 16 to 256 visible characters without blanks, as the "
                        + "venue showed it")
            }
            self.secret = secret
            privateKey = nil
        case .ed25519:
            // What is behind the key is ignored when it is read, and would be kept.
            guard secret.count <= SigningKey.longestPrivateKey else {
                throw KeyStoreError(
                    .malformed, name,
                    "this is longer than any private key of Ed25519; expected its PEM and nothing else")
            }
            _ = SigningKey.hasSecureHeap
            guard let key = SigningKey.privateKey(secret) else {
                throw KeyStoreError(
                    .malformed, name,
                    "this is no private key that can be read; expected PEM that begins -----BEGIN PRIVATE KEY-----, "
                        + "without a pass phrase of its own")
            }
            guard EVP_PKEY_is_a(key, "ED25519") == 1 else {
                EVP_PKEY_free(key)
                throw KeyStoreError(
                    .malformed, name,
                    "this private key is not of Ed25519; make one with: openssl genpkey -algorithm ed25519")
            }
            self.secret = nil
            privateKey = key
        }
    }

    /// The private key of a PEM text; `nil` where it is none.
    private static func privateKey(_ text: Secret) -> OpaquePointer? {
        if let seed = PrivateKeyText.seed(text) {
            let key = seed.withBytes { bytes in
                EVP_PKEY_new_raw_private_key(
                    EVP_PKEY_ED25519, nil, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
            }
            if let key {
                // libcrypto takes given bytes to the ordinary heap; those of a copy of the key it puts on the secure one, and
                // those of the first are wiped as it goes.
                guard let copy = EVP_PKEY_dup(key) else { return key }
                EVP_PKEY_free(key)
                return copy
            }
            ERR_clear_error()
        }
        return text.withBytes { ccrypto_private_key($0.baseAddress, Int32(clamping: $0.count)) }
    }

    deinit { if let privateKey { EVP_PKEY_free(privateKey) } }

    /// The signature of a text: 32 bytes of HMAC-SHA256, 64 of Ed25519. About a microsecond, and about fifty.
    ///
    /// - Throws: `KeyStoreError` of the kind `cryptography`.
    public func signature(of text: String) throws(KeyStoreError) -> [UInt8] {
        let bytes = Array(text.utf8)
        if let secret { return bytes.withUnsafeBytes { Digest.hmac(secret, $0) } }
        guard let context = EVP_MD_CTX_new() else { throw failure }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 64)
        var count = signature.count
        guard EVP_DigestSignInit(context, nil, nil, nil, privateKey) == 1,
            EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1, count == 64
        else { throw failure }
        return signature
    }

    /// The signature as venues want it written: hexadecimal digits of HMAC, base64 of Ed25519.
    ///
    /// - Throws: `KeyStoreError` of the kind `cryptography`.
    public func signatureText(of text: String) throws(KeyStoreError) -> String {
        let signature = try signature(of: text)
        switch kind {
        case .hmac: return SigningKey.hexadecimal(signature)
        case .ed25519: return SigningKey.base64(signature)
        }
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        func digit(_ value: UInt8) -> UInt8 {
            value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
        }
        return String(unsafeUninitializedCapacity: 2 * bytes.count) { buffer in
            for (index, byte) in bytes.enumerated() {
                buffer[2 * index] = digit(byte >> 4)
                buffer[2 * index + 1] = digit(byte & 0xF)
            }
            return 2 * bytes.count
        }
    }

    static func base64(_ bytes: [UInt8]) -> String {
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        return String(decoding: text[..<Int(count)], as: UTF8.self)
    }

    private var failure: KeyStoreError {
        ERR_clear_error()
        return KeyStoreError(.cryptography, "libcrypto", "a signature failed; please report it")
    }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Its kind alone.
    public var description: String { "\(kind.rawValue) key" }
    /// Its kind alone.
    public var debugDescription: String { description }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
