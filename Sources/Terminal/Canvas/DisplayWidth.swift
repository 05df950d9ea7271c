/// How many columns characters take on a terminal, and which characters may reach one at all.
public enum DisplayWidth {
    /// Columns a scalar takes: 0 for combining marks, controls and format characters, 2 for East Asian wide and
    /// emoji, else 1.
    ///
    /// - Complexity: O(1) for what we draw ourselves, O(log n) in the number of wide ranges otherwise.
    @inlinable
    public static func columns(of scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return isPlainLatin(value) ? 1 : 0 }
        if value >= 0x2500 && value <= 0x25FC || value >= 0x2800 && value <= 0x28FF { return 1 }
        return slowColumns(of: scalar)
    }

    /// Columns a text takes after sanitising; what ``Canvas/put(_:x:y:style:maxWidth:)`` would use.
    public static func columns(of text: String) -> Int {
        var width = 0
        for scalar in text.unicodeScalars {
            if let shown = sanitized(scalar) { width += columns(of: shown) }
        }
        return width
    }

    /// What to show for a scalar of outside text: itself, a space for white space, or nothing.
    ///
    /// Controls, escapes, bidirectional overrides, zero-width and combining characters are left out, so that a
    /// headline or a symbol name can neither send commands to the terminal nor shift or reorder what stands beside it.
    @inlinable
    public static func sanitized(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        let value = scalar.value
        if value >= 0x20 && value < 0x7F { return scalar }
        if value == 0x09 || value == 0x0A || value == 0x0D || value == 0xA0 { return " " }
        if value == 0x2028 || value == 0x2029 { return " " }
        return columns(of: scalar) == 0 ? nil : scalar
    }

    /// The text with everything a terminal must not see removed; see ``sanitized(_:)``.
    public static func sanitized(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let shown = sanitized(scalar) { result.append(shown) }
        }
        return String(result)
    }

    /// The text sanitised and, when it is wider than `width`, cut and closed with `ellipsis`.
    ///
    /// For words only: numbers are never cut, see ``Table``.
    public static func truncated(_ text: String, to width: Int, ellipsis: Unicode.Scalar = "…") -> String {
        guard width > 0 else { return "" }
        var result = String.UnicodeScalarView()
        var used = 0
        var endOfFit = result.endIndex
        for scalar in text.unicodeScalars {
            guard let shown = sanitized(scalar) else { continue }
            let columns = columns(of: shown)
            if used + columns > width {
                result.removeSubrange(endOfFit...)
                result.append(ellipsis)
                return String(result)
            }
            result.append(shown)
            used += columns
            if used <= width - 1 { endOfFit = result.endIndex }
        }
        return String(result)
    }

    @usableFromInline
    static func isPlainLatin(_ value: UInt32) -> Bool {
        value >= 0x20 && value < 0x7F || value >= 0xA0 && value != 0xAD
    }

    @usableFromInline
    static func slowColumns(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control, .surrogate, .unassigned, .lineSeparator,
            .paragraphSeparator:
            return 0
        default:
            break
        }
        let value = scalar.value
        if value >= 0x1160 && value <= 0x11FF { return 0 }
        var low = 0
        var high = wideRanges.count
        while low < high {
            let middle = (low + high) / 2
            if value > wideRanges[middle].upperBound {
                low = middle + 1
            } else if value < wideRanges[middle].lowerBound {
                high = middle
            } else {
                return 2
            }
        }
        return 1
    }

    /// Wide and fullwidth ranges of Unicode's EastAsianWidth, unassigned gaps closed.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0, 0x23F3...0x23F3,
        0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F, 0x2693...0x2693, 0x26A1...0x26A1,
        0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5, 0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA,
        0x26F2...0x26F3, 0x26F5...0x26F5, 0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B,
        0x2728...0x2728, 0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
        0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55, 0x2E80...0x303E,
        0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x1B2FB, 0x1F004...0x1F004,
        0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E, 0x1F191...0x1F19A, 0x1F200...0x1F320, 0x1F32D...0x1F335,
        0x1F337...0x1F37C, 0x1F37E...0x1F393, 0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0,
        0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E, 0x1F440...0x1F440, 0x1F442...0x1F4FC, 0x1F4FF...0x1F53D,
        0x1F54B...0x1F54E, 0x1F550...0x1F567, 0x1F57A...0x1F57A, 0x1F595...0x1F596, 0x1F5A4...0x1F5A4,
        0x1F5FB...0x1F64F, 0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6DF,
        0x1F6EB...0x1F6EF, 0x1F6F4...0x1F6FF, 0x1F7E0...0x1F7F0, 0x1F90C...0x1F93A, 0x1F93C...0x1F945,
        0x1F947...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
    ]
}
