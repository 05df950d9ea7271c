import Foundation
import Testing

@testable import Keys

@Suite("signing keys")
struct SigningKeyTests {
    private func signature(_ kind: KeyKind, _ secret: String, _ text: String) throws -> String {
        try SigningKey(kind, Secret(text: secret), name: "main").signatureText(of: text)
    }

    @Test(
        "HMAC signatures are those that another program computes",
        arguments: [
            (
                "symbol=BTCUSDT&side=BUY&timestamp=1700000000000",
                "9ab7c6f6ce4d0f8db95c978c5fe325801858c93b10279f8756fd7e7124930f23"
            ),
            (
                "apiKey=exampleExampleExample0001&symbol=币USDT&timestamp=1700000000002",
                "2f9c01e73fccd59358bb8561f754d0b52332c3ad18acc366a6c784f926c0da4f"
            ),
            ("", "baa3e5ea895332010737abc6dfda2ab3e127bd744bf38f4ffb5ef838ccc24fb3"),
        ])
    func hmac(_ text: String, _ expected: String) throws {
        #expect(try signature(.hmac, Examples.secretText, text) == expected)
    }

    @Test(
        "Ed25519 signatures are those that another program computes",
        arguments: [
            (
                "symbol=BTCUSDT&side=BUY&timestamp=1700000000000",
                "Gg4ltDTHhlE5MWyul666eAF4lt0IVLsLmJPwaNpmhS6uKs2eiDvSxK3O1hEQZbcCigH6RpgGS0UDnNiSZl4yCA=="
            ),
            (
                "apiKey=exampleExampleExample0001&symbol=币USDT&timestamp=1700000000002",
                "zZdv+V3pW01mSrU3GlqCSQW40tofyclCe4orkr8FdRQokLTNYB9sBF9UVVdyuHYsYHVs0DcyIpUxSjUxJaGcBQ=="
            ),
        ])
    func ed25519(_ text: String, _ expected: String) throws {
        #expect(try signature(.ed25519, Examples.privateKey(), text) == expected)
    }

    @Test("Ed25519 signs as RFC 8032 shows it, the empty message")
    func standard() throws {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
        let bytes = stride(from: 0, to: 64, by: 2).map { place in
            let start = seed.index(seed.startIndex, offsetBy: place)
            return UInt8(seed[start..<seed.index(start, offsetBy: 2)], radix: 16)!
        }
        let key = try SigningKey(.ed25519, Secret(text: Examples.privateKey(bytes)), name: "main")
        #expect(
            SigningKey.hexadecimal(try key.signature(of: ""))
                == "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0"
                + "595bbe24655141438e7a100b")
    }

    @Test(
        "what is no secret of HMAC is refused without being repeated",
        arguments: ["", "short", "with a blank 0123456789", "ünïcode-0123456789", String(repeating: "x", count: 257)])
    func badSecret(_ text: String) throws {
        let error = #expect(throws: KeyStoreError.self) { try SigningKey(.hmac, Secret(text: text), name: "main") }
        #expect(error?.kind == .malformed && (text.isEmpty || error?.description.contains(text) == false))
    }

    @Test("what is no private key is refused")
    func badKey() {
        let body = Examples.privateKey()
        for text in [
            "", "nonsense", Examples.secretText, String(body.dropLast(40)),
            body.replacingOccurrences(of: "MC4C", with: "MC5C"),
        ] {
            let error = #expect(throws: KeyStoreError.self) {
                try SigningKey(.ed25519, Secret(text: text), name: "main")
            }
            #expect(error?.kind == .malformed && error?.detail.contains("BEGIN PRIVATE KEY") == true)
        }
    }

    @Test("a private key with something long behind it is refused, since it could not be kept")
    func longKey() {
        let text = Examples.privateKey() + String(repeating: "more ", count: 4_000)
        let error = #expect(throws: KeyStoreError.self) { try SigningKey(.ed25519, Secret(text: text), name: "main") }
        #expect(error?.kind == .malformed && error?.detail.contains("longer") == true)
    }

    @Test("a private key of another kind is refused with the command that makes one")
    func otherKey() {
        // X25519 has the same form and signs nothing.
        let frame: [UInt8] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20]
        let text = Data(frame + Array(1...32)).base64EncodedString()
        let pem = "-----BEGIN PRIVATE KEY-----\n\(text)\n-----END PRIVATE KEY-----\n"
        let error = #expect(throws: KeyStoreError.self) { try SigningKey(.ed25519, Secret(text: pem), name: "main") }
        #expect(error?.detail.contains("openssl genpkey -algorithm ed25519") == true)
    }

    @Test("many threads sign with one key at once")
    func together() async throws {
        let key = try SigningKey(.ed25519, Secret(text: Examples.privateKey()), name: "main")
        let first = try key.signatureText(of: "text")
        await withTaskGroup(of: String?.self) { group in
            for _ in 0..<32 { group.addTask { try? key.signatureText(of: "text") } }
            for await signature in group { #expect(signature == first) }
        }
    }

    @Test("a signing key shows its kind only")
    func hidden() throws {
        let key = try SigningKey(.hmac, Secret(text: Examples.secretText), name: "main")
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] { #expect(!text.contains("example")) }
    }
}
