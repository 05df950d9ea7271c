import Foundation
import Testing

@testable import Keys

@Suite("the key store")
struct KeyStoreTests {
    private let directory: PrivateDirectory
    private let passphrase = Secret(text: "correct horse battery")
    /// The cheapest that is taken.
    private static let quick = Scrypt(costExponent: 14)

    init() throws { directory = try PrivateDirectory() }

    private func change(_ body: (inout KeyStore) throws(KeyStoreError) -> Void) throws(KeyStoreError) {
        try KeyStore.change(in: directory.path, passphrase, Self.quick, mayCreate: true, body)
    }

    private func add(_ key: StoredKey) throws(KeyStoreError) {
        try change { (store) throws(KeyStoreError) in try store.add(key) }
    }

    private func error(_ body: () throws -> Void) -> KeyStoreError? {
        do { try body() } catch { return error as? KeyStoreError }
        return nil
    }

    private func open(_ passphrase: Secret? = nil) throws(KeyStoreError) -> KeyStore {
        try KeyStore.open(in: directory.path, passphrase ?? self.passphrase)
    }

    @Test("what was added is there again, every field of it")
    func roundTrip() throws {
        try add(Examples.key())
        try add(Examples.key("second", "anotherExampleKey00002", .ed25519, secret: Examples.privateKey()))
        let keys = try open().keys
        #expect(keys.map(\.name) == ["main", "second"])
        #expect(keys[0].secret == Secret(text: Examples.secretText) && keys[0].apiKey.text == Examples.apiKeyText)
        #expect(keys[0].venue == "binance" && keys[0].environment == .testnet && keys[0].added == 1_700_000_000)
        #expect(keys[1].kind == .ed25519 && keys[1].secret == Secret(text: Examples.privateKey()))
    }

    @Test("the file is its owner's alone, and nothing lies beside it")
    func mode() throws {
        let before = umask(0)
        defer { umask(before) }
        try add(Examples.key())
        var status = stat()
        #expect(stat(directory.file, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(directory.names == ["keys"])
    }

    @Test("nothing of a key stands in the file")
    func hidden() throws {
        try add(Examples.key())
        let text = String(decoding: try directory.bytes(), as: UTF8.self)
        for word in [Examples.secretText, Examples.apiKeyText, "binance", "main", "testnet"] {
            #expect(!text.contains(word))
        }
    }

    @Test("salt and nonce are new with every writing")
    func fresh() throws {
        try add(Examples.key())
        let first = try KeyFileHeader.read(directory.bytes()[...], path: "")
        try change { _ in }
        let second = try KeyFileHeader.read(directory.bytes()[...], path: "")
        #expect(first.salt != second.salt && first.nonce != second.nonce)
    }

    @Test("another pass phrase is told from damage")
    func wrongPassphrase() throws {
        try add(Examples.key())
        let error = error { _ = try open(Secret(text: "correct horse batterz")) }
        #expect(error?.kind == .wrongPassphrase && error?.exitCode == 77)
    }

