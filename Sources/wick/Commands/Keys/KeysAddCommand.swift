import ArgumentParser
import Keys
import Venues

/// `wick keys add`
struct KeysAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Keep a key of a venue.",
        discussion: """
            Asks for the API key and the secret, which are not shown; or reads both from a pipe, the API key in the first \
            line and the secret after it. The secret is that of an HMAC key, or the private key (PKCS#8, PEM) of an \
            Ed25519 key.

            The venue is asked what the key may do: one that may withdraw is refused, and so is one that the venue does \
            not take. Without a way to the venue the key is kept and said to be untested; with --test it is not kept then, \
            with --no-test nobody is asked.

            Examples:
              wick keys add main --environment testnet
              (cat api-key; cat private.pem) | wick keys add main --environment live --test
            """)

    @Argument(help: "What to call it: 1 to 32 letters, digits and - _ .") var name: String

    @Option(help: ArgumentHelp("The venue: binance.", valueName: "venue"), completion: .list(["binance"]))
    var venue = "binance"

    @Option(
        help: ArgumentHelp("Where it is good: testnet, or live for real money.", valueName: "environment"),
        completion: .list(["testnet", "live"]))
    var environment: String?

    @Flag(inversion: .prefixedNo, help: "Ask the venue what the key may do (default: when there is a way to it).")
    var test: Bool?

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var store: KeyStoreOptions

    func run() throws {
        let environment = try checkedEnvironment()
        let probe = test == false ? nil : try KeyProbe(configuration, store.data)
        let passphrase: Secret
        if KeyStore.isThere(in: store.directory) {
            passphrase = try store.passphrase()
            // Rather than after everything was typed.
            if try KeyStore.open(in: store.directory, passphrase).keys.contains(where: { $0.name == name }) {
                throw KeyStoreError(
                    .duplicate, name, "there is a key of this name; 'wick keys rotate \(name)' replaces it")
            }
        } else {
            passphrase = try store.newPassphrase()
        }
        let halves = try SecretInput.key()
        let key = try StoredKey(
            venue: venue.lowercased(), name: name, environment: environment, kind: SecretKind.of(halves.secret),
            apiKey: halves.apiKey, secret: halves.secret, added: Environment.now.seconds)
        let notes = try probe?.notes(on: key, isNeeded: test == true)
        try store.data.directory.create()
        try KeyStore.change(in: store.directory, passphrase, mayCreate: true) { (store) throws(KeyStoreError) in
            try store.add(key)
        }
        Output.line("\(name) is kept: \(KeyRow(key).words)")
        for note in notes ?? [] { Output.line("note: \(note)") }
    }

    private func checkedEnvironment() throws -> KeyEnvironment {
        var problems: [String] = []
        do throws(KeyStoreError) { try StoredKey.checkName(name) } catch { problems.append("name: \(error.detail)") }
        if venue.lowercased() != "binance" {
            problems.append("--venue: '\(Table.plain(venue))' has no keys here; there is binance")
        }
        let chosen = environment.flatMap { KeyEnvironment(rawValue: $0.lowercased()) }
        if chosen == nil {
            let seen = environment.map { "'\(Table.plain($0))' is neither" } ?? "missing"
            problems.append("--environment: \(seen); expected testnet, or live for real money")
        }
        guard problems.isEmpty, let chosen else { throw CommandFailure(usage: problems) }
        return chosen
    }
}

/// Tells kinds of secrets apart.
enum SecretKind {
    /// The kind of a secret: a private key says itself what it is.
    static func of(_ secret: Secret) -> KeyKind {
        let begin = Secret(text: "-----BEGIN")
        return secret.count > begin.count && secret.part(0..<begin.count) == begin ? .ed25519 : .hmac
    }
}
