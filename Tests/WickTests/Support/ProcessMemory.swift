import Foundation
import Testing

/// Looks into the memory of another process, as a debugger of the same user may.
enum ProcessMemory {
    /// The environment that the kernel shows of a process: the memory in which it was started with it, as it is now.
    static func environment(of process: Int32) throws -> Data { try contents("/proc/\(process)/environ") }

    /// How often bytes stand in memory that a process can write to; `nil` where nobody may look.
    static func count(_ text: String, in process: Int32) throws -> Int? {
        let memory = open("/proc/\(process)/mem", O_RDONLY | O_CLOEXEC)
        guard memory >= 0 else { return nil }
        defer { close(memory) }
        let wanted = Array(text.utf8)
        return try regions(of: process).reduce(0) { $0 + count(wanted, $1, memory) }
    }

    /// The children of a process.
    static func children(of process: Int32) throws -> [Int32] {
        String(decoding: try contents("/proc/\(process)/task/\(process)/children"), as: UTF8.self)
            .split(separator: " ").compactMap { Int32($0) }
    }

    /// The files that a process has in its memory.
    static func libraries(of process: Int32) throws -> [String] {
        String(decoding: try contents("/proc/\(process)/maps"), as: UTF8.self).split(separator: "\n").compactMap {
            line in
            line.firstIndex(of: "/").map { String(line[$0...]) }
        }
    }

    private static func regions(of process: Int32) throws -> [Range<UInt64>] {
        String(decoding: try contents("/proc/\(process)/maps"), as: UTF8.self).split(separator: "\n").compactMap {
            line in
            let words = line.split(separator: " ")
            guard words.count >= 2, words[1].hasPrefix("rw") else { return nil }
            let ends = words[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
            return ends.count == 2 ? ends[0]..<ends[1] : nil
        }
    }

    private static func count(_ wanted: [UInt8], _ region: Range<UInt64>, _ memory: Int32) -> Int {
        let size = 1 << 20
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        defer { buffer.deallocate() }
        var found = 0
        var place = region.lowerBound
        while place < region.upperBound {
            let got = pread(memory, buffer, min(size, Int(region.upperBound - place)), off_t(place))
            guard got >= wanted.count else { break }
            var start = 0
            while start + wanted.count <= got,
                let hit = memchr(buffer + start, Int32(wanted[0]), got - start - wanted.count + 1)
            {
                if memcmp(hit, wanted, wanted.count) == 0 { found += 1 }
                start = buffer.distance(to: hit) + 1
            }
            // What lies across the end is found in the next stretch.
            place += UInt64(got < size ? got : got - wanted.count + 1)
        }
        return found
    }

    /// A file of the kernel, whose size is told as nothing.
    private static func contents(_ path: String) throws -> Data {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        try #require(file >= 0, "\(path): \(String(cString: strerror(errno)))")
        defer { close(file) }
        var contents = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(file, &buffer, buffer.count), count > 0 { contents += buffer[..<count] }
        return contents
    }
}
