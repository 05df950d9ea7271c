@testable import Terminal

/// A small terminal that understands what ncurses sends for xterm-256color, so that bytes can be compared with the
/// canvas they came from. Anything it does not understand is counted, and tests expect none.
struct VirtualTerminal {
    private(set) var canvas: Canvas
    private(set) var unknown: [String] = []
    private(set) var updates = 0
    private(set) var isUpdating = false
    private(set) var privateModes: Set<Int> = []
    private(set) var bells = 0

    private var x = 0
    private var y = 0
    private var top = 0
    private var bottom = 0
    private var wrapsNext = false
    private var pen = Style.plain
    private var lastScalar: Unicode.Scalar = " "
    private var pendingBytes: [UInt8] = []

    init(size: Size) {
        canvas = Canvas(size: size)
        bottom = size.height
    }

    /// Moves the rows of the scrolling region up, or down for a negative count.
    private mutating func scroll(_ count: Int, from top: Int) {
        var moved = canvas
        guard top < bottom else { return }
        for row in top..<bottom {
            for column in 0..<canvas.size.width {
                moved[column, row] = Cell(" ", style: Style(background: pen.background))
            }
        }
        for row in top..<bottom where (top..<bottom).contains(row - count) {
            for column in 0..<canvas.size.width { moved[column, row - count] = canvas[column, row] }
        }
        canvas = moved
    }

    mutating func resize(_ size: Size) {
        var resized = Canvas(size: size)
        resized.blit(canvas, at: Point(x: 0, y: 0))
        canvas = resized
        (top, bottom) = (0, size.height)
        x = min(x, size.width - 1)
        y = min(y, size.height - 1)
    }

    mutating func write(_ bytes: [UInt8]) {
        var rest = (pendingBytes + bytes)[...]
        pendingBytes = []
        while let byte = rest.first {
            if byte == 0x1B {
                guard let length = sequenceLength(rest) else { break }
                sequence(Array(rest.prefix(length)))
                rest = rest.dropFirst(length)
            } else if byte < 0x20 {
                control(byte)
                rest = rest.dropFirst()
            } else {
                let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
                guard rest.count >= length else { break }
                let text = String(decoding: rest.prefix(length), as: UTF8.self)
                for scalar in text.unicodeScalars { print(scalar) }
                rest = rest.dropFirst(length)
            }
        }
        pendingBytes = Array(rest)
    }

