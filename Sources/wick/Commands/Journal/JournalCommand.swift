import ArgumentParser
import Glibc
import Journal
import Market
import Trading

/// `wick journal …`
struct JournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Look at the journal, prove that it is whole, keep it small.",
        discussion: """
            Everything that reached the kernel and everything that it answered is in the journal. These commands work \
            beside a running engine and without one.

            Examples:
              wick journal list
              wick journal show --order 12
              wick journal verify
              wick journal prune --older-than 30d --stream market
              wick journal export --kind fill --output fills.jsonl
            """,
        subcommands: [
            JournalListCommand.self, JournalShowCommand.self, JournalExportCommand.self, JournalVerifyCommand.self,
            JournalPruneCommand.self, JournalReplayCommand.self, JournalCompareCommand.self,
        ])
}

/// Which journal a command is about.
struct JournalPlaceOptions: ParsableArguments {
    @Option(
        name: .customLong("journal-dir"),
        help: ArgumentHelp("Another journal than the data directory's, a copy of one.", valueName: "directory"),
        completion: .directory)
    var journalDirectory: String?

    @OptionGroup var data: DataOptions

    /// The journal's directory.
    ///
    /// - Throws: `CommandFailure` when there is none.
    func directory() throws -> String {
        let directory = journalDirectory ?? data.accountDirectory.file(Journal.directoryName)
        guard access(directory, R_OK | X_OK) == 0 else {
            throw CommandFailure(
                .noInput,
                "\(directory): \(String(cString: strerror(errno))); an engine makes a journal when it starts, "
                    + "--data-dir and --journal-dir name others")
        }
        return directory
    }
}

extension JournalStream {
    /// The stream that an option says; `nil` where none is said, and a problem where it says none that there is.
    static func option(_ text: String?, _ problems: inout [String]) -> JournalStream? {
        guard let text else { return nil }
        if let stream = allCases.first(where: { $0.description == text.lowercased() }) { return stream }
        problems.append("--stream: '\(Table.plain(text))' is neither decisions nor market")
        return nil
    }
}

/// What is wrong with a journal, as it is printed.
struct JournalFaultRow {
    var kind: String
    var file: String
    var offset: Int?
    var sequence: UInt64?
    var detail: String

    init(_ error: JournalError) {
        kind = error.kind.rawValue
        file = error.path
        offset = error.offset
        sequence = error.sequence
        detail = error.detail
    }
}
