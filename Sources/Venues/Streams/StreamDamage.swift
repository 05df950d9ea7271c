/// Why a message of a venue can't be taken. The message as a whole is refused: nothing of it was acted on.
///
/// After a damaged message of a book nobody knows what it would have changed: the book is stale.
public struct StreamDamage: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of damage it is.
    public var kind: Kind
    /// What was expected, in words.
    public var detail: String
    /// The byte at which it was noticed.
    public var offset: Int
    /// What stands around there: at most eighty characters, with whatever could be a key masked.
    public var excerpt: String

    /// The kinds of damage.
    public enum Kind: Sendable, Hashable, CaseIterable {
        /// It is no JSON, or nested deeper than any message of a venue.
        case notJSON
        /// Something that is needed is not there, twice there, or of another type.
        case field
        /// A number has more decimals than the instrument keeps, or does not fit.
        case number
        /// What it says can't be: update numbers that run backwards, a price of zero, a time of another century.
        case contradiction
        /// It holds more than any message of a venue.
        case tooLarge
    }

    init(_ kind: Kind, _ detail: String, at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        self.kind = kind
        self.detail = detail
        self.offset = offset
        excerpt = StreamDamage.excerpt(bytes, around: offset)
    }

    /// What was expected, where, and what stands there, in one line.
    public var description: String { "\(detail), at byte \(offset): \(excerpt)" }

    /// How many characters at most are shown, and how many in one word before it is taken for a key.
    private static let (shown, longestWord) = (80, 23)

    /// The bytes around an offset as plain ASCII, long words masked.
    private static func excerpt(_ bytes: UnsafeBufferPointer<UInt8>, around offset: Int) -> String {
        let middle = min(max(offset, 0), bytes.count)
        var start = max(0, min(middle - shown / 2, bytes.count - shown))
        var end = min(bytes.count, start + shown)
        // A word that is cut would look shorter than it is: it is followed to both its ends, within reason.
        while start > 0, middle - start < 512, isWord(bytes[start - 1]), isWord(bytes[start]) { start -= 1 }
        while end < bytes.count, end - middle < 512, isWord(bytes[end]), isWord(bytes[end - 1]) { end += 1 }
        var text = start > 0 ? "…" : ""
        var word = ""
        func flush() {
            text += word.utf8.count > longestWord ? "•••" : word
            word = ""
        }
        for byte in bytes[start..<end] {
            if isWord(byte) {
                word.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                flush()
                text.unicodeScalars.append((0x20..<0x7F).contains(byte) ? Unicode.Scalar(byte) : "·")
            }
        }
        flush()
        return text + (end < bytes.count ? "…" : "")
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || [0x2B, 0x2D, 0x2F, 0x5F].contains(byte)
    }
}