    @Test("every changed byte is damage, whatever the pass phrase")
    func damage() throws {
        try add(Examples.key())
        let whole = try directory.bytes()
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 0x10
            let error = error { _ = try KeyFileForm.open(bytes, Secret(text: "another"), path: "keys") }
            #expect(error?.kind == (place == 8 ? .tooNew : .damaged) && error?.exitCode == 65, "\(place)")
        }
    }

    @Test("every cut of the file is damage")
    func cuts() throws {
        try add(Examples.key())
        let whole = try directory.bytes()
        for count in whole.indices {
            let error = error { _ = try KeyFileForm.open(Array(whole[..<count]), passphrase, path: "keys") }
            #expect(error?.kind == .damaged, "\(count)")
        }
    }

    @Test("a change on purpose, its check sum mended, is told as such")
    func tampered() throws {
        try add(Examples.key())
        var bytes = try directory.bytes()
        bytes[KeyFileHeader.count + Digest.count + 3] ^= 1
        bytes = bytes.dropLast(Digest.count) + Digest.sha256(bytes.dropLast(Digest.count))
        let error = error { _ = try KeyFileForm.open(bytes, passphrase, path: "keys") }
        #expect(error?.kind == .damaged && error?.detail.contains("tampered") == true)
    }

    @Test("a header that was changed on purpose opens nothing")
    func tamperedHeader() throws {
        try add(Examples.key())
        var bytes = try directory.bytes()
        bytes[KeyFileHeader.count - 1] ^= 1
        bytes = bytes.dropLast(Digest.count) + Digest.sha256(bytes.dropLast(Digest.count))
        #expect(error { _ = try KeyFileForm.open(bytes, passphrase, path: "keys") } != nil)
    }

    @Test(
        "parameters that would take the machine's memory are not tried",
        arguments: [
            (UInt8(13), UInt8(8), UInt8(1)), (21, 8, 1), (63, 8, 1), (17, 7, 1), (20, 32, 1), (17, 8, 0), (17, 8, 200),
        ])
    func parameters(_ cost: UInt8, _ block: UInt8, _ lanes: UInt8) throws {
        try add(Examples.key())
        var bytes = try directory.bytes()
        (bytes[9], bytes[10], bytes[11]) = (cost, block, lanes)
        bytes = bytes.dropLast(Digest.count) + Digest.sha256(bytes.dropLast(Digest.count))
        let error = error { _ = try KeyFileForm.open(bytes, passphrase, path: "keys") }
        #expect(error?.kind == .damaged && error?.detail.contains("beyond reason") == true)
    }

    @Test("a name is given once")
    func duplicate() throws {
        try add(Examples.key())
        let before = try directory.bytes()
        let error = error { try add(Examples.key("main", "anotherExampleKey00002")) }
        #expect(error?.kind == .duplicate && error?.exitCode == 1)
        #expect(try directory.bytes() == before)
    }

    @Test("a key is kept once")
    func twin() throws {
        try add(Examples.key())
        let error = error { try add(Examples.key("other")) }
        #expect(error?.kind == .duplicate && error?.description.contains("as main") == true)
    }

    @Test("a rotated key keeps its name, venue and environment")
    func rotation() throws {
        try add(Examples.key())
        try change { (store) throws(KeyStoreError) in
            try store.rotate(
                "main", kind: .ed25519, apiKey: APIKey("anotherExampleKey00002")!,
                secret: Secret(text: Examples.privateKey()), at: 1_800_000_000)
        }
        let key = try open().key(named: "main")
        #expect(key.apiKey.text == "anotherExampleKey00002" && key.kind == .ed25519 && key.added == 1_800_000_000)
        #expect(key.venue == "binance" && key.environment == .testnet)
    }

    @Test("the same key is no rotation")
    func idleRotation() throws {
        try add(Examples.key())
        let error = error {
            try change { (store) throws(KeyStoreError) in
                try store.rotate(
                    "main", kind: .hmac, apiKey: APIKey(Examples.apiKeyText)!,
                    secret: Secret(text: Examples.secretText),
                    at: 0)
            }
        }
        #expect(error?.kind == .duplicate)
    }

    @Test("a removed key is gone, and the others stay")
    func removal() throws {
        try add(Examples.key())
        try add(Examples.key("other", "anotherExampleKey00002"))
        try change { (store) throws(KeyStoreError) in try store.remove("main") }
        #expect(try open().keys.map(\.name) == ["other"])
    }

    @Test("a name that is not there is told with those that are")
    func unknown() throws {
        try add(Examples.key())
        let error = error { _ = try open().key(named: "nope") }
        #expect(error?.kind == .unknownName && error?.description.contains("main") == true)
    }

    @Test("without a store it says how to make one")
    func absent() throws {
        let error = error { _ = try open() }
        #expect(error?.kind == .notThere && error?.exitCode == 66 && error?.detail.contains("wick keys add") == true)
        #expect(!KeyStore.isThere(in: directory.path))
    }

    @Test("a directory or a file that others may read is refused with what to do", arguments: [0o710, 0o705, 0o770])
    func exposed(_ mode: mode_t) throws {
        try add(Examples.key())
        chmod(directory.path, mode)
        let first = error { _ = try open() }
        #expect(first?.kind == .exposed && first?.detail.contains("chmod 700") == true && first?.exitCode == 77)
        chmod(directory.path, 0o700)
        chmod(directory.file, mode & 0o666 | 0o600)
        let second = error { _ = try open() }
        #expect(mode == 0o710 ? second == nil : second?.kind == .exposed)
    }

    @Test("a link in the file's place is not followed")
    func link() throws {
        try add(Examples.key())
        rename(directory.file, directory.path + "/elsewhere")
        symlink("elsewhere", directory.file)
        #expect(error { _ = try open() }?.kind == .exposed)
    }

    @Test("what a killed process left half written is no obstacle, and what was there stays until the new is whole")
    func killed() throws {
        try add(Examples.key())
        try directory.write([1, 2, 3], "keys.new")
        #expect(try open().keys.count == 1)
        try add(Examples.key("other", "anotherExampleKey00002"))
        #expect(try open().keys.count == 2 && directory.names == ["keys"])
    }

    @Test("a pass phrase that is too short makes no store")
    func shortPassphrase() throws {
        let error = error {
            try KeyStore.change(in: directory.path, Secret(text: "short"), Self.quick, mayCreate: true) { _ in }
        }
        #expect(error?.kind == .malformed && directory.names.isEmpty)
    }

    @Test("changes of many processes at once are all kept")
    func together() async throws {
        try change { _ in }
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    do {
                        try self.add(Examples.key("key\(number)", "exampleExampleExample001\(number)"))
                    } catch { Issue.record("\(error)") }
                }
            }
        }
        #expect(try open().keys.count == 8)
    }

    @Test("the usual parameters open what they have written")
    func usual() throws {
        try KeyStore.change(in: directory.path, passphrase, mayCreate: true) { (store) throws(KeyStoreError) in
            try store.add(Examples.key("main", Examples.apiKeyText))
        }
        #expect(try open().keys.count == 1)
        #expect(
            try KeyFileHeader.read(directory.bytes()[...], path: "").scrypt
                == Scrypt(costExponent: 17, blockSize: 8, parallelism: 1))
    }

    @Test(
        "names that are none are refused", arguments: ["", "-a", "a b", "a/b", "ü", String(repeating: "a", count: 33)])
    func names(_ name: String) {
        #expect(error { _ = try Examples.key(name) }?.kind == .malformed)
    }
}
