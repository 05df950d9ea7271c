import CZlib
import CZstd
import Foundation
import Testing

/// Looks for what must not be seen in everything that a run left: files as they are and unpacked, output, answers.
struct SecretScan {
    /// What a form of a secret looks like, and how it is told without showing it.
    private let forms: [(name: String, bytes: Data)]

    /// - Parameter secrets: the secrets, by what they are called.
    init(_ secrets: [(name: String, bytes: Data)]) {
        forms = secrets.flatMap { secret in SecretScan.forms(of: secret.bytes).map { ("\(secret.name) \($0.0)", $0.1) }
        }
    }

    /// The ways in which bytes get into texts.
    static func forms(of secret: Data) -> [(String, Data)] {
        let text = String(decoding: secret, as: UTF8.self)
        let hexadecimal = secret.map { String(Int($0) + 256, radix: 16).dropFirst() }.joined()
        var forms = [
            ("as it is", secret), ("in hexadecimal", Data(hexadecimal.utf8)),
            ("in hexadecimal", Data(hexadecimal.uppercased().utf8)),
        ]
        if Data(text.utf8) == secret {
            forms.append(("with percent signs", Data(percent(text).utf8)))
            forms.append(("with plus signs", Data(percent(text).replacingOccurrences(of: "%20", with: "+").utf8)))
            forms.append(("in JSON", Data(text.replacingOccurrences(of: "/", with: "\\/").utf8)))
            forms.append(("in wide letters", Data(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })))
        }
        // Within a longer text its base64 depends on where it begins; the ends of it on what stands beside it.
        for shift in 0..<3 {
            let padded = (Data(count: shift) + secret).base64EncodedString().filter { $0 != "=" }
            let inner = padded.dropFirst(shift == 0 ? 0 : shift + 1).dropLast((secret.count + shift) % 3 == 0 ? 0 : 1)
            forms.append(("in base64", Data(inner.utf8)))
            let safe = inner.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            forms.append(("in base64 of addresses", Data(safe.utf8)))
        }
        var known: Set<Data> = []
        return forms.filter { known.insert($0.1).inserted }
    }

    private static func percent(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: CharacterSet.alphanumerics.union(.init(charactersIn: "-._~")))
            ?? text
    }

    /// Which secrets stand in bytes, in which forms, and whether packed.
    func findings(in bytes: Data) -> [String] {
        let plain = forms.filter { bytes.range(of: $0.bytes) != nil }.map(\.name)
        let packed = SecretScan.unpacked(bytes).flatMap { inner in
            forms.filter { inner.range(of: $0.bytes) != nil }.map { $0.name + ", packed" }
        }
        return plain + packed
    }

    /// That none stands in a text that somebody can see.
    func expectNone(in text: String, _ place: String) { expectNone(in: Data(text.utf8), place) }

    /// That none stands in bytes.
    func expectNone(in bytes: Data, _ place: String) {
        let found = findings(in: bytes)
        #expect(found.isEmpty, "\(place) holds \(found.joined(separator: "; "))")
    }

    /// That none stands in any file below a directory.
    ///
    /// - Parameter leaving: which paths are not looked at, by how they begin.
    /// - Returns: the files that were looked through.
    @discardableResult
    func expectNone(below directory: String, leaving: [String] = []) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: directory).filter { name in
            !leaving.contains { name.hasPrefix($0) }
        }
        return names.filter { name in
            var status = stat()
            // A socket has no contents, and a directory neither.
            guard lstat(directory + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                let bytes = FileManager.default.contents(atPath: directory + "/" + name)
            else { return false }
            expectNone(in: Data(name.utf8), "the name of \(name)")
            expectNone(in: bytes, name)
            return true
        }
    }

    // MARK: - Unpacking

    /// What is packed in bytes, wherever a packed stretch begins; what it ends in the middle of is unpacked as far as it goes.
    static func unpacked(_ bytes: Data) -> [Data] {
        let all = [UInt8](bytes)
        return places(of: [0x28, 0xB5, 0x2F, 0xFD], in: bytes).map { zstd(all[$0...]) }
            + places(of: [0x1F, 0x8B, 0x08], in: bytes).map { gzip(all[$0...]) }
    }

    private static func places(of mark: [UInt8], in bytes: Data) -> [Int] {
        var places: [Int] = []
        var rest = bytes.startIndex..<bytes.endIndex
        while let hit = bytes.range(of: Data(mark), in: rest) {
            places.append(hit.lowerBound - bytes.startIndex)
            rest = (hit.lowerBound + 1)..<bytes.endIndex
        }
        return places
    }

    private static func zstd(_ bytes: ArraySlice<UInt8>) -> Data {
        let stream = ZSTD_createDStream()
        defer { ZSTD_freeDStream(stream) }
        var result = Data()
        var room = [UInt8](repeating: 0, count: 1 << 17)
        bytes.withUnsafeBytes { source in
            var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
            while true {
                let (left, count) = room.withUnsafeMutableBytes { target in
                    var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    return (ZSTD_decompressStream(stream, &output, &input), output.pos)
                }
                result += room[..<count]
                // One frame: the next one is found by its own mark.
                if ZSTD_isError(left) != 0 || left == 0 || (count == 0 && input.pos == input.size) { return }
            }
        }
        return result
    }

    private static func gzip(_ bytes: ArraySlice<UInt8>) -> Data {
        var stream = z_stream()
        guard czlib_inflate_init(&stream) == Z_OK else { return Data() }
        defer { inflateEnd(&stream) }
        var result = Data()
        var room = [UInt8](repeating: 0, count: 1 << 17)
        var source = Array(bytes)
        source.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            while true {
                let (code, count) = room.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    let code = inflate(&stream, Z_NO_FLUSH)
                    return (code, target.count - Int(stream.avail_out))
                }
                result += room[..<count]
                if code != Z_OK || (count == 0 && stream.avail_in == 0) { return }
            }
        }
        return result
    }
}
