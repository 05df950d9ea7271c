import CStandIn
import Foundation

/// Signs with the key of a PEM file, as a client would.
enum Ed25519File {
    /// The signature over a text in base64; `nil` when the file holds no key.
    static func sign(_ text: String, _ path: String) throws -> String? {
        let pem = try String(contentsOfFile: path, encoding: .utf8)
        let body = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        // PKCS#8 of Ed25519 (RFC 8410): sixteen bytes before the key's 32.
        guard let der = Data(base64Encoded: body), der.count == 48 else { return nil }
        let seed = [UInt8](der.suffix(32))
        let bytes = Array(text.utf8)
        var signature = [UInt8](repeating: 0, count: 64)
        guard standin_ed25519_sign(seed, bytes, bytes.count, &signature) == 1 else { return nil }
        return Data(signature).base64EncodedString()
    }
}
