@testable import Workstation

/// The key reference, `docs/keys.md`, made from the binding table.
enum KeyReference {
    /// The whole document.
    static func markdown(_ table: BindingTable = BindingTable()) -> String {
        var text = """
            # Keys

            Made from the binding table of the program by its tests; the same table dispatches keys and fills the hint \
            bar, the help page and the palette. In `Config/wick.yaml`, `keys:` takes the names in the last column.


            """
        text += section("Everywhere", table.lines.filter { $0.binding.context == .everywhere })
        for pane in PaneID.allCases {
            let lines = table.lines.filter { $0.binding.context == .pane(pane) }
            if !lines.isEmpty { text += section(pane.name, lines) }
        }
        return text
    }

    private static func section(_ title: String, _ lines: [BindingTable.Line]) -> String {
        var text = "## \(title)\n\n| keys | what | name |\n|---|---|---|\n"
        for line in lines {
            let keys =
                line.keys.isEmpty ? "`:`" : line.keys.map { "`\(escaped($0.description))`" }.joined(separator: " ")
            let lock = line.binding.needsTrade ? " (TRADE only)" : ""
            text += "| \(keys) | \(line.binding.help)\(lock) | `\(line.binding.action.rawValue)` |\n"
        }
        return text + "\n"
    }

    private static func escaped(_ key: String) -> String {
        switch key {
        case "|": "\\|"
        case "`": "backtick"
        default: key
        }
    }
}
