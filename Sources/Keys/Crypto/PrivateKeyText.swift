import CCrypto

/// Reads the PEM of a private key of Ed25519 without a copy of it anywhere but on the pages of secrets: libcrypto's own reader
/// leaves what it has decoded on the heap.
enum PrivateKeyText {
    private static let begin = Array("-----BEGIN PRIVATE KEY-----".utf8)
    private static let end = Array("-----END PRIVATE KEY-----".utf8)
    /// What stands behind the length and the version in PKCS#8: the algorithm 1.3.101.112 and the frames of the key.
    private static let frame: [UInt8] = [0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20]
    /// Where the key itself stands.
    private static let place = 16

    /// The 32 bytes of the key; `nil` where the text is something else, or written in a way that only libcrypto reads.
    static func seed(_ text: Secret) -> Secret? {
        guard let body = body(text), body.count % 4 == 0, !body.isEmpty else { return nil }
        var count: Int32 = 0
        // It decodes in place of nothing else: it takes and gives plain memory.
        let decoded = Secret(count: body.count / 4 * 3) { (bytes) in
            count = body.withBytes { body in
                EVP_DecodeBlock(
                    bytes.bindMemory(to: UInt8.self).baseAddress, body.bindMemory(to: UInt8.self).baseAddress,
                    Int32(body.count))
            }
        }
        guard count == decoded.count else { return nil }
        let isKey = decoded.withBytes { bytes in
            bytes.count >= place + 32 && bytes[0] == 0x30 && bytes[1] < 0x80 && bytes.count >= 2 + Int(bytes[1])
                && Int(bytes[1]) >= place - 2 + 32 && bytes[2] == 2 && bytes[3] == 1 && bytes[4] < 2
                && bytes[5..<place].elementsEqual(frame)
        }
        return isKey ? decoded.part(place..<place + 32) : nil
    }

    /// The base64 between the lines of the first PEM, without line breaks.
    private static func body(_ text: Secret) -> Secret? {
        let range = text.withBytes { bytes -> Range<Int>? in
            guard let start = find(begin, in: bytes, from: 0).map({ $0 + begin.count }),
                let stop = find(end, in: bytes, from: start)
            else { return nil }
            return start..<stop
        }
        guard let range else { return nil }
        return text.withBytes { bytes in
            let line = bytes[range]
            func isBase64(_ byte: UInt8) -> Bool { byte > 0x20 }
            return Secret(count: line.count(where: isBase64)) { (target) in
                var place = 0
                for byte in line where isBase64(byte) {
                    target[place] = byte
                    place += 1
                }
            }
        }
    }

    private static func find(_ words: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard bytes.count - words.count >= start else { return nil }
        return (start...bytes.count - words.count).first { place in
            bytes[place..<place + words.count].elementsEqual(words)
        }
    }
}
