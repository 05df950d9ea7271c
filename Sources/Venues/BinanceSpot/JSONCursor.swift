/// Walks over the bytes of a JSON text, value by value, without making anything of what is not asked for.
///
/// Every step says whether it found what it looked for; what comes after a step that did not is meaningless. What it
/// steps over is JSON: whatever is taken here, a general decoder takes, too.
struct JSONCursor {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Where it stands.
    var index = 0

    /// No answer of a venue nests deeper.
    private static let deepest = 32

    init(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int = 0) {
        self.bytes = bytes
        self.index = index
    }

    /// Whether only blanks are left.
    mutating func isAtEnd() -> Bool {
        skipBlanks()
        return index == bytes.count
    }

    /// Steps over a mark, with blanks before it; stays where it is when something else is there.
    @inline(__always)
    mutating func take(_ mark: UInt8) -> Bool {
        skipBlanks()
        guard index < bytes.count, bytes[index] == mark else { return false }
        index += 1
        return true
    }

    /// Whether a mark comes next, with blanks before it.
    @inline(__always)
    mutating func sees(_ mark: UInt8) -> Bool {
        skipBlanks()
        return index < bytes.count && bytes[index] == mark
    }

    /// A whole number, or `nil` when there is none, one with a fraction, or one that doesn't fit.
    mutating func integer() -> Int64? {
        skipBlanks()
        let isNegative = index < bytes.count && bytes[index] == 0x2D
        if isNegative { index += 1 }
        let start = index
        var value: Int64 = 0
        while index < bytes.count, case let digit = bytes[index] &- 0x30, digit <= 9 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(digit))
            if overflow || carry { return nil }
            value = sum
            index += 1
        }
        // JSON has no leading zeros, and what goes on is no whole number.
        guard index > start, index - start == 1 || bytes[start] != 0x30 else { return nil }
        if index < bytes.count, bytes[index] == 0x2E || bytes[index] | 0x20 == 0x65 { return nil }
        return isNegative ? -value : value
    }

    /// `true` or `false`, or `nil`.
    mutating func boolean() -> Bool? {
        skipBlanks()
        if takeWord("true") { return true }
        return takeWord("false") ? false : nil
    }

    /// The bytes of a string without escapes; `nil` when there is something else.
    @inline(__always)
    mutating func plainString() -> UnsafeBufferPointer<UInt8>? {
        guard take(0x22) else { return nil }
        let start = index
        var seen: UInt8 = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x22 {
                index += 1
                let string = UnsafeBufferPointer(rebasing: bytes[start..<index - 1])
                return seen < 0x80 || JSONCursor.isUTF8(string) ? string : nil
            }
            if byte == 0x5C || byte < 0x20 { return nil }
            seen |= byte
            index += 1
        }
        return nil
    }

    /// Steps over any value; whether there was one.
    mutating func skipValue(depth: Int = 0) -> Bool {
        skipBlanks()
        guard index < bytes.count, depth < JSONCursor.deepest else { return false }
        switch bytes[index] {
        case 0x22: return skipString()
        case 0x5B: return skipList(0x5D, depth) { $0.skipValue(depth: depth + 1) }
        case 0x7B:
            return skipList(0x7D, depth) { cursor in
                cursor.skipBlanks()
                return cursor.skipString() && cursor.take(0x3A) && cursor.skipValue(depth: depth + 1)
            }
        case 0x74: return takeWord("true")
        case 0x66: return takeWord("false")
        case 0x6E: return takeWord("null")
        default: return skipNumber()
        }
    }

    @inline(__always)
    private mutating func skipList(_ end: UInt8, _ depth: Int, _ element: (inout JSONCursor) -> Bool) -> Bool {
        index += 1
        if take(end) { return true }
        repeat {
            guard element(&self) else { return false }
        } while take(0x2C)
        return take(end)
    }

    private mutating func skipString() -> Bool {
        guard index < bytes.count, bytes[index] == 0x22 else { return false }
        index += 1
        let start = index
        var seen: UInt8 = 0
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case 0x22:
                index += 1
                return seen < 0x80 || JSONCursor.isUTF8(UnsafeBufferPointer(rebasing: bytes[start..<index - 1]))
            case 0x5C: guard escape() != nil else { return false }
            case 0..<0x20: return false
            default:
                seen |= byte
                index += 1
            }
        }
        return false
    }

    /// Steps over a number as JSON writes them.
    private mutating func skipNumber() -> Bool {
        if bytes[index] == 0x2D { index += 1 }
        let start = index
        guard skipDigits() > 0, index - start == 1 || bytes[start] != 0x30 else { return false }
        if index < bytes.count, bytes[index] == 0x2E {
            index += 1
            guard skipDigits() > 0 else { return false }
        }
        if index < bytes.count, bytes[index] | 0x20 == 0x65 {
            index += 1
            if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D { index += 1 }
            guard skipDigits() > 0 else { return false }
        }
        return true
    }

    /// Steps over digits; how many there were.
    private mutating func skipDigits() -> Int {
        let start = index
        while index < bytes.count, bytes[index] &- 0x30 <= 9 { index += 1 }
        return index - start
    }

    private mutating func takeWord(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard index + length <= bytes.count else { return false }
        for offset in 0..<length where bytes[index + offset] != word.utf8Start[offset] { return false }
        index += length
        return true
    }

    @inline(__always)
    mutating func skipBlanks() {
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            index += 1
        }
    }
}
