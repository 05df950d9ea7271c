import CCrypto
import Foundation
import Testing

@testable import Keys

/// What opens an account besides a private key: the secret of HMAC, and the pass phrase over all of them.
@Suite("Secrets, the pass phrase and core dumps", .serialized)
struct CoreDumpSecretTests {
    /// Visible letters that are nowhere but on the pages of secrets.
    private func letters(_ count: Int) -> Secret {
        Secret(count: count) { bytes in
            _ = RAND_bytes(bytes.bindMemory(to: UInt8.self).baseAddress, Int32(count))
            for index in bytes.indices { bytes[index] = 0x23 + bytes[index] % 64 }
        }
    }

    @Test("the secret of an HMAC key that signs is nowhere in what a core dump would hold")
    func hmac() throws {
        let secret = letters(64)
        let signing = try SigningKey(.hmac, secret, name: "main")
        let first = try signing.signatureText(of: "text")
        #expect(try CoreDump.count(secret) == 0)
        #expect(try signing.signatureText(of: "text") == first)
    }

    @Test("a store that was written, opened and refused leaves neither its secrets nor its pass phrase there")
    func store() throws {
        let directory = try PrivateDirectory()
        let (secret, phrase, other) = (letters(64), letters(40), letters(40))
        let key = try StoredKey(
            venue: "binance", name: "main", environment: .testnet, kind: .hmac, apiKey: APIKey(Examples.apiKeyText)!,
            secret: secret, added: 0)
        try KeyStore.change(in: directory.path, phrase, Scrypt(costExponent: 14), mayCreate: true) {
            (store) throws(KeyStoreError) in
            try store.add(key)
        }
        let opened = try KeyStore.open(in: directory.path, phrase).key(named: "main")
        #expect(opened.secret == secret)
        #expect(throws: KeyStoreError.self) { try KeyStore.open(in: directory.path, other) }
        _ = try opened.signingKey().signature(of: "text")
        for (name, bytes) in [("the secret", secret), ("the pass phrase", phrase), ("a wrong one", other)] {
            #expect(try CoreDump.count(bytes) == 0, "\(name)")
        }
    }

    @Test("a pass phrase of the environment is not there any more once it was taken")
    func environment() throws {
        let phrase = letters(40)
        // Not with setenv(3), which leaves a copy on the stack.
        let name = Array("\(PassphraseSource.variable)=".utf8)
        let variable = UnsafeMutableRawPointer.allocate(byteCount: name.count + phrase.count + 1, alignment: 1)
        defer { variable.deallocate() }
        variable.copyMemory(from: name, byteCount: name.count)
        phrase.withBytes { (variable + name.count).copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        variable.storeBytes(of: 0, toByteOffset: name.count + phrase.count, as: UInt8.self)
        #expect(try CoreDump.count(phrase) >= 1)
        // At once: another test that copies the environment meanwhile would have the phrase, too.
        putenv(variable.assumingMemoryBound(to: CChar.self))
        PassphraseSource.take()
        #expect(try CoreDump.count(phrase) == 0)
        #expect(try PassphraseSource.environment() == phrase)
        #expect(try CoreDump.count(phrase) == 0)
    }
}
