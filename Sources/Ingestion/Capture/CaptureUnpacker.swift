import CZstd
import Glibc

/// The bytes of one part of a capture, unpacked a piece at a time. Memory does not grow with the file.
final class CaptureUnpacker {
    /// Why the bytes end where they do not end in order; `nil` while nothing is wrong.
    private(set) var damage: String?
    /// What its end says; `nil` for a part that was not ended in order.
    let end: CaptureFrames.End?

    /// How much is unpacked at once.
    private static let room = 128 << 10

    private let path: String
    private let descriptor: Int32
    private let context: OpaquePointer
    private var input = [UInt8](repeating: 0, count: 64 << 10)
    private var inputPlace = 0
    private var inputEnd = 0
    private var isInsideFrame = false
    private var isFull = false
    private var isAtEnd = false

    /// Opens a part.
    ///
    /// - Throws: `IngestionError` when it can't be read, or does not begin as a capture does.
    init(_ path: String) throws(IngestionError) {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw IngestionError(.cannotOpen, path, String(cString: strerror(errno))) }
        guard let context = ZSTD_createDCtx() else {
            Glibc.close(descriptor)
            throw IngestionError(.cannotRead, path, "there is no memory to unpack it")
        }
        (self.descriptor, self.context) = (descriptor, context)
        // A frame that wants more than any writer uses is damaged, or meant to take the memory.
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 24)
        end = CaptureUnpacker.end(descriptor)
        try fill()
        guard inputEnd >= CaptureFrames.beginning.count, input.starts(with: CaptureFrames.beginning) else {
            throw IngestionError(.notCapture, path, "it does not begin as a capture does")
        }
    }

    deinit {
        ZSTD_freeDCtx(context)
        close(descriptor)
    }

    private static func end(_ descriptor: Int32) -> CaptureFrames.End? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size >= off_t(CaptureFrames.endCount) else { return nil }
        var bytes = [UInt8](repeating: 0, count: CaptureFrames.endCount)
        let count = pread(descriptor, &bytes, bytes.count, status.st_size - off_t(bytes.count))
        return count == bytes.count ? CaptureFrames.end(bytes) : nil
    }

    /// Appends the next bytes; false at the end, where `damage` says whether it is one.
    func read(into buffer: inout [UInt8]) throws(IngestionError) -> Bool {
        while !isAtEnd {
            if inputPlace == inputEnd, !isFull {
                try fill()
                if inputEnd == 0 {
                    isAtEnd = true
                    if isInsideFrame { damage = "it ends in the middle" }
                    return false
                }
            }
            var status = 0
            let part = [UInt8](unsafeUninitializedCapacity: CaptureUnpacker.room) { target, produced in
                input.withUnsafeBytes { source in
                    var from = ZSTD_inBuffer(src: source.baseAddress, size: inputEnd, pos: inputPlace)
                    var to = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    status = ZSTD_decompressStream(context, &to, &from)
                    inputPlace = from.pos
                    produced = to.pos
                }
            }
            buffer.append(contentsOf: part)
            guard ZSTD_isError(status) == 0 else {
                isAtEnd = true
                damage = "it is damaged (\(String(cString: ZSTD_getErrorName(status))))"
                return !part.isEmpty
            }
            isInsideFrame = status != 0
            isFull = part.count == CaptureUnpacker.room
            if !part.isEmpty { return true }
        }
        return false
    }

    private func fill() throws(IngestionError) {
        (inputPlace, inputEnd) = (0, 0)
        while true {
            let count = input.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress!, $0.count) }
            if count >= 0 {
                inputEnd = count
                return
            }
            if errno != EINTR { throw IngestionError(.cannotRead, path, String(cString: strerror(errno))) }
        }
    }
}
