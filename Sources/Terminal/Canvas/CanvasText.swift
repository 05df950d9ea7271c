extension Canvas {
    /// The characters row by row, trailing blanks stripped, rows joined by newlines.
    public func text() -> String {
        var lines: [String] = []
        for y in 0..<size.height {
            var line = String.UnicodeScalarView()
            var end = line.endIndex
            for x in 0..<size.width {
                let cell = cells[y * size.width + x]
                guard !cell.isContinuation, let scalar = Unicode.Scalar(cell.scalar) else { continue }
                line.append(scalar)
                if scalar != " " { end = line.endIndex }
            }
            lines.append(String(line[..<end]))
        }
        return lines.joined(separator: "\n")
    }

    /// The styles row by row as letters, with a legend below: the second layer of a golden frame.
    ///
    /// The first style met, reading left to right and down, is `a`, the next `b`, and so on; styles after the 62nd
    /// share `*`. Blanks in the commonest look are shown as spaces, so an empty area stays empty.
    public func styleText() -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        var letterOf: [Style: Character] = [:]
        var order: [Style] = []
        var counts: [Style: Int] = [:]
        for cell in cells {
            counts[cell.style, default: 0] += 1
            if letterOf[cell.style] == nil {
                letterOf[cell.style] = order.count < letters.count ? letters[order.count] : "*"
                order.append(cell.style)
            }
        }
        let ground = order.max { counts[$0, default: 0] < counts[$1, default: 0] }
        var lines: [String] = []
        for y in 0..<size.height {
            var line = ""
            for x in 0..<size.width {
                let cell = cells[y * size.width + x]
                line.append(cell.scalar == 0x20 && cell.style == ground ? " " : letterOf[cell.style] ?? "*")
            }
            while line.last == " " { line.removeLast() }
            lines.append(line)
        }
        for style in order { lines.append("\(letterOf[style] ?? "*") = \(style)") }
        return lines.joined(separator: "\n")
    }
}

extension Style: CustomStringConvertible {
    /// The style as a theme file would write it, say `#2bb673 on default, bold`.
    public var description: String {
        var text = "\(foreground) on \(background)"
        for (attribute, name) in Attributes.names where attributes.contains(attribute) { text += ", \(name)" }
        return text
    }
}

extension Attributes {
    /// The attributes with the names theme files use.
    static let names: [(Attributes, String)] = [
        (.bold, "bold"), (.dim, "dim"), (.italic, "italic"), (.underline, "underline"), (.reverse, "reverse"),
    ]
}

extension Color: CustomStringConvertible {
    /// The colour as a theme file would write it: `default`, an ANSI name, 0…255 or `#rrggbb`.
    public var description: String {
        switch kind {
        case .terminalDefault: return "default"
        case .ansi(let index): return Color.ansiNames[Int(index)]
        case .palette(let index): return String(index)
        case .rgb(let red, let green, let blue):
            let digits = String(UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue), radix: 16)
            return "#" + String(repeating: "0", count: 6 - digits.count) + digits
        }
    }

    /// Names of the 16 ANSI colours, in order.
    static let ansiNames = [
        "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
        "bright-black", "bright-red", "bright-green", "bright-yellow",
        "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
    ]
}
