@testable import Terminal

/// SplitMix64: the same numbers from the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

extension Canvas {
    /// A canvas of random glyphs, wide ones among them, in random styles of the 256 palette.
    static func random(size: Size, using generator: inout SeededGenerator) -> Canvas {
        let glyphs: [Unicode.Scalar] = ["a", "Z", "0", "─", "▀", "█", "⣿", "┃", "é", "世", "界", " ", " ", " "]
        var styles: [Style] = [.plain]
        for _ in 0..<12 {
            let front = UInt8.random(in: 16...255, using: &generator)
            let back = UInt8.random(in: 16...255, using: &generator)
            styles.append(
                Style(
                    foreground: Bool.random(using: &generator) ? .palette(front) : .ansi(front & 15),
                    background: Bool.random(using: &generator) ? .palette(back) : .terminalDefault,
                    attributes: Attributes(rawValue: UInt8.random(in: 0...31, using: &generator))))
        }
        var canvas = Canvas(size: size)
        for y in 0..<size.height {
            var x = 0
            while x < size.width {
                let run = Int.random(in: 1...9, using: &generator)
                let style = styles[Int.random(in: 0..<styles.count, using: &generator)]
                let glyph = glyphs[Int.random(in: 0..<glyphs.count, using: &generator)]
                for _ in 0..<run where x < size.width {
                    x += max(1, canvas.put(scalar: glyph, x: x, y: y, style: style))
                }
            }
        }
        return canvas
    }
}