    private func sequenceLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let kind = bytes.dropFirst().first else { return nil }
        if kind == 0x28 || kind == 0x29 { return bytes.count >= 3 ? 3 : nil }
        guard kind == 0x5B else { return 2 }
        for (offset, byte) in bytes.enumerated().dropFirst(2) where byte >= 0x40 && byte <= 0x7E { return offset + 1 }
        return nil
    }

    private mutating func control(_ byte: UInt8) {
        wrapsNext = false
        switch byte {
        case 0x07: bells += 1
        case 0x08: x = max(0, x - 1)
        case 0x09: x = min(canvas.size.width - 1, (x / 8 + 1) * 8)
        case 0x0A:
            if y == bottom - 1 { scroll(1, from: top) } else { y = min(canvas.size.height - 1, y + 1) }
        case 0x0D: x = 0
        case 0x0E, 0x0F: break
        default: unknown.append("control \(byte)")
        }
    }

    private mutating func print(_ scalar: Unicode.Scalar) {
        let columns = DisplayWidth.columns(of: scalar)
        if wrapsNext || x + columns > canvas.size.width {
            x = 0
            if y + 1 < canvas.size.height { y += 1 } else { unknown.append("scrolled") }
        }
        wrapsNext = false
        canvas.put(scalar: scalar, x: x, y: y, style: pen)
        lastScalar = scalar
        x += columns
        if x >= canvas.size.width {
            x = canvas.size.width - 1
            wrapsNext = true
        }
    }

    private mutating func sequence(_ bytes: [UInt8]) {
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        guard bytes[1] == 0x5B else {
            if text == "M" {
                if y == top { scroll(-1, from: top) } else { y = max(0, y - 1) }
                return
            }
            if !["(B", ")0", ">", "=", "7", "8"].contains(text) { unknown.append("ESC " + text) }
            return
        }
        let body = text.dropFirst().dropLast()
        let final = text.last ?? " "
        if body.first == "?" { return privateMode(body.dropFirst(), isOn: final == "h") }
        let numbers = body.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        let first = numbers.first ?? 0
        let count = max(1, first)
        if final != "m", final != "b" { wrapsNext = false }
        switch final {
        case "H":
            y = clamp(count - 1, canvas.size.height)
            x = clamp((numbers.count > 1 ? max(1, numbers[1]) : 1) - 1, canvas.size.width)
        case "A": y = max(0, y - count)
        case "B": y = clamp(y + count, canvas.size.height)
        case "C": x = clamp(x + count, canvas.size.width)
        case "D": x = max(0, x - count)
        case "G": x = clamp(count - 1, canvas.size.width)
        case "d": y = clamp(count - 1, canvas.size.height)
        case "J": eraseDisplay(first)
        case "K": eraseLine(first)
        case "X": erase(y, x..<min(canvas.size.width, x + count))
        case "b": for _ in 0..<count { print(lastScalar) }
        case "Z": x = max(0, (x - 1) / 8 * 8)
        case "m": paint(numbers)
        case "S": scroll(count, from: top)
        case "T": scroll(-count, from: top)
        case "M": scroll(count, from: y)
        case "L": scroll(-count, from: y)
        case "r":
            top = count - 1
            bottom = numbers.count > 1 ? min(numbers[1], canvas.size.height) : canvas.size.height
            (x, y) = (0, 0)
        case "t", "l", "h": break
        default: unknown.append("CSI " + text)
        }
    }

    private func clamp(_ value: Int, _ limit: Int) -> Int { max(0, min(limit - 1, value)) }

    private mutating func privateMode(_ body: Substring, isOn: Bool) {
        for word in body.split(separator: ";") {
            guard let mode = Int(word) else { continue }
            if isOn { privateModes.insert(mode) } else { privateModes.remove(mode) }
            if mode == 2026 {
                isUpdating = isOn
                if !isOn { updates += 1 }
            }
        }
    }

    private mutating func erase(_ row: Int, _ columns: Range<Int>) {
        for column in columns {
            canvas[column, row] = Cell(" ", style: Style(background: pen.background))
        }
    }

    private mutating func eraseLine(_ kind: Int) {
        switch kind {
        case 0: erase(y, x..<canvas.size.width)
        case 1: erase(y, 0..<x + 1)
        default: erase(y, 0..<canvas.size.width)
        }
    }

    private mutating func eraseDisplay(_ kind: Int) {
        if kind == 0 { eraseLine(0) }
        if kind == 1 { eraseLine(1) }
        let rows = kind == 0 ? y + 1..<canvas.size.height : kind == 1 ? 0..<y : 0..<canvas.size.height
        for row in rows { erase(row, 0..<canvas.size.width) }
    }

    private mutating func paint(_ numbers: [Int]) {
        var rest = numbers.isEmpty ? [0] : numbers
        while let code = rest.first {
            rest.removeFirst()
            switch code {
            case 0: pen = .plain
            case 1: pen.attributes.insert(.bold)
            case 2: pen.attributes.insert(.dim)
            case 3: pen.attributes.insert(.italic)
            case 4: pen.attributes.insert(.underline)
            case 7: pen.attributes.insert(.reverse)
            case 22: pen.attributes.subtract([.bold, .dim])
            case 23: pen.attributes.remove(.italic)
            case 24: pen.attributes.remove(.underline)
            case 27: pen.attributes.remove(.reverse)
            case 30...37: pen.foreground = .ansi(UInt8(code - 30))
            case 90...97: pen.foreground = .ansi(UInt8(code - 82))
            case 39: pen.foreground = .terminalDefault
            case 40...47: pen.background = .ansi(UInt8(code - 40))
            case 100...107: pen.background = .ansi(UInt8(code - 92))
            case 49: pen.background = .terminalDefault
            case 38 where rest.count >= 2 && rest[0] == 5:
                pen.foreground = .palette(UInt8(rest[1]))
                rest.removeFirst(2)
            case 48 where rest.count >= 2 && rest[0] == 5:
                pen.background = .palette(UInt8(rest[1]))
                rest.removeFirst(2)
            default: unknown.append("SGR \(code)")
            }
        }
    }
}
