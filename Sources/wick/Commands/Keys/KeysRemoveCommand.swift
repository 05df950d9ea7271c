import ArgumentParser
import Keys

/// `wick keys remove`
struct KeysRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget a key.",
        discussion: """
            Asks whether it is meant, on a terminal; elsewhere --yes says so. The venue still has the key: delete it there \
            too. While an engine trades with the key it is not removed (75): the engine would go on with it.

            Example: wick keys remove main --yes
            """)

    @Argument(help: "The key's name.") var name: String
    @Flag(name: .customLong("yes"), help: "Do not ask.") var isYes = false
    @OptionGroup var store: KeyStoreOptions

    func run() throws {
        guard isYes || Output.canAsk else {
            throw CommandFailure(
                .usage, "there is nobody to ask whether '\(Table.plain(name))' is meant; expected --yes")
        }
        let passphrase = try store.passphrase()
        let key = try KeyStore.open(in: store.directory, passphrase).key(named: name)
        // Before a person is asked, and again once it was: an engine may have been started meanwhile.
        try RunningKey.of(key, in: store.data.directory).refuseRemoval(of: key)
        if !isYes {
            let answer = Output.ask("Forget \(name) (\(KeyRow(key).words))? Type its name: ")
            guard answer == name else { throw CommandFailure(.refused, "nothing was removed") }
            try RunningKey.of(key, in: store.data.directory).refuseRemoval(of: key)
        }
        try KeyStore.change(in: store.directory, passphrase) { (store) throws(KeyStoreError) in
            try store.remove(name)
        }
        Output.line("\(name) is forgotten here; delete key \(key.apiKey.masked) at the venue")
    }
}
