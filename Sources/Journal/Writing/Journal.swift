public import Bytes
import Synchronization

/// The journal of an engine: two streams of records, in files that survive whatever happens to the process.
///
/// One thread appends (another one may too: an emergency stop), into memory only. A thread of the journal's own puts the
/// records together, writes them and brings them onto the disk, many at once; whoever has to know that a record is there
/// waits for it. See `docs/journal.md`.
public final class Journal: Sendable {
    /// The name of the journal's directory within a data directory.
    public static let directoryName = "journal"

    /// The journal's directory.
    public let directory: String
    let options: JournalOptions
    let files: any JournalFiles
    private let inboxes: (decisions: StreamInbox, market: StreamInbox)
    private let state = WriterState()
    private let loop: WriterLoop
    /// The number of the last market update when the journal was opened.
    private let lastUpdate: UInt64

    /// Opens the journal in a directory that is made where there is none: repairs what a killed process left, refuses
    /// what was damaged later. Nobody else may have it open for writing; that is the caller's to see to.
    ///
    /// - Returns: the journal, ready to append, and what was found.
    /// - Throws: `JournalError` that names file, place and record of the damage, or the refusal of the file system.
    public static func open(
        directory: String, options: JournalOptions = JournalOptions(), files: any JournalFiles = SystemFiles()
    ) throws(JournalError) -> (journal: Journal, opening: JournalOpening) {
        let result = try JournalOpener(directory: directory, options: options, files: files).run()
        let journal = try Journal(directory, result, options, files)
        for error in result.opening.accepted { journal.accept(error.description) }
        return (journal, result.opening)
    }

    private init(
        _ directory: String, _ result: JournalOpener.Result, _ options: JournalOptions, _ files: any JournalFiles
    ) throws(JournalError) {
        self.directory = directory
        self.options = options
        self.files = files
        lastUpdate = result.opening.market.lastPosition
        let ends = (result.ends[.decisions] ?? StreamEnd(), result.ends[.market] ?? StreamEnd())
        inboxes = (StreamInbox(next: ends.0.sequence + 1), StreamInbox(next: ends.1.sequence + 1))
        state.publish(decisions: ends.0.sequence, market: ends.1.sequence)
        let compressor = options.compresses ? Compressor(directory: directory, options: options, files: files) : nil
        func writer(_ stream: JournalStream, _ end: StreamEnd, _ inbox: StreamInbox) -> StreamWriter {
            compressor?.setActive(stream, end.segment)
            return StreamWriter(
                stream, directory: directory, end: end, segment: result.open[stream], inbox: inbox, options: options,
                files: files, onRotation: { compressor?.setActive(stream, $0) })
        }
        loop = WriterLoop(
            decisions: writer(.decisions, ends.0, inboxes.decisions), market: writer(.market, ends.1, inboxes.market),
            directory: directory, options: options, files: files, state: state, compressor: compressor)
        try loop.start()
    }

    deinit { loop.abandon() }

    // MARK: Appending

    /// Takes a record into memory.
    ///
    /// - Parameters:
    ///   - kind: what it tells of, below `ReservedKind.firstReserved`.
    ///   - version: the version of the payload's form.
    ///   - time: the event's time in nanoseconds since the epoch.
    ///   - position: market updates taken in before it; of market records the number of the batch's first update.
    ///   - cause: the decision record that led to it.
    ///   - correlation: the record that began the chain; of market records the number of the batch's last update.
    ///   - body: writes the payload. It must not append to the same stream itself.
    /// - Returns: the record's sequence number; 0 when a market record was refused because too much waits for the disk
    ///   (`JournalOptions.memoryBytes`). Decisions are always taken.
    public func append(
        _ stream: JournalStream, kind: UInt8, version: UInt8, time: Int64, position: UInt64, cause: UInt64 = 0,
        correlation: UInt64 = 0, _ body: (inout ByteWriter) -> Void
    ) -> UInt64 {
        options.crashPoint?(.beforeAppend)
        switch stream {
        case .decisions:
            return inboxes.decisions.append(
                kind: kind, version: version, time: time, position: position, cause: cause, correlation: correlation,
                limit: .max, body)
        case .market:
            let sequence = inboxes.market.append(
                kind: kind, version: version, time: time, position: position, cause: cause, correlation: correlation,
                limit: options.memoryBytes, body)
            if sequence == 0 { state.refuse() }
            return sequence
        }
    }

    /// Writes down that something wrong with the journal is accepted, with whose word that is (`JournalOptions.override`).
    ///
    /// - Precondition: there is such a word.
    public func accept(_ damage: String) {
        guard let override = options.override else { preconditionFailure("nobody answers for: \(damage)") }
        // Decisions count from the market stream's end anew: what they followed may be what was lost.
        _ = append(
            .decisions, kind: ReservedKind.override, version: 1, time: MonotonicClock.wall(), position: lastUpdate
        ) { writer in
            writer.text(override.origin)
            writer.text(override.reason)
            writer.text(damage)
        }
    }

    /// The sequence number of the last record that was taken into memory.
    public func last(_ stream: JournalStream) -> UInt64 { inbox(stream).last }

    // MARK: Durability

    /// Asks that everything so far be brought onto the disk; returns at once.
    public func requestCommit() { loop.wake() }

    /// Asks that the records up to the given ones be brought onto the disk, and waits for it.
    ///
    /// - Returns: whether they are there; false when the time was over first.
    public func waitUntilDurable(decisions: UInt64, market: UInt64, milliseconds: Int32) -> Bool {
        if state.reached(decisions, market) { return true }
        loop.wake()
        return state.progress.wait(milliseconds: milliseconds) { state.reached(decisions, market) }
    }

    /// The last record that is known to be on the disk, it and everything before it.
    public func durable(_ stream: JournalStream) -> UInt64 { state.durable(stream) }

    // MARK: Health

    /// How long a record may take to the disk before the journal counts as stalled, in milliseconds.
    public var stallMilliseconds: Int32 { options.stallMilliseconds }

    /// Why the journal can't be relied upon right now; `nil` while all is well.
    public var problem: JournalProblem? { state.problem(stallMilliseconds: options.stallMilliseconds) }

    /// Bytes of records that are not known to be on the disk.
    public var backlogBytes: Int { inboxes.decisions.backlog + inboxes.market.backlog }

    /// How many market records were refused.
    public var refusedCount: Int { state.refusedCount }

    /// How often the disk was asked to confirm since the journal was opened: once a commit and stream with news.
    public var syncCount: Int { state.syncCount }

    /// Brings everything onto the disk and ends the journal's threads. Appending afterwards is a mistake.
    ///
    /// - Returns: whether everything is there; false when the time was over first, and the threads end without.
    @discardableResult
    public func close(milliseconds: Int32 = 5000) -> Bool { loop.close(milliseconds: milliseconds) }

    private func inbox(_ stream: JournalStream) -> StreamInbox {
        stream == .decisions ? inboxes.decisions : inboxes.market
    }
}
