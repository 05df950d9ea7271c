/// The keys of a data directory, opened with its pass phrase.
///
/// They are kept in one file, `keys`, which its owner alone may read: AES-256-GCM under a key that scrypt makes of the
/// pass phrase. Every change is read, made and written while nobody else can, and stands whole or not at all.
public struct KeyStore: Sendable {
    /// The keys, by name.
    public private(set) var keys: [StoredKey]

    /// The file's name in the data directory.
    public static let fileName = "keys"

    /// The fewest bytes of a new pass phrase.
    public static let shortestPassphrase = 8

    /// Whether a data directory has a key store. One that can't be looked at counts as one that has: opening it tells
    /// why.
    public static func isThere(in directory: String) -> Bool {
        let file = PrivateFile(directory: directory, name: fileName)
        do throws(KeyStoreError) {
            return try file.locked(forWriting: false) { (directory) throws(KeyStoreError) in
                try file.read(in: directory) != nil
            }
        } catch {
            return error.kind != .notThere
        }
    }

    /// The keys of a data directory. A third of a second: the pass phrase is made expensive to guess.
    ///
    /// - Throws: `KeyStoreError`.
    public static func open(in directory: String, _ passphrase: Secret) throws(KeyStoreError) -> KeyStore {
        let file = PrivateFile(directory: directory, name: fileName)
        let bytes = try file.locked(forWriting: false) { (directory) throws(KeyStoreError) in
            try file.read(in: directory)
        }
        guard let bytes else { throw absent(file) }
        return KeyStore(keys: try KeyFileForm.open(bytes, passphrase, path: file.path))
    }

    /// Changes the keys of a data directory: what `change` leaves is written at once and whole.
    ///
    /// - Parameters:
    ///   - mayCreate: whether a store is made where there is none.
    ///   - change: changes the keys; nothing is written when it throws.
    /// - Throws: `KeyStoreError`.
    public static func change(
        in directory: String, _ passphrase: Secret, mayCreate: Bool = false,
        _ change: (inout KeyStore) throws(KeyStoreError) -> Void
    ) throws(KeyStoreError) {
        try self.change(in: directory, passphrase, Scrypt(), mayCreate: mayCreate, change)
    }

    /// As above, with other parameters of scrypt: tests need not wait.
    static func change(
        in directory: String, _ passphrase: Secret, _ scrypt: Scrypt, mayCreate: Bool = false,
        _ change: (inout KeyStore) throws(KeyStoreError) -> Void
    ) throws(KeyStoreError) {
        let file = PrivateFile(directory: directory, name: fileName)
        try file.locked(forWriting: true) { (descriptor) throws(KeyStoreError) in
            var store: KeyStore
            if let bytes = try file.read(in: descriptor) {
                store = KeyStore(keys: try KeyFileForm.open(bytes, passphrase, path: file.path))
            } else {
                guard mayCreate else { throw absent(file) }
                guard passphrase.count >= shortestPassphrase else {
                    throw KeyStoreError(
                        .malformed, "the pass phrase",
                        "it is too short; expected \(shortestPassphrase) characters at least, better several words")
                }
                store = KeyStore(keys: [])
            }
            try change(&store)
            try file.replace(KeyFileForm.seal(store.keys, passphrase, scrypt), in: descriptor)
        }
    }

    private static func absent(_ file: PrivateFile) -> KeyStoreError {
        KeyStoreError(.notThere, file.path, "there is no key store; 'wick keys add' makes one")
    }

    /// The key of a name.
    ///
    /// - Throws: `KeyStoreError` of the kind `unknownName`, or `malformed` for what can be no name.
    public func key(named name: String) throws(KeyStoreError) -> StoredKey {
        try StoredKey.checkName(name)
        guard let key = keys.first(where: { $0.name == name }) else { throw unknown(name) }
        return key
    }

    /// Adds a key.
    ///
    /// - Throws: `KeyStoreError` of the kind `duplicate` when there is one of the same name, or the same key under another.
    public mutating func add(_ key: StoredKey) throws(KeyStoreError) {
        if keys.contains(where: { $0.name == key.name }) {
            throw KeyStoreError(
                .duplicate, key.name, "there is a key of this name; 'wick keys rotate \(key.name)' replaces it")
        }
        try refuseTwin(key)
        guard keys.count < KeyRecords.mostKeys else {
            throw KeyStoreError(.duplicate, key.name, "there are \(keys.count) keys, and no more are kept")
        }
        keys.append(key)
        keys.sort { $0.name < $1.name }
    }

    /// Replaces both halves of a key by those that the venue has given in its place; its name, venue and environment
    /// stay.
    ///
    /// - Throws: `KeyStoreError` of the kinds `unknownName`, `duplicate`, `malformed`.
    public mutating func rotate(
        _ name: String, kind: KeyKind, apiKey: APIKey, secret: Secret, at time: Int64
    ) throws(KeyStoreError) {
        guard let index = keys.firstIndex(where: { $0.name == name }) else { throw unknown(name) }
        let old = keys[index]
        let new = try StoredKey(
            venue: old.venue, name: name, environment: old.environment, kind: kind, apiKey: apiKey, secret: secret,
            added: time)
        try refuseTwin(new)
        keys[index] = new
    }

    /// Removes a key.
    ///
    /// - Throws: `KeyStoreError` of the kind `unknownName`.
    public mutating func remove(_ name: String) throws(KeyStoreError) {
        guard let index = keys.firstIndex(where: { $0.name == name }) else { throw unknown(name) }
        keys.remove(at: index)
    }

    private func refuseTwin(_ key: StoredKey) throws(KeyStoreError) {
        guard let twin = keys.first(where: { $0.apiKey == key.apiKey && $0.venue == key.venue }) else { return }
        throw KeyStoreError(
            .duplicate, key.name,
            twin.name == key.name
                ? "this is the key that is there already; expected the one that takes its place"
                : "this key is kept already, as \(twin.name)")
    }

    private func unknown(_ name: String) -> KeyStoreError {
        let names = keys.isEmpty ? "there are none" : "there is " + keys.map(\.name).joined(separator: ", ")
        return KeyStoreError(.unknownName, name, "there is no key of this name; \(names)")
    }
}
