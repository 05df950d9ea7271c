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

    @Test("in what is packed, wherever it begins in a file", arguments: ["zstd -q -c", "gzip -c"])
    func packed(tool: String) throws {
        let sandbox = try Sandbox()
        // Letters without a pattern: what is packed is not merely put there as it is.
        var state: UInt32 = 7
        let letters = (0..<4_000).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return "acefilmnoprstx /"[String.Index(utf16Offset: Int(state >> 28), in: "acefilmnoprstx /")]
        }
        try sandbox.write(String(letters) + secret + String(letters.reversed()), "plain")
        guard
            try sandbox.shell("\(tool) plain > packed && { printf HEAD; cat packed; printf TAIL; } > inside").status
                == 0
        else { return }
        for name in ["packed", "inside"] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: sandbox.path(name)))
            #expect(bytes.range(of: Data(secret.utf8)) == nil)
            #expect(!scan.findings(in: bytes).isEmpty, "\(name)")
        }
    }
}
