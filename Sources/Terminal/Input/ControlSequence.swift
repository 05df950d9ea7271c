/// A control sequence `ESC [ … final`, taken apart.
struct ControlSequence {
    private let prefix: UInt8?
    private let numbers: [Int]
    private let isRelease: Bool
    private let final: UInt8
    private let isAlt: Bool

    init(_ parameters: [UInt8], final: UInt8, isAlt: Bool) {
        self.final = final
        self.isAlt = isAlt
        var rest = parameters[...]
        if let first = rest.first, (0x3C...0x3F).contains(first) {
            prefix = first
            rest = rest.dropFirst()
        } else {
            prefix = nil
        }
        var numbers: [Int] = []
        var isRelease = false
        for part in rest.split(separator: 0x3B, omittingEmptySubsequences: false) {
            // kitty puts the kind of event after a colon; 3 is a release.
            let pieces = part.split(separator: 0x3A, omittingEmptySubsequences: false)
            let digits = (pieces.first ?? []).filter { (0x30...0x39).contains($0) }.prefix(7)
            numbers.append(Int(String(decoding: digits, as: UTF8.self)) ?? 0)
            if numbers.count == 2, pieces.count > 1, pieces[1].elementsEqual([0x33]) { isRelease = true }
        }
        self.numbers = numbers
        self.isRelease = isRelease
    }

    /// What the sequence means; nil when nothing to us.
    var event: InputEvent? {
        if prefix == 0x3C { return mouse }
        guard prefix == nil, !isRelease else { return nil }
        switch final {
        case 0x49 where numbers == [] || numbers == [0]: return .focus(true)
        case 0x4F where numbers == [] || numbers == [0]: return .focus(false)
        default: return chord.map { .key($0) }
        }
    }

    private func number(_ index: Int) -> Int { index < numbers.count ? numbers[index] : 0 }

    private var chord: Chord? {
        var modifiers = ControlSequence.modifiers(number(1))
        if isAlt { modifiers.insert(.alt) }
        switch final {
        case 0x41...0x44, 0x46, 0x48, 0x50...0x53:
            // A cursor report ends in R as well; F3 always has 1, or nothing, as its first number.
            guard number(0) <= 1 else { return nil }
            return ControlSequence.lettered[final].map { Chord($0, modifiers) }
        case 0x5A: return Chord(.backtab, modifiers.subtracting(.shift))
        case 0x61...0x64:  // rxvt, shifted arrows
            return ControlSequence.lettered[final - 0x20].map { Chord($0, modifiers.union(.shift)) }
        case 0x75: return ControlSequence.character(number(0), modifiers)
        case 0x7E where number(0) == 27: return ControlSequence.character(number(2), modifiers)
        case 0x7E: return ControlSequence.numbered[number(0)].map { Chord($0, modifiers) }
        case 0x5E: return ControlSequence.numbered[number(0)].map { Chord($0, modifiers.union(.control)) }
        case 0x40: return ControlSequence.numbered[number(0)].map { Chord($0, modifiers.union([.control, .shift])) }
        case 0x24: return ControlSequence.numbered[number(0)].map { Chord($0, modifiers.union(.shift)) }
        default: return nil
        }
    }

    private var mouse: InputEvent? {
        guard numbers.count == 3, final == 0x4D || final == 0x6D else { return nil }
        let code = numbers[0]
        let position = Point(x: max(0, numbers[1] - 1), y: max(0, numbers[2] - 1))
        var modifiers: KeyModifiers = []
        if code & 4 != 0 { modifiers.insert(.shift) }
        if code & 8 != 0 { modifiers.insert(.alt) }
        if code & 16 != 0 { modifiers.insert(.control) }
        let button = code & 3
        if code & 64 != 0 {
            guard button < 2, final == 0x4D else { return nil }
            return .mouse(
                MouseEvent(action: button == 0 ? .scrollUp : .scrollDown, position: position, modifiers: modifiers))
        }
        guard button < 3 else { return nil }
        let action: MouseEvent.Action = final == 0x6D ? .release : code & 32 != 0 ? .drag : .press
        return .mouse(MouseEvent(action: action, button: button, position: position, modifiers: modifiers))
    }

    /// What follows `ESC O`.
    static func singleShift(_ byte: UInt8, isAlt: Bool) -> Chord? {
        let modifiers: KeyModifiers = isAlt ? .alt : []
        if byte == 0x4D { return Chord(.enter, modifiers) }
        if (0x61...0x64).contains(byte) {  // rxvt, arrows with Control
            return lettered[byte - 0x20].map { Chord($0, modifiers.union(.control)) }
        }
        return lettered[byte].map { Chord($0, modifiers) }
    }

    /// The xterm modifier number: one more than the sum of 1 shift, 2 alt, 4 control, 8 meta.
    private static func modifiers(_ number: Int) -> KeyModifiers {
        guard number > 1 else { return [] }
        let bits = number - 1
        var result: KeyModifiers = []
        if bits & 1 != 0 { result.insert(.shift) }
        if bits & 2 != 0 || bits & 8 != 0 { result.insert(.alt) }
        if bits & 4 != 0 { result.insert(.control) }
        return result
    }

    /// A key that a terminal reports by its code point.
    private static func character(_ code: Int, _ modifiers: KeyModifiers) -> Chord? {
        switch code {
        case 8, 127: return Chord(.backspace, modifiers)
        case 9: return Chord(.tab, modifiers)
        case 13: return Chord(.enter, modifiers)
        case 27: return Chord(.escape, modifiers)
        default:
            guard code >= 32, let scalar = Unicode.Scalar(UInt32(code)), DisplayWidth.columns(of: scalar) > 0 else {
                return nil
            }
            return Chord(.character(scalar), modifiers)
        }
    }

    private static let lettered: [UInt8: Key] = [
        0x41: .up, 0x42: .down, 0x43: .right, 0x44: .left, 0x46: .end, 0x48: .home,
        0x50: .function(1), 0x51: .function(2), 0x52: .function(3), 0x53: .function(4),
    ]

    private static let numbered: [Int: Key] = [
        1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
        11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5), 17: .function(6),
        18: .function(7), 19: .function(8), 20: .function(9), 21: .function(10), 23: .function(11),
        24: .function(12), 25: .function(13), 26: .function(14), 28: .function(15), 29: .function(16),
        31: .function(17), 32: .function(18), 33: .function(19), 34: .function(20),
    ]
}
