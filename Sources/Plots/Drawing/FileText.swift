/// Text inside of a PNG file (W3C PNG, 11.3.3): a chunk `iTXt` behind the header, which programs show as its description.
enum PNGText {
    /// The file with a text; a file that is no PNG stays as it is.
    static func adding(_ text: String, to bytes: [UInt8]) -> [UInt8] {
        // Eight bytes of signature, then the header: its length, its name, thirteen bytes, its sum.
        let header = 8 + 8 + 13 + 4
        guard !text.isEmpty, bytes.count > header else { return bytes }
        // Keyword, no compression, no language, no translated keyword.
        let body = Array("iTXtDescription".utf8) + [0, 0, 0, 0, 0] + Array(text.utf8)
        let chunk = bigEndian(UInt32(body.count - 4)) + body + bigEndian(checksum(body))
        return bytes[..<header] + chunk + bytes[header...]
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }

    /// CRC-32 of ISO 3309, bit by bit: it is a few hundred bytes.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}

/// What is done to SVG as cairo writes it.
enum SVGText {
    /// The file with a title and a description, for people who hear it and programs that read it, and with names that are
    /// the same on every run: cairo counts its surfaces over the whole process.
    static func finished(_ bytes: [UInt8], title: String, origin: String) -> [UInt8] {
        var text = String(decoding: bytes, as: UTF8.self)
        text = shortened(renamed(text))
        guard let open = text.firstRange(of: "<svg"), let close = text[open.upperBound...].firstIndex(of: ">") else {
            return bytes
        }
        var head = "\n<title>\(escaped(title))</title>"
        if !origin.isEmpty { head += "\n<desc>\(escaped(origin))</desc>" }
        text.insert(contentsOf: head, at: text.index(after: close))
        return Array(text.utf8)
    }

    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case _ where scalar.value < 0x20 && scalar != "\n" && scalar != "\t": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Numbers with two decimals: cairo writes six, of which nobody sees the last four, and files are half as large.
    private static func shortened(_ text: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        var decimals = -1
        for byte in text.utf8 {
            let isDigit = byte >= 0x30 && byte <= 0x39
            if byte == 0x2E, let last = result.last, last >= 0x30 && last <= 0x39 {
                decimals = 0
            } else if isDigit, decimals >= 0 {
                decimals += 1
                if decimals > 2 { continue }
            } else {
                decimals = -1
            }
            result.append(byte)
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `surface12` becomes `surface`.
    private static func renamed(_ text: String) -> String {
        let mark = "surface"
        var result = ""
        var rest = text[...]
        while let found = rest.firstRange(of: mark) {
            result += rest[..<found.upperBound]
            rest = rest[found.upperBound...].drop { $0.isASCII && $0.isNumber }
        }
        return result + rest
    }
}
