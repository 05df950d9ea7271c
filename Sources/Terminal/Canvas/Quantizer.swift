import Glibc

extension Color {
    /// Red, green and blue of a colour; nil for the terminal's own, which nobody can know.
    ///
    /// ANSI colours are given as xterm shows them; a terminal's palette may differ.
    public var channels: (red: UInt8, green: UInt8, blue: UInt8)? {
        switch kind {
        case .terminalDefault: nil
        case .ansi(let index): Quantizer.paletteChannels(index)
        case .palette(let index): Quantizer.paletteChannels(index)
        case .rgb(let red, let green, let blue): (red, green, blue)
        }
    }

    /// The nearest colour a terminal of the given depth can show.
    ///
    /// - Complexity: O(colours of the palette); meant to be cached per colour.
    public func quantized(to depth: ColorDepth) -> Color {
        switch (depth, kind) {
        case (.none, _): .terminalDefault
        case (.trueColor, _), (_, .terminalDefault), (_, .ansi): self
        case (.palette256, .palette): self
        case (.palette256, .rgb(let red, let green, let blue)):
            .palette(Quantizer.nearest256(red: red, green: green, blue: blue))
        case (.ansi16, .palette(let index)) where index < 16: .ansi(index)
        case (.ansi16, _):
            channels.map { .ansi(Quantizer.nearest16(red: $0.red, green: $0.green, blue: $0.blue)) } ?? self
        }
    }
}

/// Finds the nearest palette entry of a colour.
enum Quantizer {
    /// Channel values of the 6×6×6 cube.
    static let cubeSteps: [UInt8] = [0, 95, 135, 175, 215, 255]

    /// The 16 ANSI colours as xterm ships them.
    static let ansi: [(red: UInt8, green: UInt8, blue: UInt8)] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
        (255, 255, 255),
    ]

    static func paletteChannels(_ index: UInt8) -> (red: UInt8, green: UInt8, blue: UInt8) {
        if index < 16 { return ansi[Int(index)] }
        if index >= 232 {
            let grey = 8 + 10 * (index - 232)
            return (grey, grey, grey)
        }
        let cube = Int(index) - 16
        return (cubeSteps[cube / 36], cubeSteps[cube / 6 % 6], cubeSteps[cube % 6])
    }

    /// Nearest entry of cube and grey ramp. The first 16 entries are left out: users redefine them.
    static func nearest256(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
        UInt8(nearest(Oklab(red, green, blue), among: 16..<256))
    }

    /// Nearest of the 16 ANSI colours as xterm shows them.
    static func nearest16(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
        UInt8(nearest(Oklab(red, green, blue), among: 0..<16))
    }

    private static func nearest(_ wanted: Oklab, among indices: Range<Int>) -> Int {
        var best = indices.lowerBound
        var bestDistance = Float.infinity
        for index in indices {
            let distance = wanted.squaredDistance(to: palette[index])
            if distance < bestDistance { (best, bestDistance) = (index, distance) }
        }
        return best
    }

    private static let palette: [Oklab] = (0..<256).map { index in
        let color = paletteChannels(UInt8(index))
        return Oklab(color.red, color.green, color.blue)
    }
}

/// A colour in the Oklab space (Ottosson, 2020), in which distances are what the eye sees: near-greys stay grey and
/// muted greens stay green, unlike with distances between red, green and blue.
struct Oklab {
    let lightness: Float
    let a: Float
    let b: Float

    init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        let r = Oklab.linear[Int(red)]
        let g = Oklab.linear[Int(green)]
        let b = Oklab.linear[Int(blue)]
        let long = cbrtf(0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b)
        let medium = cbrtf(0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b)
        let short = cbrtf(0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b)
        lightness = 0.210_454_255_3 * long + 0.793_617_785 * medium - 0.004_072_046_8 * short
        a = 1.977_998_495_1 * long - 2.428_592_205 * medium + 0.450_593_709_9 * short
        self.b = 0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766 * short
    }

    func squaredDistance(to other: Oklab) -> Float {
        let light = lightness - other.lightness
        let first = a - other.a
        let second = b - other.b
        return light * light + first * first + second * second
    }

    /// Linear light of an sRGB channel, 0…1.
    static let linear: [Float] = (0..<256).map { value in
        let share = Float(value) / 255
        return share <= 0.04045 ? share / 12.92 : powf((share + 0.055) / 1.055, 2.4)
    }
}
