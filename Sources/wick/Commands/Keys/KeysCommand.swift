import ArgumentParser
import Keys
import Market

/// `wick keys …`
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Keep the API keys of venues, encrypted.",
        discussion: """
            Keys and secrets are typed or piped, never an argument. They are kept in the file 'keys' of the data directory \
            under a pass phrase, which is typed, or comes from --passphrase-file, from WICK_KEYS_PASSPHRASE or from the \
            file that WICK_KEYS_PASSPHRASE_FILE names. Keys that may withdraw are refused.

            Examples:
              wick keys add main --environment testnet
              wick keys list
              wick keys test main
              wick keys rotate main
              wick keys remove main
            """,
        subcommands: [
            KeysAddCommand.self, KeysListCommand.self, KeysTestCommand.self, KeysRotateCommand.self,
            KeysRemoveCommand.self,
        ])
}

/// Where the key store is, and how it is opened.
struct KeyStoreOptions: ParsableArguments {
    @Option(
        name: .customLong("passphrase-file"),
        help: ArgumentHelp("Take the pass phrase from this file, which nobody else may read.", valueName: "file"),
        completion: .file())
    var passphraseFile: String?

    @OptionGroup var data: DataOptions

    /// The data directory.
    var directory: String { data.directory.path }

    /// The pass phrase of the store that is there.
    func passphrase() throws -> Secret {
        if let secret = try givenPassphrase() { return secret }
        return try SecretInput.typed("Pass phrase: ", orElse: SecretInput.passphraseHint)
    }

    /// A pass phrase for a store that is to be made: typed twice when it is typed.
    func newPassphrase() throws -> Secret {
        if let secret = try givenPassphrase() { return secret }
        let first = try SecretInput.typed("New pass phrase for the keys: ", orElse: SecretInput.passphraseHint)
        guard first.count >= KeyStore.shortestPassphrase else {
            throw CommandFailure(
                .data,
                "the pass phrase is too short; expected \(KeyStore.shortestPassphrase) characters at least, better several "
                    + "words")
        }
        let second = try SecretInput.typed("The same again: ", orElse: SecretInput.passphraseHint)
        guard first == second else { throw CommandFailure(.data, "the two differ; nothing was kept") }
        return first
    }

    private func givenPassphrase() throws -> Secret? {
        if let passphraseFile { return try PassphraseSource.file(passphraseFile) }
        return try PassphraseSource.environment()
    }
}

/// A key as it is printed: everything but what it opens with.
struct KeyRow {
    var name: String
    var venue: String
    var environment: String
    var kind: String
    var apiKey: String
    var added: String

    init(_ key: StoredKey) {
        name = key.name
        venue = key.venue
        environment = key.environment.rawValue
        kind = key.kind.rawValue
        apiKey = key.apiKey.masked
        added = Timestamp(seconds: key.added).description
    }

    /// It in one line.
    var words: String { "\(venue) \(environment), \(kind), key \(apiKey)" }
}
