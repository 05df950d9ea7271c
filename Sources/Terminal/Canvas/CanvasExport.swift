extension Canvas {
    /// The canvas as text with SGR escapes in 24-bit colour, for printing on a terminal outside a ``Screen``.
    public func ansi() -> String {
        var result = ""
        for y in 0..<size.height {
            var last: Style?
            for x in 0..<size.width {
                let cell = cells[y * size.width + x]
                guard !cell.isContinuation, let scalar = Unicode.Scalar(cell.scalar) else { continue }
                if cell.style != last { result += cell.style.sgr }
                last = cell.style
                result.unicodeScalars.append(scalar)
            }
            result += "\u{1B}[0m\n"
        }
        return result
    }

    /// The canvas as an HTML fragment, one `<pre>` with inline styles: the source of documentation pictures.
    ///
    /// - Parameters:
    ///   - foreground: what ``Color/terminalDefault`` means for glyphs, as red, green, blue.
    ///   - background: the same for backgrounds.
    public func html(
        foreground: Color = .rgb(0xD8, 0xD8, 0xD8), background: Color = .rgb(0x10, 0x12, 0x16)
    ) -> String {
        var result = "<pre class=\"frame\" style=\"color:\(foreground.cssHex);background:\(background.cssHex);"
        result += "line-height:1.2;font-family:monospace\">"
        for y in 0..<size.height {
            var last: Style?
            for x in 0..<size.width {
                let cell = cells[y * size.width + x]
                guard !cell.isContinuation, let scalar = Unicode.Scalar(cell.scalar) else { continue }
                if cell.style != last {
                    if last != nil { result += "</span>" }
                    result += "<span style=\"\(cell.style.css(foreground, background))\">"
                    last = cell.style
                }
                switch scalar {
                case "&": result += "&amp;"
                case "<": result += "&lt;"
                case ">": result += "&gt;"
                default: result.unicodeScalars.append(scalar)
                }
            }
            if last != nil { result += "</span>" }
            result += "\n"
        }
        return result + "</pre>\n"
    }
}

extension Style {
    /// The SGR sequence that switches a terminal from any state to this style.
    var sgr: String {
        var codes = ["0"]
        if attributes.contains(.bold) { codes.append("1") }
        if attributes.contains(.dim) { codes.append("2") }
        if attributes.contains(.italic) { codes.append("3") }
        if attributes.contains(.underline) { codes.append("4") }
        if attributes.contains(.reverse) { codes.append("7") }
        codes += foreground.sgr(base: 30)
        codes += background.sgr(base: 40)
        return "\u{1B}[" + codes.joined(separator: ";") + "m"
    }

    func css(_ defaultForeground: Color, _ defaultBackground: Color) -> String {
        var front = foreground == .terminalDefault ? defaultForeground : foreground
        var back = background == .terminalDefault ? defaultBackground : background
        if attributes.contains(.reverse) { swap(&front, &back) }
        var text = "color:\(front.cssHex);background:\(back.cssHex)"
        if attributes.contains(.bold) { text += ";font-weight:bold" }
        if attributes.contains(.dim) { text += ";opacity:.65" }
        if attributes.contains(.italic) { text += ";font-style:italic" }
        if attributes.contains(.underline) { text += ";text-decoration:underline" }
        return text
    }
}

extension Color {
    func sgr(base: Int) -> [String] {
        switch kind {
        case .terminalDefault: []
        case .ansi(let index): [String(index < 8 ? base + Int(index) : base + 52 + Int(index))]
        case .palette(let index): [String(base + 8), "5", String(index)]
        case .rgb(let red, let green, let blue): [String(base + 8), "2", String(red), String(green), String(blue)]
        }
    }

    var cssHex: String {
        guard let channels = channels else { return "#000000" }
        return Color.rgb(channels.red, channels.green, channels.blue).description
    }
}
