import Glibc
import Synchronization

/// The journal's thread: takes, writes, syncs, says how far it got, and tries again where the disk refuses.
final class WriterLoop: @unchecked Sendable {
    private let decisions: StreamWriter
    private let market: StreamWriter
    private let directory: String
    private let options: JournalOptions
    private let files: any JournalFiles
    private let state: WriterState
    private let compressor: Compressor?

    private let bell = Condition()
    private let isCommitWanted = Atomic<Bool>(false)
    private let isClosing = Atomic<Bool>(false)
    private let closeDeadline = Atomic<Int64>(0)
    private let finished = Condition()
    private let isFinished = Atomic<Bool>(false)
    private let isComplete = Atomic<Bool>(false)

    init(
        decisions: StreamWriter, market: StreamWriter, directory: String, options: JournalOptions,
        files: any JournalFiles, state: WriterState, compressor: Compressor?
    ) {
        self.decisions = decisions
        self.market = market
        self.directory = directory
        self.options = options
        self.files = files
        self.state = state
        self.compressor = compressor
    }

    func start() throws(JournalError) {
        try JournalThread.start { self.run() }
        try compressor?.start()
    }

    /// Asks for a commit.
    func wake() { bell.broadcast { isCommitWanted.store(true, ordering: .releasing) } }

    func close(milliseconds: Int32) -> Bool {
        let deadline = MonotonicClock.now() + Int64(milliseconds) * 1_000_000
        bell.broadcast {
            closeDeadline.store(deadline, ordering: .relaxed)
            isClosing.store(true, ordering: .releasing)
        }
        // A thread that hangs in the disk can't be ended, only left behind.
        finished.wait(milliseconds: milliseconds + 100) { isFinished.load(ordering: .acquiring) }
        return isComplete.load(ordering: .acquiring)
    }

    /// Ends the thread of a journal that nobody holds any more, without waiting.
    func abandon() {
        guard !isClosing.load(ordering: .relaxed) else { return }
        bell.broadcast {
            closeDeadline.store(MonotonicClock.now() + 1_000_000_000, ordering: .relaxed)
            isClosing.store(true, ordering: .releasing)
        }
    }

    // MARK: The thread

    private func run() {
        var lastSync = MonotonicClock.now()
        var pause = options.retryMilliseconds
        checkSpace()
        while true {
            bell.wait(milliseconds: options.flushMilliseconds) {
                isCommitWanted.load(ordering: .acquiring) || isClosing.load(ordering: .acquiring)
            }
            let isEnding = isClosing.load(ordering: .acquiring)
            let isWanted = isCommitWanted.exchange(false, ordering: .acquiring)
            let isDue = MonotonicClock.now() - lastSync >= Int64(options.syncMilliseconds) * 1_000_000
            state.begin()
            do throws(WriteFailure) {
                try step(syncs: isWanted || isDue || isEnding)
                state.end()
                state.set(disk: nil)
                state.recover()
                state.publish(decisions: decisions.durable.sequence, market: market.durable.sequence)
                pause = options.retryMilliseconds
            } catch {
                state.end()
                state.set(disk: JournalProblem(error.failure, error.path))
                if isEnding, MonotonicClock.now() >= closeDeadline.load(ordering: .relaxed) { return finish() }
                rest(pause)
                pause = min(pause * 2, 1000)
                continue
            }
            if isDue {
                lastSync = MonotonicClock.now()
                checkSpace()
            }
            if isEnding { return finish() }
        }
    }

    private struct WriteFailure: Error {
        var failure: FileFailure
        var path: String
    }

    /// Market updates come onto the disk before the decisions that may follow from them.
    private func step(syncs: Bool) throws(WriteFailure) {
        // What is left over from a refusal goes first: the order in which the two are taken matters, decisions before
        // the market updates, so that no decision is written without those before it.
        try attempt(market) { stream throws(FileFailure) in try stream.write() }
        decisions.take()
        market.take()
        try attempt(market) { stream throws(FileFailure) in try stream.write() }
        options.crashPoint?(.afterMarketWrite)
        if syncs { try sync(market) }
        try attempt(decisions) { stream throws(FileFailure) in try stream.write() }
        options.crashPoint?(.afterWrite)
        if syncs {
            try sync(decisions)
            options.crashPoint?(.afterSync)
        }
    }

    private func sync(_ writer: StreamWriter) throws(WriteFailure) {
        guard writer.isBehind else { return }
        try attempt(writer) { stream throws(FileFailure) in try stream.sync() }
        state.countSync()
    }

    private func attempt(
        _ writer: StreamWriter, _ body: (StreamWriter) throws(FileFailure) -> Void
    ) throws(WriteFailure) {
        do throws(FileFailure) { try body(writer) } catch {
            throw WriteFailure(failure: error, path: writer.path.isEmpty ? directory : writer.path)
        }
    }

    /// A pause that only the end cuts short: who waits for a commit must not make a broken disk busy.
    private func rest(_ milliseconds: Int32) {
        let isEnding = isClosing.load(ordering: .acquiring)
        bell.wait(milliseconds: milliseconds) { !isEnding && isClosing.load(ordering: .acquiring) }
        // What was wanted before the pause still is.
        isCommitWanted.store(true, ordering: .relaxed)
    }

    private func checkSpace() {
        do throws(FileFailure) {
            let free = try files.freeBytes(in: directory)
            state.set(
                space: free >= options.minimumFreeBytes
                    ? nil
                    : JournalProblem(
                        .lowSpace,
                        "\(directory): \(free >> 20) MiB are free, \(options.minimumFreeBytes >> 20) MiB are to stay; "
                            + "make room on the disk"))
        } catch {
            state.set(space: JournalProblem(error, directory))
        }
    }

    private func finish() {
        let isWhole = !decisions.isBehind && !market.isBehind
        var isClosed = true
        for writer in [market, decisions] {
            do throws(FileFailure) { try writer.close() } catch { isClosed = false }
        }
        let left = (closeDeadline.load(ordering: .relaxed) - MonotonicClock.now()) / 1_000_000
        compressor?.stop(milliseconds: Int32(clamping: max(left, 0)))
        finished.broadcast {
            isComplete.store(isWhole && isClosed, ordering: .releasing)
            isFinished.store(true, ordering: .releasing)
        }
    }
}
