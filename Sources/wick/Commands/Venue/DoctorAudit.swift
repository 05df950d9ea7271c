import Engine
import Keys
import Storage
import Venues

/// The audit of the account that a key is for: the file that an engine of that account writes to as well, by its form.
final class DoctorAudit: Sendable {
    /// Why a request does not leave.
    private struct Unwritten: Error, CustomStringConvertible { let description: String }

    private let log: RequestLog

    /// - Parameters:
    ///   - world: which of the venue's worlds the key belongs to; each has an account of its own.
    ///   - directory: the data directory.
    init(_ world: KeyEnvironment, in directory: DataDirectory) throws {
        let account = directory.account(named: TradingOpening.account(in: world == .live ? .live : .testnet))
        try account.create()
        log = RequestLog(directory: account.path)
    }

    /// Writes an entry down; the system has it when this returns.
    ///
    /// - Throws: when it can't be written, and then nothing is sent. An order is taken back all the same.
    func write(_ entry: SpotAuditEntry) throws {
        // Numbers are those of a process, and an engine may write beside it.
        let line = "doctor " + entry.description
        try log.write(line, at: entry.time)
        guard let problem = log.problem, entry.phase == .leaving, !entry.request.hasPrefix("DELETE ") else { return }
        // It is written as soon as it can be, and would tell of what was never sent.
        try? log.write("not sent, for it could not be written down first: \(line)", at: entry.time)
        throw Unwritten(description: problem)
    }
}
