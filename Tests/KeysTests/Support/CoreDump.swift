import Foundation
import Glibc
import Testing

@testable import Keys

/// What a core dump of this process would hold.
enum CoreDump {
    /// How often bytes stand in memory that can be written and is not kept out of core dumps.
    static func count(_ bytes: Secret) throws -> Int {
        let memory = open("/proc/self/mem", O_RDONLY)
        try #require(memory >= 0)
        defer { close(memory) }
        return try regions().reduce(0) { $0 + count(bytes, $1, memory) }
    }

    /// The stretches of memory that can be written and are dumped.
    private static func regions() throws -> [Range<UInt64>] {
        var regions: [Range<UInt64>] = []
        var current: Range<UInt64>?
        for line in try text(of: "/proc/self/smaps").split(separator: "\n") {
            if line.hasPrefix("VmFlags:") {
                if let current, !line.split(separator: " ").contains("dd") { regions.append(current) }
                current = nil
            } else if let words = Optional(line.split(separator: " ")), words.count >= 5, words[1].hasPrefix("rw") {
                let ends = words[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
                current = ends.count == 2 ? ends[0]..<ends[1] : nil
            }
        }
        return regions
    }

    /// A file of the kernel, whose size is told as nothing, to its end.
    private static func text(of path: String) throws -> String {
        let file = open(path, O_RDONLY)
        try #require(file >= 0)
        defer { close(file) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(file, &buffer, buffer.count), count > 0 { text += buffer[..<count] }
        return String(decoding: text, as: UTF8.self)
    }

    private static func count(_ bytes: Secret, _ region: Range<UInt64>, _ memory: Int32) -> Int {
        let size = 1 << 20
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        defer { buffer.deallocate() }
        var found = 0
        var place = region.lowerBound
        while place < region.upperBound {
            let read = pread(memory, buffer, min(size, Int(region.upperBound - place)), off_t(place))
            // What other tests gave back meanwhile is not there any more.
            guard read > bytes.count else { break }
            bytes.withBytes { bytes in
                var start = 0
                while start + bytes.count <= read,
                    let hit = memchr(buffer + start, Int32(bytes[0]), read - start - bytes.count + 1)
                {
                    // Byte by byte: what compares many at once leaves them in a register, from where they may get to a stack.
                    if bytes.indices.allSatisfy({ hit.load(fromByteOffset: $0, as: UInt8.self) == bytes[$0] }) {
                        found += 1
                    }
                    start = buffer.distance(to: hit) + 1
                }
            }
            // A hit across the end is found in the next stretch.
            place += UInt64(read < size ? read : read - bytes.count + 1)
        }
        return found
    }
}
