/// Something in a theme file that was not understood. The rest of the file still counts.
public struct ThemeProblem: Sendable, Hashable, CustomStringConvertible {
    /// The theme whose file it is in.
    public let theme: String
    /// Line number from 1; 0 when it concerns the whole file.
    public let line: Int
    /// What is wrong, and what would be right.
    public let message: String

    /// `night.theme:12: message`.
    public var description: String {
        line > 0 ? "\(theme).theme:\(line): \(message)" : "\(theme).theme: \(message)"
    }
}

/// A theme and what was wrong with its file.
public struct LoadedTheme: Sendable {
    /// Complete, whatever the problems: what could not be read falls back.
    public let theme: Theme
    /// In the order of the lines; inherited files first.
    public let problems: [ThemeProblem]
}

/// Reads theme files.
///
/// ```
/// inherits = default          # start from another theme
/// glyph = utf8                # utf8 | block | ascii
/// borders = rounded           # rounded | square | none | ascii
/// updown = green-up           # green-up | red-up
/// [palette]
/// leaf = #2bb673
/// [styles]
/// background = #101216 | default
/// price.up = leaf, bold | green
/// mode.live = white on red, bold
/// ```
///
/// Palettes are merged before any style is read, so a theme that inherits another may do with a palette of its own.
/// A value is a colour, `on` a background, attributes after commas, and after `|` what to use with 16 colours. A key
/// that is missing looks like its dotted parent, in the end like `text`.
public enum ThemeParser {
    /// Reads a theme. Never fails: every problem is reported and what it concerns falls back.
    ///
    /// - Parameters:
    ///   - name: what to call it, also in problems.
    ///   - text: the file.
    ///   - source: gives the text of an inherited theme; nil when there is none.
    public static func parse(name: String, text: String, source: (String) -> String?) -> LoadedTheme {
        var problems: [ThemeProblem] = []
        var chain = [ThemeFile(name: name, text: text)]
        while let parent = chain[chain.count - 1].inherits {
            let child = chain[chain.count - 1]
            if chain.contains(where: { $0.name == parent.value }) {
                problems.append(child.problem(parent.line, "\"\(parent.value)\" inherits from itself; ignored"))
                break
            }
            guard let parentText = source(parent.value) ?? Theme.builtInText(named: parent.value) else {
                problems.append(child.problem(parent.line, "there is no theme \"\(parent.value)\" to inherit from"))
                break
            }
            chain.append(ThemeFile(name: parent.value, text: parentText))
        }
        var merged = ThemeValues()
        for file in chain.reversed() {
            problems += file.problems
            merged.mergePalette(of: file, problems: &problems)
        }
        for file in chain.reversed() { merged.merge(file, problems: &problems) }
        return LoadedTheme(theme: merged.theme(named: name), problems: problems)
    }
}

/// One theme file, its lines sorted but values not yet understood: that takes the palettes of all files.
struct ThemeFile {
    struct Line {
        let key: String
        let value: String
        let line: Int
    }

    let name: String
    var inherits: (value: String, line: Int)?
    var palette: [Line] = []
    var styles: [Line] = []
    var symbols: [Line] = []
    var problems: [ThemeProblem] = []

    init(name: String, text: String) {
        self.name = name
        var section = "styles"
        var number = 0
        for raw in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let line = ThemeFile.withoutComment(raw)
            if line.isEmpty { continue }
            if line.first == "[" {
                section = String(line.dropFirst().prefix { $0 != "]" }).trimmed.lowercased()
                if section != "palette" && section != "styles" {
                    problems.append(problem(number, "unknown section [\(section)]; use [palette] or [styles]"))
                }
                continue
            }
            guard let equals = line.firstIndex(of: "=") else {
                problems.append(problem(number, "expected key = value"))
                continue
            }
            let key = line[..<equals].trimmed
            let value = line[line.index(after: equals)...].trimmed
            guard !key.isEmpty, !value.isEmpty else {
                problems.append(problem(number, "expected key = value"))
                continue
            }
            let entry = Line(key: key, value: value, line: number)
            switch (section, key) {
            case ("palette", _): palette.append(entry)
            case (_, "inherits"): inherits = (value, number)
            case (_, "glyph"), (_, "glyphs"), (_, "borders"), (_, "updown"): symbols.append(entry)
            default: styles.append(entry)
            }
        }
    }

    func problem(_ line: Int, _ message: String) -> ThemeProblem {
        ThemeProblem(theme: name, line: line, message: message)
    }

    /// A line up to its comment: a `#` that begins the line or that a blank follows. Others begin a colour.
    private static func withoutComment(_ line: Substring) -> String {
        if line.first(where: { !$0.isWhitespace }) == "#" { return "" }
        var index = line.startIndex
        while let hash = line[index...].firstIndex(of: "#") {
            let next = line.index(after: hash)
            if next == line.endIndex || line[next].isWhitespace { return line[..<hash].trimmed }
            index = next
        }
        return line.trimmed
    }
}

extension StringProtocol {
    /// The text without white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
