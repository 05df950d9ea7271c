import CStandIn

/// A key that acts for an account.
struct APIKey: Sendable {
    /// What a client sends to say who it is.
    var name: String
    var kind: Kind

    /// How requests are signed.
    enum Kind: Sendable {
        /// HMAC-SHA256 with a shared secret, its ASCII bytes.
        case hmac(secret: String)
        /// Ed25519 with the client's private key; the public one, 32 bytes.
        case ed25519(publicKey: [UInt8])
    }

    /// Whether a signature is this key's over a payload.
    ///
    /// - Parameter signature: hexadecimal for HMAC in either case, base64 for Ed25519.
    func verifies(_ signature: String, over payload: String) -> Bool {
        let bytes = Array(payload.utf8)
        switch kind {
        case .hmac(let secret):
            let key = Array(secret.utf8)
            var digest = [UInt8](repeating: 0, count: 32)
            guard standin_hmac_sha256(key, key.count, bytes, bytes.count, &digest) == 1 else { return false }
            return APIKey.isSame(Hexadecimal.text(digest), signature.lowercased())
        case .ed25519(let publicKey):
            guard let raw = Base64.bytes(signature), raw.count == 64 else { return false }
            return standin_ed25519_verify(publicKey, bytes, bytes.count, raw) == 1
        }
    }

    /// Compares in a time that does not depend on where two texts differ.
    private static func isSame(_ a: String, _ b: String) -> Bool {
        guard a.utf8.count == b.utf8.count else { return false }
        return zip(a.utf8, b.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Whether a text can be a key at all.
    static func isWellFormed(_ name: String) -> Bool {
        name.utf8.count == 64
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            }
    }
}

/// Bytes as hexadecimal digits.
enum Hexadecimal {
    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// Bytes as base64 (RFC 4648), with its padding.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The bytes of a text, or `nil` when it is no base64.
    static func bytes(_ text: String) -> [UInt8]? {
        var digits = Array(text.utf8)
        guard digits.count % 4 == 0 else { return nil }
        var padding = 0
        while padding < 2, digits.last == 0x3D {
            digits.removeLast()
            padding += 1
        }
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for digit in digits {
            guard let value = alphabet.firstIndex(of: digit) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    /// The text of bytes.
    static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let part = bytes[index..<min(index + 3, bytes.count)]
            var bits: UInt32 = 0
            for offset in 0..<3 { bits = bits << 8 | UInt32(offset < part.count ? part[index + offset] : 0) }
            for digit in 0..<4 {
                text.append(digit <= part.count ? alphabet[Int(bits >> UInt32(18 - 6 * digit) & 63)] : 0x3D)
            }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }
}
