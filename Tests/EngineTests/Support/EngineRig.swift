import Glibc
import Market
import Storage
import Synchronization
import Testing
import Trading

@testable import Engine

/// A data directory of its own that goes away with it.
final class TemporaryDirectory {
    let directory: DataDirectory

    init() throws {
        var template = Array("/tmp/wick-engine-XXXXXX".utf8CString)
        let path = try #require(mkdtemp(&template).map { String(cString: $0) })
        directory = DataDirectory(path: path)
    }

    var path: String { directory.path }

    deinit { TemporaryDirectory.remove(path) }

    private static func remove(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name == "." || name == ".." { continue }
                if unlink(path + "/" + name) != 0 { remove(path + "/" + name) }
            }
            closedir(folder)
        }
        rmdir(path)
    }
}

/// Monday, 6 May 2024, 00:00 UTC.
let monday = Timestamp(seconds: 1_714_953_600)

/// An engine's core without threads: time moves when a test says so, and the store is written when a test says so.
final class EngineRig {
    let folder: TemporaryDirectory
    let store: Store
    let inbox: Inbox
    let recorder: Recorder
    let core: EngineCore
    let writer: StoreWriter
    let log: EngineLog
    var time: Timestamp
    /// Every job that the core handed to the recorder and that was written.
    private(set) var written: [RecorderJob] = []

    init(
        in folder: TemporaryDirectory, at start: Timestamp = monday,
        _ configure: (inout EngineConfiguration) -> Void = { _ in }
    ) throws {
        self.folder = folder
        var configuration = EngineConfiguration(directory: folder.directory)
        configuration.feed = .synthetic(SyntheticFeedOptions(seed: 7, historyMinutes: 240))
        configuration.clock = EngineClock { preconditionFailure("a test of the core must not read a clock") }
        configure(&configuration)
        let data = try Store(directory: folder.directory)
        let isEphemeral: Bool
        let feed: any MarketFeed
        switch configuration.feed {
        case .synthetic(let options):
            store = data
            isEphemeral = false
            feed = SyntheticFeed(options, start: start)
        case .replay(let options):
            store = try Store.inMemory()
            isEphemeral = true
            if let file = options.file {
                feed = try CaptureFeed(file, options, store: data, start: start)
            } else {
                feed = try ReplayFeed(options, store: data, start: start)
            }
        case .live(let options):
            store = try Store(directory: configuration.accountDirectory)
            isEphemeral = false
            feed = LiveFeed(options, known: [], start: start) {}
        }
        if isEphemeral {
            for record in try data.strategies() { _ = try store.add(record, at: start) }
        }
        if configuration.registersStarters, try store.strategies(includingRemoved: true).isEmpty {
            for record in StarterStrategies.records(feed.instruments, configuration.catalog) {
                _ = try store.add(record, at: start)
            }
        }
        inbox = Inbox(wake: try WakeDescriptor())
        let session = try Session(
            store: store, feed: feed, configuration: configuration, isEphemeral: isEphemeral,
            isHalted: EmergencyLatch.isSet(directory: folder.path),
            on: Session.Foundation(
                log: DecisionLog(),
                means: ResumedExchange.Means(catalog: configuration.catalog, gate: inbox.gate)))
        log = EngineLog(path: nil, maximumBytes: 10_000)
        recorder = try Recorder(store: store, log: log, inbox: inbox)
        core = EngineCore(
            session, feed: feed, recorder: recorder, inbox: inbox, log: log, configuration: configuration,
            at: start, publish: { _ in })
        writer = StoreWriter(store: store, recovery: session.recovery)
        time = start
        core.begin(at: start)
    }

    /// Lets time pass, in slices of at most `slice` seconds.
    func pass(seconds: Int64, slice: Int64 = 60) {
        let end = time.adding(seconds: seconds)
        while time < end {
            time = min(end, time.adding(seconds: slice))
            while core.advance(to: time) {}
            pump()
        }
    }

    /// Carries out what waits in the inbox.
    func pump() {
        while let item = inbox.take() { core.handle(item) }
    }

    /// Asks for something and gives the answer, which must come within a second of market time.
    func ask(_ request: EngineRequest) -> EngineReply {
        let answer = Mutex<EngineReply?>(nil)
        core.handle(.request(request, origin: "test") { reply in answer.withLock { $0 = reply } })
        for _ in 0..<20 where answer.withLock({ $0 == nil }) {
            write()
            pass(seconds: 1)
        }
        return answer.withLock { $0 } ?? .refused("no answer")
    }

    /// Writes what waits for the store; at most `limit` jobs when given, the rest is lost as in a crash.
    func write(limit: Int? = nil) {
        let jobs = recorder.takeJobs()
        for entry in limit.map({ Array(jobs.prefix($0)) }) ?? jobs {
            do { try writer.write([entry], inbox) } catch { Issue.record("\(error)") }
            written.append(entry.job)
        }
        for job in jobs { recorder.isDone(job) }
        pump()
    }

    /// The newest snapshot, made now.
    var snapshot: Snapshot {
        core.publishNow()
        return core.snapshot
    }

    /// Everything the kernel had written down, in order.
    var records: [Record] {
        written.compactMap { job in
            if case .record(let record, _) = job { return record }
            return nil
        }
    }
}

extension EngineReply {
    /// Whether it was done.
    var isDone: Bool {
        if case .done = self { return true }
        return false
    }

    /// The reason of a refusal.
    var refusal: String? {
        if case .refused(let text) = self { return text }
        return nil
    }

    /// The order it is about.
    var order: Order? {
        if case .order(let order, _) = self { return order }
        return nil
    }
}
