import Bytes

/// Frames on a stream: a length of four bytes, little-endian, and as many bytes.
enum Frames {
    /// Appends a frame whose content `body` writes.
    static func append(to writer: inout ByteWriter, _ body: (inout ByteWriter) -> Void) {
        var content = ByteWriter()
        body(&content)
        writer.fixed(UInt32(content.count))
        writer.raw(content.bytes)
    }
}

/// Puts frames together from what a socket brings.
struct FrameReader {
    /// A frame that is longer than may be; nothing that follows can be trusted.
    struct TooLong: Error {
        var bytes: Int
    }

    private let maximumBytes: Int
    private var input: [UInt8] = []
    private var place = 0

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    /// Takes what was read.
    mutating func append(_ bytes: some Sequence<UInt8>) { input.append(contentsOf: bytes) }

    /// The content of the next frame; `nil` when it is not complete yet.
    mutating func next() throws(TooLong) -> ArraySlice<UInt8>? {
        guard input.count - place >= 4 else {
            compact()
            return nil
        }
        var length = 0
        for index in 0..<4 { length |= Int(input[place + index]) << (8 * index) }
        guard length <= maximumBytes else { throw TooLong(bytes: length) }
        guard input.count - place - 4 >= length else {
            compact()
            return nil
        }
        defer { place += 4 + length }
        return input[(place + 4)..<(place + 4 + length)]
    }

    private mutating func compact() {
        guard place > 0 else { return }
        input.removeSubrange(..<place)
        place = 0
    }
}
