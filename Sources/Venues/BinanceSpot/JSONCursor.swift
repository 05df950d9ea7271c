/// Walks over the bytes of a JSON text, value by value, without making anything of what is not asked for.
///
/// Every step says whether it found what it looked for; what comes after a step that did not is meaningless.
struct JSONCursor {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// Where it stands.
    private(set) var index = 0

    /// No answer of a venue nests deeper.
    private static let deepest = 32

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

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
        if index < bytes.count, [0x2E, 0x65, 0x45].contains(bytes[index]) { return nil }
        return isNegative ? -value : value
    }

    /// The bytes of a string without escapes; `nil` when there is something else.
    mutating func plainString() -> UnsafeBufferPointer<UInt8>? {
        guard take(0x22) else { return nil }
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x22 {
                index += 1
                return UnsafeBufferPointer(rebasing: bytes[start..<index - 1])
            }
            if byte == 0x5C || byte < 0x20 { return nil }
            index += 1
        }
        return nil
    }

    /// Steps over any value; whether there was one. Nothing of it is looked at beyond where it ends.
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
        default: return skipWord()
        }
    }

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
        while index < bytes.count {
            switch bytes[index] {
            case 0x22:
                index += 1
                return true
            case 0x5C: index += 2
            case 0..<0x20: return false
            default: index += 1
            }
        }
        return false
    }

    /// A number, `true`, `false` or `null`.
    private mutating func skipWord() -> Bool {
        let start = index
        while index < bytes.count, ![0x2C, 0x5D, 0x7D, 0x20, 0x0A, 0x0D, 0x09, 0x3A].contains(bytes[index]) {
            index += 1
        }
        let word = bytes[start..<index]
        let isNumber =
            word.first.map { $0 == 0x2D || (0x30...0x39).contains($0) } ?? false
            && word.allSatisfy { (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }
        return isNumber || ["true", "false", "null"].contains { $0.utf8.elementsEqual(word) }
    }

    @inline(__always)
    private mutating func skipBlanks() {
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            index += 1
        }
    }
}
