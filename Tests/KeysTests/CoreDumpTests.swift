import CCrypto
import Foundation
import Glibc
import Testing

@testable import Keys

@Suite("Keys and core dumps", .serialized)
struct CoreDumpTests {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// A private key that is nowhere but on the pages of secrets: its bytes, its text, and the part of the text that holds them.
    private func key() -> (seed: Secret, text: Secret, body: Secret) {
        let seed = Secret(count: 32) { bytes in
            _ = RAND_bytes(bytes.bindMemory(to: UInt8.self).baseAddress, 32)
            // Memory is full of zeros, each of which would be looked at.
            bytes[0] = 0xA7
        }
        let frame: [UInt8] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]
        let head = Array("-----BEGIN PRIVATE KEY-----\n".utf8)
        let tail = Array("\n-----END PRIVATE KEY-----\n".utf8)
        let text = Secret(count: head.count + 64 + tail.count) { target in
            target.copyBytes(from: head)
            seed.withBytes { seed in
                func byte(_ place: Int) -> Int { Int(place < 16 ? frame[place] : seed[place - 16]) }
                for group in 0..<16 {
                    let value = byte(3 * group) << 16 | byte(3 * group + 1) << 8 | byte(3 * group + 2)
                    for digit in 0..<4 {
                        target[head.count + 4 * group + digit] = Self.digits[value >> (18 - 6 * digit) & 63]
                    }
                }
            }
            for (place, byte) in tail.enumerated() { target[head.count + 64 + place] = byte }
        }
        return (seed, text, text.part(head.count + 24..<head.count + 64))
    }

    @Test("the search finds what lies in memory that is dumped")
    func search() throws {
        let (seed, _, _) = key()
        #expect(try CoreDump.count(seed) == 0)
        let copy = UnsafeMutableRawPointer.allocate(byteCount: 32, alignment: 16)
        defer { copy.deallocate() }
        seed.withBytes { copy.copyMemory(from: $0.baseAddress!, byteCount: 32) }
        #expect(try CoreDump.count(seed) >= 1)
        memset(copy, 0, 32)
    }

    @Test("a private key that signs is nowhere in what a core dump would hold, nor is its text")
    func privateKey() throws {
        let (seed, text, body) = key()
        let signing = try SigningKey(.ed25519, text, name: "main")
        let first = try signing.signature(of: "text")
        #expect(try CoreDump.count(seed) == 0)
        #expect(try CoreDump.count(body) == 0)
        #expect(try signing.signature(of: "text") == first)
    }

    @Test("the text of a key is read in the ways that programs write it")
    func forms() throws {
        let seed = Array(1...32 as ClosedRange<UInt8>)
        let usual = Examples.privateKey(seed)
        let frame: [UInt8] = [0x30, 0x51, 2, 1, 1, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]
        let withPublic = Data(frame + seed + [0x81, 0x21, 0] + [UInt8](repeating: 7, count: 32)).base64EncodedString()
        let wrapped = withPublic.prefix(64) + "\r\n" + withPublic.dropFirst(64)
        let begin = "-----BEGIN PRIVATE KEY-----"
        let end = "-----END PRIVATE KEY-----"
        for text in [usual, "a note\n" + usual, "\(begin)\r\n\(wrapped)\r\n\(end)"] {
            #expect(PrivateKeyText.seed(Secret(text: text))?.withBytes { Array($0) } == seed)
        }
        for text in ["", begin, String(usual.dropLast(40)), usual.replacingOccurrences(of: "MC4C", with: "MC5C")] {
            #expect(PrivateKeyText.seed(Secret(text: text)) == nil)
        }
    }
}
