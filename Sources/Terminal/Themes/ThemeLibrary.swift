import FoundationEssentials

/// Finds and loads themes by name.
///
/// Files are looked for in the given directories, the first that has one counting, so that a user's own theme may
/// replace one that is shipped. `default` and `mono` are built in and always there.
public struct ThemeLibrary: Sendable {
    /// Where to look, most important first.
    public var directories: [String]

    /// Makes a library.
    public init(directories: [String]) {
        self.directories = directories
    }

    /// All theme names, sorted, the built-in ones among them.
    public func names() -> [String] {
        var names: Set<String> = ["default", "mono"]
        for directory in directories {
            for file in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            where file.hasSuffix(".theme") {
                names.insert(String(file.dropLast(".theme".count)))
            }
        }
        return names.sorted()
    }

    /// The file of a theme; nil when only a built-in one, or none, has that name. To watch it for changes.
    public func path(of name: String) -> String? {
        guard ThemeLibrary.isName(name) else { return nil }
        return directories.map { "\($0)/\(name).theme" }.first { FileManager.default.isReadableFile(atPath: $0) }
    }

    /// Loads a theme. When there is none of that name the built-in `default` comes with a problem that says so.
    public func load(_ name: String) -> LoadedTheme {
        guard let text = text(of: name) else {
            let names = names().joined(separator: ", ")
            return LoadedTheme(
                theme: .standard,
                problems: [
                    ThemeProblem(theme: name, line: 0, message: "there is no such theme; there are \(names)")
                ])
        }
        return ThemeParser.parse(name: name, text: text) { self.text(of: $0) }
    }

    private func text(of name: String) -> String? {
        if let path = path(of: name), let data = FileManager.default.contents(atPath: path) {
            return String(decoding: data, as: UTF8.self)
        }
        return Theme.builtInText(named: name)
    }

    /// Whether a name may become part of a path.
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.count <= 64
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }
}
