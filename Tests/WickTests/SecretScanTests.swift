import CZstd
import Foundation
import Testing

@Suite("Looking for secrets finds them")
struct SecretScanTests {
    private let secret = "an example/secret+of 30 letters"
    private var scan: SecretScan { SecretScan([("the example", Data(secret.utf8))]) }

    @Test("in every form in which bytes get into texts")
    func forms() {
        let bytes = Data(secret.utf8)
        let hexadecimal = bytes.map { String(Int($0) + 256, radix: 16).dropFirst() }.joined()
        for text in [
            secret, "x" + secret + "y", hexadecimal, hexadecimal.uppercased(), bytes.base64EncodedString(),
            Data("a\(secret)".utf8).base64EncodedString(), Data("ab\(secret)z".utf8).base64EncodedString(),
            Data("user:\(secret)".utf8).base64EncodedString(), "an%20example%2Fsecret%2Bof%2030%20letters",
            "an+example%2Fsecret%2Bof+30+letters", #"an example\/secret+of 30 letters"#,
        ] {
            #expect(!scan.findings(in: Data(text.utf8)).isEmpty, "\(text)")
        }
        #expect(scan.findings(in: Data(secret.dropLast().utf8)).isEmpty)
    }

    @Test("in what is packed, wherever it begins in a file", arguments: ["zstd", "gzip"])
    func packed(form: String) throws {
        let sandbox = try Sandbox()
        // Letters without a pattern: what is packed is not merely put there as it is.
        var state: UInt32 = 7
        let letters = (0..<4_000).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return "acefilmnoprstx /"[String.Index(utf16Offset: Int(state >> 28), in: "acefilmnoprstx /")]
        }
        let plain = String(letters) + secret + String(letters.reversed())
        if form == "zstd" {
            let text = Array(plain.utf8)
            var packed = [UInt8](repeating: 0, count: ZSTD_compressBound(text.count))
            let size = ZSTD_compress(&packed, packed.count, text, text.count, 3)
            try #require(ZSTD_isError(size) == 0)
            try Data(packed[..<size]).write(to: URL(fileURLWithPath: sandbox.path("packed")))
        } else {
            try sandbox.write(plain, "plain")
            try #require(sandbox.shell("gzip -c plain > packed").status == 0)
        }
        try #require(sandbox.shell("{ printf HEAD; cat packed; printf TAIL; } > inside").status == 0)
        for name in ["packed", "inside"] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: sandbox.path(name)))
            #expect(bytes.range(of: Data(secret.utf8)) == nil)
            #expect(!scan.findings(in: bytes).isEmpty, "\(name)")
        }
    }
}
