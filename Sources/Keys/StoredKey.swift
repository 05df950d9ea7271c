/// Where a key is good: with the money of a testnet, or with real money.
public enum KeyEnvironment: String, Sendable, Hashable, CaseIterable {
    /// Funds that are worth nothing.
    case testnet
    /// Real money.
    case live
}

/// How a key signs.
public enum KeyKind: String, Sendable, Hashable, CaseIterable {
    /// HMAC-SHA256 with a secret that the venue knows too.
    case hmac
    /// Ed25519 with a private key that only its owner knows.
    case ed25519
}

/// A venue's key as it is kept.
public struct StoredKey: Sendable {
    /// The venue in small letters, `binance`.
    public let venue: String
    /// What its owner calls it, unique in the store.
    public let name: String
    /// Where it is good; nowhere else is it used.
    public let environment: KeyEnvironment
    /// How it signs.
    public let kind: KeyKind
    /// Its public half.
    public let apiKey: APIKey
    /// The secret of an HMAC key; the private key (PKCS#8, PEM) of an Ed25519 key.
    public let secret: Secret
    /// When it was added or last rotated, in seconds since 1970.
    public let added: Int64

    /// A key of its parts.
    ///
    /// - Throws: `KeyStoreError` of the kind `malformed` when a part is not what it should be.
    public init(
        venue: String, name: String, environment: KeyEnvironment, kind: KeyKind, apiKey: APIKey, secret: Secret,
        added: Int64
    ) throws(KeyStoreError) {
        try StoredKey.checkName(name)
        guard StoredKey.isName(venue), venue == venue.lowercased() else {
            throw KeyStoreError(.malformed, name, "the venue is no name; expected small letters, as binance")
        }
        _ = try SigningKey(kind, secret, name: name)
        self.venue = venue
        self.name = name
        self.environment = environment
        self.kind = kind
        self.apiKey = apiKey
        self.secret = secret
        self.added = added
    }

    /// What signs with it.
    ///
    /// - Throws: `KeyStoreError` of the kind `malformed` when the secret is none of its kind.
    public func signingKey() throws(KeyStoreError) -> SigningKey { try SigningKey(kind, secret, name: name) }

    /// Refuses what is no name of a key.
    ///
    /// - Throws: `KeyStoreError` of the kind `malformed`.
    public static func checkName(_ name: String) throws(KeyStoreError) {
        guard isName(name) else {
            throw KeyStoreError(
                .malformed, "a key's name",
                "expected 1 to 32 letters, digits and - _ . with a letter or digit first, as main")
        }
    }

    private static func isName(_ text: String) -> Bool {
        func isLetterOrDigit(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        guard let first = text.utf8.first, isLetterOrDigit(first), text.utf8.count <= 32 else { return false }
        return text.utf8.allSatisfy { isLetterOrDigit($0) || "-_.".utf8.contains($0) }
    }
}
