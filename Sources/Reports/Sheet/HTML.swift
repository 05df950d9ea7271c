/// Builds HTML: whatever comes from outside is escaped where it is put in, there is no other way in for it.
struct HTML {
    private(set) var text = ""

    /// Adds markup of our own.
    mutating func raw(_ markup: StaticString) { text += "\(markup)" }

    /// Adds markup that this builder made.
    mutating func add(_ other: HTML) { text += other.text }

    /// Adds a text of anybody.
    mutating func write(_ words: String) { text += HTML.escaped(words) }

    /// An element with a text in it.
    mutating func element(_ name: StaticString, _ words: String, kind: StaticString = "") {
        open(name, kind)
        write(words)
        text += "</\(name)>"
    }

    /// An element with more inside.
    mutating func element(_ name: StaticString, kind: StaticString = "", _ inside: (inout HTML) -> Void) {
        open(name, kind)
        inside(&self)
        text += "</\(name)>\n"
    }

    /// A picture for light and for dark screens, from bytes of SVG.
    mutating func picture(light: [UInt8], dark: [UInt8], words: String, width: Int, height: Int) {
        text += "<picture><source media=\"screen and (prefers-color-scheme: dark)\" srcset=\""
        text += "data:image/svg+xml;base64,\(Base64.text(dark))\"><img width=\"\(width)\" height=\"\(height)\" alt=\""
        write(words)
        text += "\" src=\"data:image/svg+xml;base64,\(Base64.text(light))\"></picture>"
    }

    /// A table of a heading and rows; the first column is text, the others are numbers unless named.
    mutating func table(_ heads: [String], _ rows: [[String]], texts: Set<Int> = [0]) {
        element("div", kind: "wide") { html in
            html.element("table") { html in
                html.element("thead") { html in
                    html.element("tr") { html in
                        for (index, head) in heads.enumerated() {
                            html.element("th", head, kind: texts.contains(index) ? "" : "number")
                        }
                    }
                }
                html.element("tbody") { html in
                    for row in rows {
                        html.element("tr") { html in
                            for (index, cell) in row.enumerated() {
                                html.element("td", cell, kind: texts.contains(index) ? "" : "number")
                            }
                        }
                    }
                }
            }
        }
    }

    private mutating func open(_ name: StaticString, _ kind: StaticString) {
        text += "\(kind)".isEmpty ? "<\(name)>" : "<\(name) class=\"\(kind)\">"
    }

    /// The five signs that mean something to HTML, in text as in attributes; what no text has becomes the sign for that.
    static func escaped(_ words: String) -> String {
        var result = ""
        for scalar in words.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            // Controls, and those that turn the direction of what follows.
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): result += "\u{FFFD}"
            case _ where (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value):
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

/// Bytes as text (RFC 4648, 4).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var bits = UInt32(0)
            for index in 0..<3 { bits = bits << 8 | (index < count ? UInt32(bytes[start + index]) : 0) }
            for index in 0..<4 {
                let place = Int(bits >> UInt32(18 - 6 * index) & 63)
                result.append(index <= count ? alphabet[place] : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
