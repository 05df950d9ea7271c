import Glibc
import Testing

@testable import Keys

@Suite("secrets")
struct SecretTests {
    @Test("no way of asking for its text shows a secret")
    func hidden() {
        let secret = Secret(text: Examples.secretText)
        var dumped = ""
        dump(secret, to: &dumped)
        let holder: [String: Any] = ["secret": secret, "more": [Optional(secret)]]
        for text in ["\(secret)", String(reflecting: secret), dumped, "\(holder)", String(reflecting: holder)] {
            #expect(!text.contains("example") && text.contains("•••"), "\(text)")
        }
    }

    @Test("an API key shows its first and last four characters only")
    func masked() throws {
        let key = try #require(APIKey(Examples.apiKeyText))
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(text.contains("exam…0001") && !text.contains("pleEx"), "\(text)")
        }
    }

    @Test("a stored key shows neither half of it")
    func stored() throws {
        let key = try Examples.key()
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(!text.contains(Examples.secretText) && !text.contains(Examples.apiKeyText), "\(text)")
        }
    }

    @Test("a secret holds the bytes it is made of, and they are gone from where they were")
    func wiping() {
        var bytes = Array("hush hush".utf8)
        let secret = Secret(wiping: &bytes)
        #expect(bytes.isEmpty && secret.withBytes { Array($0) } == Array("hush hush".utf8))
    }

    @Test("secrets are equal when their bytes are")
    func equality() {
        #expect(Secret(text: "one") == Secret(text: "one"))
        #expect(Secret(text: "one") != Secret(text: "two") && Secret(text: "one") != Secret(text: "ones"))
        #expect(Secret(text: "") == Secret(text: ""))
    }

    @Test("a secret larger than a page keeps its ends")
    func large() {
        let secret = Secret(count: 10_000) { bytes in for index in bytes.indices { bytes[index] = UInt8(index % 251) } }
        #expect(secret.withBytes { $0[9_999] } == UInt8(9_999 % 251))
        #expect(secret.part(9_998..<10_000).withBytes { Array($0) } == [UInt8(9_998 % 251), UInt8(9_999 % 251)])
    }

    @Test(
        "blanks and line breaks around a text are not part of it",
        arguments: [("  a b\r\n", "a b"), ("a", "a"), ("\n", ""), ("", ""), ("\tx", "x")])
    func trimmed(_ text: String, _ expected: String) {
        #expect(Secret(text: text).trimmed() == Secret(text: expected))
    }

    @Test(
        "the first line and the rest are told apart",
        arguments: [("a\nb\nc", "a", "b\nc"), ("a", "a", ""), ("\nb", "", "b")])
    func lines(_ text: String, _ line: String, _ rest: String) {
        let parts = Secret(text: text).firstLine()
        #expect(parts.line == Secret(text: line) && parts.rest == Secret(text: rest))
    }

    @Test(
        "what is no API key is refused",
        arguments: [
            "", "short", "with blank 0123456789", "newline0123456789\n", "ünïcode0123456789",
            String(repeating: "a", count: 257),
        ])
    func noKey(_ text: String) { #expect(APIKey(text) == nil) }
}
