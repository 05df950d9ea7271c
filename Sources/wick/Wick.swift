import ArgumentParser
import Engine
import Keys

/// The program: reads the command line, runs the command, and ends with a status after sysexits(3).
@main
enum Wick {
    /// The release.
    static var version: String { WickRelease.version }

    static func main() {
        // Before anything looks at the environment: what copies it would copy the pass phrase.
        PassphraseSource.take()
        do {
            var command = try WickCommand.parseAsRoot()
            try command.run()
        } catch {
            // Help, version, completion scripts and mistakes on the command line are the parser's to print.
            guard let failure = CommandFailure(reason: error) else { WickCommand.exit(withError: error) }
            failure.end()
        }
    }
}
