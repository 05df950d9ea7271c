/// A style of which only the written parts are known; the rest comes from `text` and `background`.
struct PartialStyle: Equatable {
    var foreground: Color?
    var background: Color?
    var attributes: Attributes = []
}

/// The values of a theme file and of those it inherits from.
struct ThemeValues {
    private var palette: [String: Color] = [:]
    private var full: [String: PartialStyle] = [:]
    private var reduced: [String: PartialStyle] = [:]
    private var glyphs = GlyphSet.utf8
    private var borders = BorderSet.rounded
    private var updown = UpDown.greenUp

    /// Lays a file's palette over what is there.
    mutating func mergePalette(of file: ThemeFile, problems: inout [ThemeProblem]) {
        for line in file.palette {
            do throws(ValueError) {
                palette[line.key] = try color(line.value)
            } catch {
                problems.append(file.problem(line.line, error.message))
            }
        }
    }

    /// Lays a file's styles and symbols over what is there.
    mutating func merge(_ file: ThemeFile, problems: inout [ThemeProblem]) {
        for line in file.symbols { mergeSymbol(line, file, &problems) }
        var seen = Set<String>()
        for line in file.styles {
            guard ThemeKey.settableNames.contains(line.key) else {
                problems.append(file.problem(line.line, "unknown key \"\(line.key)\"; ignored"))
                continue
            }
            if !seen.insert(line.key).inserted {
                problems.append(file.problem(line.line, "\"\(line.key)\" is set twice; the later line counts"))
            }
            do throws(ValueError) {
                let parts = line.value.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
                full[line.key] = try style(parts[0])
                reduced[line.key] = parts.count > 1 ? try style(parts[1]) : nil
            } catch {
                problems.append(file.problem(line.line, error.message))
            }
        }
    }

    /// The finished theme.
    func theme(named name: String) -> Theme {
        let ground = full["background"]?.foreground ?? .terminalDefault
        let ground16 = (reduced["background"]?.foreground ?? ground).quantized(to: .ansi16)
        let text = full["text"]?.foreground ?? .terminalDefault
        let text16 = (reduced["text"]?.foreground ?? text).quantized(to: .ansi16)
        var styles: [Style] = []
        var styles16: [Style?] = []
        for key in ThemeKey.allCases {
            if key == .background {
                styles.append(Style(foreground: text, background: ground))
                styles16.append(Style(foreground: text16, background: ground16))
                continue
            }
            let source = nearestSet(key.name)
            let wanted = full[source] ?? PartialStyle()
            styles.append(
                Style(
                    foreground: wanted.foreground ?? text, background: wanted.background ?? ground,
                    attributes: wanted.attributes))
            let wanted16 = reduced[source] ?? wanted
            styles16.append(
                Style(
                    foreground: wanted16.foreground?.quantized(to: .ansi16) ?? text16,
                    background: wanted16.background?.quantized(to: .ansi16) ?? ground16,
                    attributes: wanted16.attributes))
        }
        return Theme(
            name: name, glyphs: glyphs, borders: borders, updown: updown, styles: styles, styles16: styles16)
    }

    /// The key itself or its nearest dotted parent that is set; `text` when none is.
    private func nearestSet(_ name: String) -> String {
        var words = name.split(separator: ".")
        while !words.isEmpty {
            let candidate = words.joined(separator: ".")
            if full[candidate] != nil { return candidate }
            words.removeLast()
        }
        return "text"
    }

    private struct ValueError: Error {
        let message: String
    }

    private func style(_ text: some StringProtocol) throws(ValueError) -> PartialStyle {
        var result = PartialStyle()
        for (index, part) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            let word = part.trimmed
            if let attribute = Attributes.names.first(where: { $0.1 == word.lowercased() }) {
                result.attributes.insert(attribute.0)
            } else if index == 0 {
                let words = word.split(whereSeparator: \.isWhitespace).map(String.init)
                switch words.count {
                case 1: result.foreground = try color(words[0])
                case 2 where words[0] == "on": result.background = try color(words[1])
                case 3 where words[1] == "on":
                    result.foreground = try color(words[0])
                    result.background = try color(words[2])
                default: throw ValueError(message: "\"\(word)\" is no style; write colour, or colour on colour")
                }
            } else {
                throw ValueError(message: "\"\(word)\" is no attribute; use bold, dim, italic, underline or reverse")
            }
        }
        return result
    }

    private func color(_ word: String) throws(ValueError) -> Color {
        if let named = palette[word] { return named }
        let lowered = word.lowercased()
        if lowered == "default" { return .terminalDefault }
        if let index = Color.ansiNames.firstIndex(of: lowered) { return .ansi(UInt8(index)) }
        if lowered == "gray" || lowered == "grey" { return .ansi(8) }
        if word.first == "#", word.utf8.count == 7, word.dropFirst().allSatisfy(\.isHexDigit),
            let value = UInt32(word.dropFirst(), radix: 16)
        {
            return .rgb(UInt8(value >> 16), UInt8(value >> 8 & 255), UInt8(value & 255))
        }
        if let index = UInt8(word) { return index < 16 ? .ansi(index) : .palette(index) }
        throw ValueError(
            message: "\"\(word)\" is no colour; use #rrggbb, 0 to 255, an ANSI name, default or a palette entry")
    }

    private mutating func mergeSymbol(
        _ line: ThemeFile.Line, _ file: ThemeFile, _ problems: inout [ThemeProblem]
    ) {
        /// Sets a symbol; gives what is wrong with the value when it is none.
        func set<Value: CaseIterable & RawRepresentable>(_ symbol: inout Value) -> String?
        where Value.RawValue == String {
            guard let value = Value(rawValue: line.value) else {
                let choices = Value.allCases.map(\.rawValue).joined(separator: ", ")
                return "\"\(line.value)\" is no value of \(line.key); use \(choices)"
            }
            symbol = value
            return nil
        }
        let problem: String?
        switch line.key {
        case "borders":
            problem = set(&borders)
        case "updown":
            problem = set(&updown)
        default:
            problem = set(&glyphs)
        }
        if let problem { problems.append(file.problem(line.line, problem)) }
    }
}
