import ArgumentParser
import Keys
import Venues

/// `wick keys test`
struct KeysTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Ask the venue what a key may do.",
        discussion: """
            Sends one signed question. Ends with 1 when the key may withdraw, may not trade, or is not taken; with 69 or \
            75 when the venue did not answer. A testnet does not say whether a key may withdraw.

            Example: wick keys test main
            """)

    @Argument(help: "The key's name.") var name: String
    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var store: KeyStoreOptions
    @OptionGroup var print: PrintOptions

    /// What the venue said of a key, as it is printed.
    private struct Row {
        var name: String
        var venue: String
        var environment: String
        var kind: String
        var apiKey: String
        var server: String
        var mayTrade: Bool
        var mayWithdraw: Bool?
        var mayTransfer: Bool?
        var boundToAddresses: Bool?
        var clockSkewMilliseconds: Int64?
        var notes: [String]
    }

    func run() throws {
        let probe = try KeyProbe(configuration, store.data)
        let key = try KeyStore.open(in: store.directory, store.passphrase()).key(named: name)
        let answer = try probe.ask(key)
        switch answer.permissions {
        case .confirmed(let permissions): try tell(key, answer, permissions)
        case .refused(let refusal):
            throw CommandFailure(.refused, "\(name): \(answer.server) does not take the key: \(refusal)")
        case .denied(let denial):
            throw CommandFailure(KeyProbe.status(denial), "\(name): it could not be tested: \(denial)")
        case .unknown(let doubt):
            throw CommandFailure(.unavailable, "\(name): it could not be tested: \(doubt)")
        }
    }

    private func tell(_ key: StoredKey, _ answer: KeyProbe.Answer, _ permissions: KeyPermissions) throws {
        let shown = KeyRow(key)
        var notes = permissions.notes
        if let clock = answer.clock, clock.isAlarming { notes.append(clock.words) }
        let row = Row(
            name: name, venue: shown.venue, environment: shown.environment, kind: shown.kind, apiKey: shown.apiKey,
            server: answer.server, mayTrade: permissions.mayTrade, mayWithdraw: permissions.mayWithdraw,
            mayTransfer: permissions.mayTransfer, boundToAddresses: permissions.isBoundToAddresses,
            clockSkewMilliseconds: answer.clock.map { Int64(($0.skew / .milliseconds(1)).rounded()) }, notes: notes)
        if print.isJSON {
            JSON.print(row)
        } else {
            Output.pairs([
                ("key", "\(name), \(shown.words)"), ("asked", row.server), ("may trade", words(row.mayTrade)),
                ("may withdraw", words(row.mayWithdraw)), ("may transfer", words(row.mayTransfer)),
                ("bound to addresses", words(row.boundToAddresses)),
                ("clock", answer.clock?.words ?? "not known"),
            ])
            for note in notes { Output.line("note: \(note)") }
        }
        if let objection = permissions.objection(in: key.environment) {
            throw CommandFailure(.refused, "\(name): \(objection)")
        }
        if !permissions.mayTrade { throw CommandFailure(.refused) }
    }

    private func words(_ flag: Bool?) -> String { flag.map { $0 ? "yes" : "no" } ?? "not said" }
}
