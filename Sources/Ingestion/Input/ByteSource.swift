import CZlib
import Glibc

/// The bytes of a file in order, decompressed where it is gzip (by its first bytes, whatever its name), in chunks.
///
/// Several gzip members behind each other are one stream, as `cat a.gz b.gz` makes them.
final class ByteSource {
    /// The size of the file on disk; 0 for what has none, as a pipe.
    let size: Int64
    /// How many bytes of the file have been read.
    private(set) var position: Int64 = 0
    /// What is wrong with the compressed data, once they have been read up to that point.
    private(set) var damage: String?
    /// Bytes behind the compressed data that are no further member.
    private(set) var hasTrailingGarbage = false

    private let path: String
    private let descriptor: Int32
    private var input = [UInt8](repeating: 0, count: 256 << 10)
    private var inputStart = 0
    private var inputEnd = 0
    private var stream: UnsafeMutablePointer<z_stream>?
    private var isInsideMember = false
    private var isAtEnd = false

    init(path: String) throws(IngestionError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw IngestionError(.cannotOpen, path, String(cString: strerror(errno)))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            throw IngestionError(.cannotOpen, path, "it is a directory")
        }
        size = status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_size) : 0
        try fill()
        if inputEnd >= 2, input[0] == 0x1F, input[1] == 0x8B { try beginInflating() }
    }

    deinit {
        if let stream {
            inflateEnd(stream)
            stream.deallocate()
        }
        close(descriptor)
    }

    /// Reads up to `buffer.count` bytes; 0 at the end. Damaged compressed data end the bytes and set `damage`.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(IngestionError) -> Int {
        if stream != nil { return try inflate(into: buffer) }
        if inputStart == inputEnd { try fill() }
        let count = min(buffer.count, inputEnd - inputStart)
        input.withUnsafeBytes { bytes in
            if count > 0 { memcpy(buffer.baseAddress!, bytes.baseAddress! + inputStart, count) }
        }
        inputStart += count
        return count
    }

    private func fill() throws(IngestionError) {
        inputStart = 0
        inputEnd = 0
        while true {
            let count = input.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress!, $0.count) }
            if count >= 0 {
                inputEnd = count
                position += Int64(count)
                return
            }
            if errno != EINTR { throw IngestionError(.cannotRead, path, String(cString: strerror(errno))) }
        }
    }

    private func beginInflating() throws(IngestionError) {
        // zlib keeps a pointer to its stream, so the stream must not move.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard czlib_inflate_init(stream) == Z_OK else {
            stream.deallocate()
            throw IngestionError(.cannotRead, path, "there is no memory to decompress it")
        }
        self.stream = stream
        isInsideMember = true
    }

    private func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(IngestionError) -> Int {
        guard let stream, !isAtEnd else { return 0 }
        stream.pointee.next_out = buffer.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(buffer.count)
        while stream.pointee.avail_out > 0 && !isAtEnd {
            if inputStart == inputEnd { try fill() }
            if inputEnd == 0 {
                isAtEnd = true
                if isInsideMember { damage = "the compressed data end in the middle" }
                break
            }
            if !isInsideMember {
                guard beginsNextMember(stream) else { continue }
            }
            let result = input.withUnsafeMutableBufferPointer { bytes in
                stream.pointee.next_in = bytes.baseAddress! + inputStart
                stream.pointee.avail_in = UInt32(inputEnd - inputStart)
                let result = CZlib.inflate(stream, Z_NO_FLUSH)
                inputStart = inputEnd - Int(stream.pointee.avail_in)
                return result
            }
            switch result {
            case Z_OK, Z_BUF_ERROR: continue
            case Z_STREAM_END: isInsideMember = false
            default:
                let message = stream.pointee.msg.map { String(cString: $0) } ?? "error \(result)"
                damage = "the compressed data are damaged: \(message)"
                isAtEnd = true
            }
        }
        return buffer.count - Int(stream.pointee.avail_out)
    }

    /// Looks at what follows a finished member: another one, padding, or what does not belong there.
    private func beginsNextMember(_ stream: UnsafeMutablePointer<z_stream>) -> Bool {
        if input[inputStart] == 0x1F {
            inflateReset(stream)
            isInsideMember = true
            return true
        }
        if input[inputStart..<inputEnd].contains(where: { $0 != 0 }) {
            hasTrailingGarbage = true
            isAtEnd = true
        } else {
            inputStart = inputEnd
        }
        return false
    }
}
