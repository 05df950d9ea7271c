/// The first bytes of a frame: what it is and how long (RFC 6455, section 5.2), checked as far as it can be by itself.
struct FrameHeader: Hashable {
    var kind: Kind
    /// Whether it ends its message.
    var isFinal: Bool
    /// Whether its message is packed.
    var isPacked: Bool
    /// The length of its payload.
    var length: Int

    /// The kinds of frame that there are.
    enum Kind: UInt8 {
        case continuation = 0, text, binary
        case close = 8, ping, pong

        var isControl: Bool { rawValue >= 8 }
    }

    /// The most bytes of a header without a mask.
    static let longest = 10

    /// Reads a header from the front of bytes.
    ///
    /// - Returns: it, and how many bytes it takes; `nil` when there are too few bytes.
    static func read(_ bytes: UnsafeRawBufferPointer) throws(ProtocolViolation) -> (FrameHeader, size: Int)? {
        guard let first = bytes.first else { return nil }
        guard let kind = Kind(rawValue: first & 0x0F) else {
            throw violation("a frame of the reserved kind \(first & 0x0F)")
        }
        guard first & 0x30 == 0 else { throw violation("a frame with reserved bits") }
        let isFinal = first & 0x80 != 0
        let isPacked = first & 0x40 != 0
        guard isFinal || !kind.isControl else { throw violation("a control frame in fragments") }
        guard bytes.count >= 2 else { return nil }
        guard bytes[1] & 0x80 == 0 else { throw violation("a masked frame from the server") }
        let short = Int(bytes[1])
        guard short <= 125 || !kind.isControl else { throw violation("a control frame of more than 125 bytes") }
        let size = short == 126 ? 4 : short == 127 ? 10 : 2
        guard bytes.count >= size else { return nil }
        let length: UInt64
        switch size {
        case 2: length = UInt64(short)
        case 4: length = UInt64(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
        default: length = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
        }
        guard length <= UInt64(Int64.max), size != 4 || length > 125, size != 10 || length > 0xFFFF else {
            throw violation("a length that is not written as it should be")
        }
        return (FrameHeader(kind: kind, isFinal: isFinal, isPacked: isPacked, length: Int(length)), size)
    }

    private static func violation(_ detail: String) -> ProtocolViolation {
        ProtocolViolation(CloseCode.protocolError, detail)
    }
}
