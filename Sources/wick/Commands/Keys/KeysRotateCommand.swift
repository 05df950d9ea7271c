import ArgumentParser
import Keys
import Venues

/// `wick keys rotate`
struct KeysRotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Put a new key in the place of one that is kept.",
        discussion: """
            Make the new key at the venue first, and delete the old one there afterwards. Asks for both halves as 'wick \
            keys add' does, and tests them as it does; the name, the venue and the environment stay. Until the new key is \
            kept the old one is. An engine that runs goes on with the old key until it is started again, which is then \
            said: delete it at the venue after that.

            Example: wick keys rotate main
            """)

    @Argument(help: "The key's name.") var name: String

    @Flag(inversion: .prefixedNo, help: "Ask the venue what the new key may do (default: when there is a way to it).")
    var test: Bool?

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var store: KeyStoreOptions

    func run() throws {
        let probe = test == false ? nil : try KeyProbe(configuration, store.data)
        let passphrase = try store.passphrase()
        let old = try KeyStore.open(in: store.directory, passphrase).key(named: name)
        let halves = try SecretInput.key()
        let new = try StoredKey(
            venue: old.venue, name: name, environment: old.environment, kind: SecretKind.of(halves.secret),
            apiKey: halves.apiKey, secret: halves.secret, added: Environment.now.seconds)
        let notes = try probe?.notes(on: new, isNeeded: test == true)
        try KeyStore.change(in: store.directory, passphrase) { (store) throws(KeyStoreError) in
            try store.rotate(name, kind: new.kind, apiKey: new.apiKey, secret: new.secret, at: new.added)
        }
        // Asked last: an engine that was started before the change has the old key.
        let running = RunningKey.of(old, in: store.data.directory)
        Output.line("\(name) is rotated: \(KeyRow(new).words); \(running.fate(of: old))")
        for note in notes ?? [] { Output.line("note: \(note)") }
    }
}
