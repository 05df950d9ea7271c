import ArgumentParser
import Terminal

/// `wick theme …`
struct ThemeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "theme", abstract: "Show which themes there are.",
        discussion: "Example: wick theme list", subcommands: [ThemeListCommand.self])
}

/// `wick theme list`
struct ThemeListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the themes and where they come from.",
        discussion: """
            Themes stand in files NAME.theme of the themes directory and of 'themes' in the configuration directory, \
            where a file takes the place of one of the same name.

            Examples:
              wick theme list
              wick --theme night
            """)

    @OptionGroup var share: ShareOptions
    @OptionGroup var print: PrintOptions

    private struct Row {
        var name: String
        var source: String
        var problems: [String]
    }

    func run() throws {
        let library = share.themeLibrary
        let rows = library.names().map { name in
            let loaded = library.load(name)
            return Row(
                name: name, source: library.path(of: name) ?? "built in", problems: loaded.problems.map(\.description))
        }
        if print.isJSON { return JSON.print(rows) }
        var table = Table(.text("theme"), .text("source"), .number("problems"))
        for row in rows { table.add(row.name, row.source, "\(row.problems.count)") }
        table.print(whenEmpty: "there are no themes")
        for problem in rows.flatMap(\.problems) { Output.line(Table.plain(problem)) }
    }
}
