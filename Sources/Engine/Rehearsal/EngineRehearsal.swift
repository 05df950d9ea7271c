import Glibc
import Journal
public import Market
public import Storage
import Trading

/// An engine's core without its thread, driven over a stretch of the synthetic market as fast as it goes: to measure what
/// a part of it costs. Journal, kernel, simulated venue and projection are those of a session.
public final class EngineRehearsal {
    private let core: EngineCore
    private let stores: EngineStores
    private let journal: Journal?
    private let recorder: Recorder

    /// What a rehearsal came to.
    public struct Figures: Sendable {
        /// Market updates that acted.
        public var updateCount = 0
        /// Decision records.
        public var decisionCount: UInt64 = 0
        /// Orders that were made.
        public var orderCount: UInt64 = 0
        /// What the thread used of a processor, in nanoseconds, the market's own making excluded.
        public var processorNanoseconds: Int64 = 0
        /// From an input that led to an order until the order was ready to leave, the wait for the disk excluded, in
        /// nanoseconds, ascending.
        public var decisionNanoseconds: [Int64] = []
    }

    /// Prepares a rehearsal.
    ///
    /// - Parameters:
    ///   - directory: where journal and store go; made when it is not there.
    ///   - strategies: what trades.
    ///   - writesJournal: whether the journal is on.
    /// - Throws: `EngineError` as starting an engine does.
    public init(
        directory: DataDirectory, seed: UInt64, from: Timestamp, to: Timestamp, strategies: [StrategyRecord],
        writesJournal: Bool
    ) throws(EngineError) {
        var configuration = EngineConfiguration(directory: directory)
        configuration.feed = .synthetic(
            SyntheticFeedOptions(
                seed: seed, historyMinutes: 240,
                ownTime: SyntheticFeedOptions.OwnTime(from: from, to: to, speed: nil)))
        configuration.registersStarters = false
        configuration.cash = Money(whole: 10_000_000, .usdt)
        configuration.limits.maximumDrawdown = nil
        configuration.limits.maximumDailyLoss = nil
        stores = try EngineStores(configuration)
        do throws(StoreError) {
            for strategy in strategies { _ = try stores.account.add(strategy, at: from) }
        } catch {
            throw .store(reason: error.description)
        }
        let opened = writesJournal ? try EngineJournal.open(configuration) : nil
        journal = opened?.journal
        let inbox = Inbox(wake: try WakeDescriptor())
        let log = EngineLog(path: nil, maximumBytes: 10_000)
        recorder = try Recorder(store: stores.account, log: log, inbox: inbox)
        let builder = CoreBuilder(
            configuration, stores: stores, journal: opened, probe: nil, inbox: inbox, log: log,
            outlet: try SnapshotOutlet())
        core = try builder.build(recorder, continues: false, suspensions: [], fence: Fence()).core
        if let journal {
            core.checkpoints = Checkpointer(journal: journal)
            core.beginSession(number: 1)
        }
        core.begin(at: from)
    }

    /// Drives the market to its end.
    public func run() throws(EngineError) -> Figures {
        var figures = Figures()
        var started: Int64 = 0
        // Only what an update leads to first: what its fills lead to has waited for the disk before.
        core.exchange.onDecided = {
            guard started > 0 else { return }
            figures.decisionNanoseconds.append(EngineClock.monotonic() - started)
            started = 0
        }
        var stretch: [MarketUpdate] = []
        while !core.isFeedFinished {
            stretch.removeAll(keepingCapacity: true)
            try core.feed.stretch(until: .epoch, into: &stretch)
            let before = EngineRehearsal.processor()
            core.takeWhole(stretch) { started = EngineClock.monotonic() }
            figures.processorNanoseconds += EngineRehearsal.processor() - before
            figures.updateCount += stretch.count
            for job in recorder.takeJobs() { recorder.isDone(job) }
        }
        figures.decisionCount = core.exchange.log.lastDecision
        figures.orderCount = core.kernel.nextOrderID.rawValue - 1
        figures.decisionNanoseconds.sort()
        return figures
    }

    /// Ends it.
    public func end() {
        journal?.close(milliseconds: 10_000)
        stores.close()
    }

    private static func processor() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
