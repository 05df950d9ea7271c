import Glibc

/// The bytes of a file by their place.
final class ParquetSource: Sendable {
    /// How many bytes there are.
    let size: Int
    private let descriptor: Int32
    private let memory: [UInt8]

    /// - Throws: `ParquetError` when it can't be opened, or can't be read at any place.
    init(path: String) throws(ParquetError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw ParquetError(.cannotOpen, "", String(cString: strerror(errno))) }
        // Looked at before it is opened: a pipe that is opened and closed again ends its writer.
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ParquetError(.cannotOpen, "", "it is no file; Parquet is read from its end")
        }
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            throw ParquetError(.cannotOpen, "", String(cString: strerror(errno)))
        }
        size = Int(status.st_size)
        memory = []
    }

    /// Bytes in memory.
    init(_ bytes: [UInt8]) {
        descriptor = -1
        size = bytes.count
        memory = bytes
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The bytes of a range.
    ///
    /// - Throws: `ParquetError` when they can't be read; `malformed` when they end early.
    func read(_ range: Range<Int>, _ place: String) throws(ParquetError) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= size else {
            throw ParquetError(.malformed, place, "bytes \(range.lowerBound)–\(range.upperBound) lie outside the file")
        }
        if descriptor < 0 { return Array(memory[range]) }
        var failure: Int32?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count {
                let count = pread(
                    descriptor, buffer.baseAddress! + filled, range.count - filled, range.lowerBound + filled)
                if count < 0 && errno == EINTR { continue }
                if count < 0 { failure = errno }
                if count <= 0 { return }
                filled += count
            }
        }
        if let failure { throw ParquetError(.cannotRead, place, String(cString: strerror(failure))) }
        // Shorter than it was when it was opened: somebody cut it meanwhile.
        guard bytes.count == range.count else { throw ParquetError(.malformed, place, "the file ends too early") }
        return bytes
    }
}
