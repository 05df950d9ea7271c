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
    /// - Complexity: O(1) to 256 colours; the 16-colour search looks at 16 candidates. Meant to be cached per colour.
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

    /// Nearest entry of cube and grey ramp. The first 16 entries are left out: themes of users redefine them.
    static func nearest256(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
        func step(_ value: UInt8) -> Int {
            value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40
        }
        let (r, g, b) = (step(red), step(green), step(blue))
        let cubeIndex = UInt8(16 + 36 * r + 6 * g + b)
        let luma = (2126 * Int(red) + 7152 * Int(green) + 722 * Int(blue)) / 10000
        let greyIndex = UInt8(232 + max(0, min(23, (luma - 3) / 10)))
        let wanted = (red: red, green: green, blue: blue)
        let isGreyNearer =
            distance(wanted, paletteChannels(greyIndex)) < distance(wanted, paletteChannels(cubeIndex))
        return isGreyNearer ? greyIndex : cubeIndex
    }

    static func nearest16(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
        var best: UInt8 = 0
        var bestDistance = Int.max
        for index in 0..<UInt8(16) {
            let distance = distance((red: red, green: green, blue: blue), ansi[Int(index)])
            if distance < bestDistance { (best, bestDistance) = (index, distance) }
        }
        return best
    }

    /// Weighted squared distance that follows the eye better than a plain one: the weights of red and blue move with
    /// the mean red ("redmean", Riemersma's low-cost approximation).
    static func distance(
        _ a: (red: UInt8, green: UInt8, blue: UInt8), _ b: (red: UInt8, green: UInt8, blue: UInt8)
    ) -> Int {
        let mean = (Int(a.red) + Int(b.red)) / 2
        let red = Int(a.red) - Int(b.red)
        let green = Int(a.green) - Int(b.green)
        let blue = Int(a.blue) - Int(b.blue)
        return (512 + mean) * red * red + 1024 * green * green + (767 - mean) * blue * blue
    }
}
