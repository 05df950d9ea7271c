import Glibc

/// The lines of a byte source, one after the other, without copying them.
///
/// A line ends with a line feed, a carriage return before it is dropped. A line longer than the longest that is wanted is
/// skipped and given as `nil`.
final class LineReader {
    /// The longest line that is read, in bytes; no row of candles comes near it.
    static let longestLine = 64 << 10

    /// The number of the line given last, from 1.
    private(set) var lineNumber = 0
    /// Whether the line given last was ended by the end of the data instead of a line feed.
    private(set) var lastLineIsOpen = false
    /// Where the bytes come from.
    let source: ByteSource

    private let longestLine: Int
    private let buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var isAtEnd = false

    /// - Parameter longestLine: the longest line that is wanted, less than a megabyte.
    init(_ source: ByteSource, longestLine: Int = LineReader.longestLine) throws(IngestionError) {
        self.source = source
        self.longestLine = longestLine
        buffer = .allocate(byteCount: 1 << 20, alignment: 16)
        try fill()
        // The byte-order mark that some spreadsheets write.
        if end >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { start = 3 }
    }

    deinit { buffer.deallocate() }

    /// The next line and whether there was one; the bytes are valid until the next call, `nil` for a line too long.
    func next() throws(IngestionError) -> (isThere: Bool, bytes: UnsafeRawBufferPointer?) {
        lastLineIsOpen = false
        if let length = lengthOfLine(from: start) { return (true, take(length, terminator: 1)) }
        try refill()
        if let length = lengthOfLine(from: start) { return (true, take(length, terminator: 1)) }
        if isAtEnd {
            guard start < end else { return (false, nil) }
            lastLineIsOpen = true
            return (true, take(end - start, terminator: 0))
        }
        try skipLine()
        lineNumber += 1
        return (true, nil)
    }

    /// Calls `body` with each of the next lines that are in memory already, at most `count`, without consuming them.
    func peek(_ count: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
        var position = start
        for _ in 0..<count {
            guard let length = lengthOfLine(from: position) else {
                if isAtEnd && position < end { body(line(position, end - position)) }
                return
            }
            body(line(position, length))
            position += length + 1
        }
    }

    private func take(_ length: Int, terminator: Int) -> UnsafeRawBufferPointer? {
        defer { start += length + terminator }
        lineNumber += 1
        return length > longestLine ? nil : line(start, length)
    }

    private func line(_ position: Int, _ length: Int) -> UnsafeRawBufferPointer {
        var length = length
        if length > 0, buffer[position + length - 1] == 0x0D { length -= 1 }
        return UnsafeRawBufferPointer(rebasing: buffer[position..<position + length])
    }

    private func lengthOfLine(from position: Int) -> Int? {
        guard position < end, let found = memchr(buffer.baseAddress! + position, 0x0A, end - position) else {
            return nil
        }
        return UnsafeRawPointer(found) - UnsafeRawPointer(buffer.baseAddress! + position)
    }

    /// Moves what is left to the front and reads on until the buffer is full.
    private func refill() throws(IngestionError) {
        if start > 0 {
            memmove(buffer.baseAddress!, buffer.baseAddress! + start, end - start)
            end -= start
            start = 0
        }
        try fill()
    }

    private func fill() throws(IngestionError) {
        while end < buffer.count && !isAtEnd {
            let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
            if count == 0 { isAtEnd = true }
            end += count
        }
    }

    /// Drops bytes through the next line feed.
    private func skipLine() throws(IngestionError) {
        while true {
            if let length = lengthOfLine(from: start) {
                start += length + 1
                return
            }
            start = end
            try refill()
            if start == end && isAtEnd { return }
        }
    }
}
