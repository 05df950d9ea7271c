import CZstd

/// Compresses a capture as it comes. What was flushed can be unpacked whatever becomes of the rest.
final class CapturePacker {
    private let context: OpaquePointer
    private var output = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())

    /// `nil` when there is no memory.
    init?() {
        guard let context = ZSTD_createCCtx() else { return nil }
        self.context = context
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 3)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Packs bytes and appends what comes of it, all of it: nothing stays inside.
    ///
    /// - Parameter ends: whether the frame ends here; a checksum of all that is in it closes it.
    func pack(_ bytes: [UInt8], ends: Bool, into packed: inout [UInt8]) {
        var used = 0
        while true {
            let left = bytes.withUnsafeBytes { source in
                output.withUnsafeMutableBytes { target in
                    var from = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: used)
                    var to = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    let left = ZSTD_compressStream2(context, &to, &from, ends ? ZSTD_e_end : ZSTD_e_flush)
                    used = from.pos
                    packed.append(contentsOf: target[..<to.pos])
                    return left
                }
            }
            // Only wrong parameters and a lack of memory fail, and both would have shown at the beginning.
            precondition(ZSTD_isError(left) == 0, "zstd packs any bytes")
            if left == 0 { return }
        }
    }
}

/// The frames of a capture that hold no entries: unpacking passes over them.
enum CaptureFrames {
    /// What a capture begins with: the head of a frame to be skipped, then its name.
    static let beginning: [UInt8] = [0x5C, 0x2A, 0x4D, 0x18, 8, 0, 0, 0] + Array("wickcap1".utf8)
    /// What closes a part that was ended in order.
    struct End: Equatable {
        /// When its last entry came, in nanoseconds.
        var lastTime: Int64
        /// How many messages all parts up to it hold.
        var messages: Int64
        /// Whether another part was begun behind it.
        var isFollowed: Bool
    }

    /// How many bytes close a part that was ended in order.
    static let endCount = 32
    private static let endMark: [UInt8] = [0x5D, 0x2A, 0x4D, 0x18, 24, 0, 0, 0]
    /// The name in the mark of the last part, and in that of one behind which another was begun. Captures of before have the
    /// first of them behind every part.
    private static let (last, followed) = (Array("wickend1".utf8), Array("wickmore".utf8))

    /// What closes a part: the time of the last entry in nanoseconds, how many messages all parts so far hold, and whether
    /// another part follows.
    static func end(lastTime: Int64, messages: Int64, isFollowed: Bool = false) -> [UInt8] {
        var bytes = endMark + (isFollowed ? followed : last)
        for value in [lastTime, messages] {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// What the last bytes of a part say; `nil` when it was not ended in order.
    static func end(_ bytes: [UInt8]) -> End? {
        guard bytes.count == endCount, bytes.starts(with: endMark) else { return nil }
        let name = bytes[endMark.count..<endMark.count + last.count]
        guard name.elementsEqual(last) || name.elementsEqual(followed) else { return nil }
        return bytes.withUnsafeBytes { bytes in
            End(
                lastTime: Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 16, as: Int64.self)),
                messages: Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 24, as: Int64.self)),
                isFollowed: name.elementsEqual(followed))
        }
    }
}
