import Foundation

@testable import Keys

/// Keys that open nothing.
enum Examples {
    static let secretText = "own-example-secret-0123456789abcdefXYZ"
    static let apiKeyText = "exampleExampleExample0001"

    /// The private key of a seed, as `openssl genpkey -algorithm ed25519` writes it.
    static func privateKey(_ seed: [UInt8] = Array(1...32)) -> String {
        let frame: [UInt8] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]
        let text = Data(frame + seed).base64EncodedString()
        return "-----BEGIN PRIVATE KEY-----\n\(text)\n-----END PRIVATE KEY-----\n"
    }

    static func key(
        _ name: String = "main", _ apiKey: String = apiKeyText, _ kind: KeyKind = .hmac, secret: String = secretText
    ) throws(KeyStoreError) -> StoredKey {
        try StoredKey(
            venue: "binance", name: name, environment: .testnet, kind: kind, apiKey: APIKey(apiKey)!,
            secret: Secret(text: secret), added: 1_700_000_000)
    }
}

/// A directory that nobody else may enter, gone when the test is over.
final class PrivateDirectory: Sendable {
    let path: String
    var file: String { path + "/keys" }

    init() throws {
        path = NSTemporaryDirectory() + "wick-keys-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
    func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: file))) }

    func write(_ bytes: [UInt8], _ name: String = "keys", mode: mode_t = 0o600) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
        chmod(path + "/" + name, mode)
    }
}
