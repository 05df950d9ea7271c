import Bytes
import Glibc
import Journal
import Market
import Storage
import Synchronization
import Testing
import Trading

@testable import Engine

/// An engine's core with a real journal and without a thread: time moves when a test says so, and a copy of the
/// directory is what a killed engine would have left.
final class JournalRig {
    let folder: TemporaryDirectory
    let stores: EngineStores
    let journal: Journal
    let inbox: Inbox
    let recorder: Recorder
    let core: EngineCore
    let writer: StoreWriter
    let build: CoreBuilder.Build
    private(set) var time: Timestamp
    private let clock: TestClock

    /// The time as the engine reads it.
    final class TestClock: Sendable {
        let time: Mutex<Timestamp>
        init(_ time: Timestamp) { self.time = Mutex(time) }
    }

    init(
        in folder: TemporaryDirectory, at start: Timestamp = monday, suspensions: [Suspension] = [],
        _ configure: (inout EngineConfiguration) -> Void = { _ in }
    ) throws {
        self.folder = folder
        time = start
        clock = TestClock(start)
        var configuration = EngineConfiguration(directory: folder.directory)
        configuration.feed = .synthetic(SyntheticFeedOptions(seed: 7, historyMinutes: 240))
        configuration.clock = EngineClock { [clock] in clock.time.withLock { $0 } }
        configuration.journal.compresses = false
        configuration.journal.minimumFreeBytes = 0
        configure(&configuration)
        stores = try EngineStores(configuration)
        let opened = try EngineJournal.open(configuration)
        journal = opened.journal
        inbox = Inbox(wake: try WakeDescriptor())
        let log = EngineLog(path: nil, maximumBytes: 10_000)
        recorder = try Recorder(store: stores.account, log: log, inbox: inbox)
        let builder = CoreBuilder(
            configuration, stores: stores, journal: opened, probe: nil, inbox: inbox, log: log,
            outlet: try SnapshotOutlet())
        build = try builder.build(recorder, continues: false, suspensions: suspensions, fence: Fence())
        core = build.core
        core.checkpoints = Checkpointer(journal: journal)
        core.beginSession(number: (build.number ?? 0) + 1)
        for entry in build.catchUp?.left ?? [] { recorder.add(entry.job, entry.sequence) }
        writer = StoreWriter(
            store: stores.account, recovery: build.session.recovery, place: build.catchUp?.place ?? 0)
        core.begin(at: start)
    }

    /// Lets time pass, in slices of at most `slice` seconds.
    func pass(seconds: Int64, slice: Int64 = 60) {
        let end = time.adding(seconds: seconds)
        while time < end {
            time = min(end, time.adding(seconds: slice))
            let now = time
            clock.time.withLock { $0 = now }
            while core.advance(to: time) {}
            while let item = inbox.take() { core.handle(item) }
        }
    }

    /// Asks for something and gives the answer.
    func ask(_ request: EngineRequest) -> EngineReply {
        let answer = Mutex<EngineReply?>(nil)
        core.handle(.request(request, origin: "test") { reply in answer.withLock { $0 = reply } })
        for _ in 0..<20 where answer.withLock({ $0 == nil }) {
            write()
            pass(seconds: 1)
        }
        return answer.withLock { $0 } ?? .refused("no answer")
    }

    /// Writes what waits for the store; at most `limit` jobs when given, the rest stays away as in a crash.
    func write(limit: Int? = nil) {
        let jobs = recorder.takeJobs()
        for group in Recorder.groups(limit.map { Array(jobs.prefix($0)) } ?? jobs) {
            do { try writer.write(group, inbox) } catch { Issue.record("\(error)") }
        }
        for job in jobs { recorder.isDone(job) }
        while let item = inbox.take() { core.handle(item) }
    }

    /// What decides from here on, as bytes: two engines with equal bytes go on equally.
    var state: [UInt8] {
        var writer = ByteWriter()
        writer.value(core.kernel.image)
        writer.value(core.exchange.venue.image)
        let connection = core.exchange.connection
        writer.optional(connection.isTransparent ? nil : connection.connection)
        writer.value(core.exchange.subscriptions)
        return writer.bytes
    }

    /// The decision records of some kinds that were written so far, in order.
    func decisions(_ kinds: Set<JournalKind>) throws -> [JournalRecord] {
        try EngineJournal.records(journal, .decisions, after: 0).filter { record in
            JournalKind(rawValue: record.kind).map(kinds.contains) ?? false
        }
    }

    /// A copy of the directory with everything that was written down so far, and of the database: what is there after a
    /// kill.
    func crashImage() throws -> TemporaryDirectory {
        _ = journal.waitUntilDurable(
            decisions: journal.last(.decisions), market: journal.last(.market), milliseconds: 10_000)
        let copy = try TemporaryDirectory()
        try copyFiles(from: folder.path, to: copy.path)
        return copy
    }

    /// Ends without ceremony.
    func abandon() {
        journal.close(milliseconds: 10_000)
        stores.close()
    }

    private func copyFiles(from: String, to: String) throws {
        let folder = try #require(opendir(from))
        defer { closedir(folder) }
        mkdir(to, 0o700)
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." || name.hasSuffix(".sock") { continue }
            var status = stat()
            try #require(stat(from + "/" + name, &status) == 0)
            if status.st_mode & S_IFMT == S_IFDIR {
                try copyFiles(from: from + "/" + name, to: to + "/" + name)
            } else {
                try copyFile(from + "/" + name, to + "/" + name)
            }
        }
    }

    private func copyFile(_ from: String, _ to: String) throws {
        let source = open(from, O_RDONLY)
        let target = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        try #require(source >= 0 && target >= 0)
        defer {
            close(source)
            close(target)
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(source, &buffer, buffer.count)
            if count <= 0 { return }
            try #require(Glibc.write(target, buffer, count) == count)
        }
    }
}
