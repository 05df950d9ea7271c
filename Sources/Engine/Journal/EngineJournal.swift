import Glibc
import Journal
import Storage
import Trading

/// The journal of an engine: where it lies, how it is opened and read.
enum EngineJournal {
    /// The journal's directory within that of an account.
    static func path(_ directory: DataDirectory) -> String { directory.file(Journal.directoryName) }

    /// Opens the journal of an account, whose data directory the caller has locked.
    ///
    /// - Throws: `EngineError.journal` when it is damaged or can't be used; nothing is changed then.
    static func open(
        _ configuration: EngineConfiguration
    ) throws(EngineError) -> (journal: Journal, opening: JournalOpening) {
        var options = configuration.journal
        if let plan = configuration.crashPlan { options.crashPoint = { plan.reach($0.rawValue) } }
        do throws(JournalError) {
            return try Journal.open(
                directory: path(configuration.accountDirectory), options: options, files: configuration.journalFiles)
        } catch {
            throw .journal(error)
        }
    }

    /// The records of a stream behind a given one, in order.
    static func records(
        _ journal: Journal, _ stream: JournalStream, after sequence: UInt64
    ) throws(EngineError) -> JournalRecords {
        // What is in memory still has to be in the files for a reader to see it.
        guard
            journal.waitUntilDurable(
                decisions: journal.last(.decisions), market: journal.last(.market), milliseconds: 5_000)
        else {
            throw .journal(
                "what is written can't be brought onto the disk", remedy: journal.problem?.description ?? "try again")
        }
        do throws(JournalError) {
            return JournalRecords(
                try JournalReader(directory: journal.directory, stream: stream, from: sequence + 1, verifies: false))
        } catch {
            throw .journal(error)
        }
    }
}

extension EngineError {
    /// That a journal can't be used, with what to do about it.
    static func journal(_ error: JournalError) -> EngineError {
        .journal(
            error.description,
            remedy: error.isDamage
                ? "'wick journal verify' looks at all of it; put the file back from a copy, or \(acceptance)"
                : "check that the directory belongs to you and its disk has room")
    }
}

extension EngineError {
    /// That the same inputs lead to something else than they did.
    static func journal(_ difference: RecordedDifference) -> EngineError {
        let recorded = JournalKind(rawValue: difference.recordedKind)?.name ?? "kind \(difference.recordedKind)"
        return .journal(
            "decision record \(difference.sequence) is a \(recorded), and its inputs lead to a \(difference.kind.name) now"
                + (difference.kind.rawValue == difference.recordedKind ? " with another content" : ""),
            remedy: "another release or a changed rule decides otherwise; start the release that wrote it once, which "
                + "ends the session in good order, see 'wick journal replay', or \(acceptance)")
    }

    /// What remains where a journal can't be followed.
    static let acceptance = "start with --accept-journal-damage REASON, which goes on from what the database holds"
}

/// Records one after the other, up to the first that can't be read.
final class JournalRecords: Sequence, IteratorProtocol {
    private var reader: JournalReader
    /// Why reading ended, where it did not end with the last record.
    private(set) var error: JournalError?

    init(_ reader: JournalReader) { self.reader = reader }

    func next() -> JournalRecord? {
        guard error == nil else { return nil }
        do throws(JournalError) { return try reader.record() } catch {
            self.error = error
            return nil
        }
    }
}
