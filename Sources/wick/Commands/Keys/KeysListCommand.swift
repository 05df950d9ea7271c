import ArgumentParser
import Keys

/// `wick keys list`
struct KeysListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the keys that are kept.",
        discussion: """
            API keys are shown with their first and last four characters, secrets never.

            Example: wick keys list --json
            """)

    @OptionGroup var store: KeyStoreOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let keys =
            KeyStore.isThere(in: store.directory)
            ? try KeyStore.open(in: store.directory, store.passphrase()).keys : []
        let rows = keys.map { KeyRow($0) }
        if print.isJSON { return JSON.print(rows) }
        var table = Table(
            .text("name"), .text("venue"), .text("environment"), .text("kind"), .text("API key"), .text("since"))
        for row in rows { table.add(row.name, row.venue, row.environment, row.kind, row.apiKey, row.added) }
        table.print(whenEmpty: "there are no keys; 'wick keys add' keeps one")
    }
}
