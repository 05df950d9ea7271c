/// The keys as bytes before they are sealed: how many, then each as its fields, every text behind its length.
///
/// They go from secret to secret: no array that nobody wipes ever holds them.
enum KeyRecords {
    /// The most keys of a store.
    static let mostKeys = 256
    /// No field is longer.
    private static let longestField = 16 << 10

    static func bytes(_ keys: [StoredKey]) -> Secret {
        let count = keys.reduce(2) { $0 + size($1) }
        return Secret(count: count) { target in
            var writer = Writer(target: target)
            writer.number(UInt64(keys.count), bytes: 2)
            for key in keys {
                for text in [key.venue, key.name, key.environment.rawValue, key.kind.rawValue, key.apiKey.text] {
                    Array(text.utf8).withUnsafeBytes { writer.field($0) }
                }
                key.secret.withBytes { writer.field($0) }
                writer.number(UInt64(bitPattern: key.added), bytes: 8)
            }
        }
    }

    private static func size(_ key: StoredKey) -> Int {
        let texts = [key.venue, key.name, key.environment.rawValue, key.kind.rawValue, key.apiKey.text]
        return texts.reduce(0) { $0 + 4 + $1.utf8.count } + 4 + key.secret.count + 8
    }

    /// The keys of opened bytes.
    ///
    /// - Throws: `KeyStoreError` of the kind `damaged`.
    static func keys(_ bytes: Secret, path: String) throws(KeyStoreError) -> [StoredKey] {
        let keys = try bytes.withBytes { (source) throws(KeyStoreError) in
            var reader = Reader(source: source)
            var keys: [StoredKey] = []
            guard let count = reader.number(bytes: 2), count <= UInt64(mostKeys) else {
                throw unreadable(path, 0)
            }
            for index in 0..<Int(count) {
                guard let key = try reader.key() else { throw unreadable(path, index) }
                keys.append(key)
            }
            return reader.isAtEnd ? keys : nil
        }
        guard let keys else { throw unreadable(path, -1) }
        return keys
    }

    private static func unreadable(_ path: String, _ index: Int) -> KeyStoreError {
        let place = index < 0 ? "there is more than the keys" : "key \(index + 1) can't be read"
        return KeyStoreError(.damaged, path, "it was written wrongly: \(place); please report it")
    }

    private struct Writer {
        let target: UnsafeMutableRawBufferPointer
        var index = 0

        mutating func number(_ value: UInt64, bytes: Int) {
            for byte in 0..<bytes {
                target[index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))
                index += 1
            }
        }

        mutating func field(_ bytes: UnsafeRawBufferPointer) {
            number(UInt64(bytes.count), bytes: 4)
            UnsafeMutableRawBufferPointer(rebasing: target[index..<(index + bytes.count)]).copyMemory(from: bytes)
            index += bytes.count
        }
    }

    private struct Reader {
        let source: UnsafeRawBufferPointer
        var index = 0

        var isAtEnd: Bool { index == source.count }

        mutating func number(bytes: Int) -> UInt64? {
            guard source.count - index >= bytes else { return nil }
            defer { index += bytes }
            return (0..<bytes).reduce(0) { $0 | UInt64(source[index + $1]) << UInt64(8 * $1) }
        }

        mutating func field() -> UnsafeRawBufferPointer? {
            guard let count = number(bytes: 4), count <= UInt64(longestField), source.count - index >= Int(count) else {
                return nil
            }
            defer { index += Int(count) }
            return UnsafeRawBufferPointer(rebasing: source[index..<(index + Int(count))])
        }

        mutating func text() -> String? { field().map { String(decoding: $0, as: UTF8.self) } }

        mutating func key() throws(KeyStoreError) -> StoredKey? {
            guard let venue = text(), let name = text(),
                let environment = text().flatMap(KeyEnvironment.init(rawValue:)),
                let kind = text().flatMap(KeyKind.init(rawValue:)), let apiKey = text().flatMap({ APIKey($0) }),
                let secret = field(), let added = number(bytes: 8)
            else { return nil }
            return try StoredKey(
                venue: venue, name: name, environment: environment, kind: kind, apiKey: apiKey,
                secret: Secret(copying: secret), added: Int64(bitPattern: added))
        }
    }
}
