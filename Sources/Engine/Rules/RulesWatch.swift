import Glibc
import Storage
import Synchronization
import Trading

/// Looks once a second whether the files of rules are what their strategies run, on a thread of its own.
///
/// A file that changes while it is read is read again a second later.
final class RulesWatch: Sendable {
    /// How a file was found the last time.
    private struct Look: Equatable {
        var path: String
        var stamp: Stamp
        /// The rules of the strategy at that time.
        var className: String
    }

    /// What changes with every write to a file.
    private struct Stamp: Equatable {
        var seconds: Int
        var nanoseconds: Int
        var size: Int64
        var inode: UInt64
    }

    /// The largest file that is looked into.
    private static let mostBytes: Int64 = 1 << 20

    private let reload: RulesReload
    private let store: Store
    private let snapshot: @Sendable () -> Snapshot
    private let inbox: Inbox
    private let wake: WakeDescriptor
    private let isStopping = Atomic<Bool>(false)
    private let isStarted = Atomic<Bool>(false)
    private let finished = FinishedFlag()

    /// A watch over the strategies of snapshots, whose files `store` knows.
    init(
        _ reload: RulesReload, store: Store, snapshot: @escaping @Sendable () -> Snapshot, inbox: Inbox
    ) throws(EngineError) {
        self.reload = reload
        self.store = store
        self.snapshot = snapshot
        self.inbox = inbox
        wake = try WakeDescriptor()
    }

    func start() throws(EngineError) {
        try EngineThread.start { self.serve() }
        isStarted.store(true, ordering: .releasing)
    }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        wake.signal()
        if isStarted.load(ordering: .acquiring) { finished.wait() }
    }

    private func serve() {
        var looks: [StrategyID: Look] = [:]
        while !isStopping.load(ordering: .acquiring) {
            for strategy in snapshot().strategies { look(at: strategy, &looks) }
            wake.wait(milliseconds: 1_000)
        }
        finished.set()
    }

    private func look(at strategy: StrategyView, _ looks: inout [StrategyID: Look]) {
        let registration = strategy.registration
        // The name of a class is its title unless it is the text of rules.
        guard registration.classTitle != registration.className,
            let path = try? RulesFile.path(of: registration.name, in: store)
        else {
            looks[registration.id] = nil
            if strategy.rules != nil { tell(registration, nil) }
            return
        }
        guard let stamp = RulesWatch.stamp(path) else {
            // Gone, or being replaced: the strategy has its rules, and the file may come again.
            looks[registration.id] = nil
            return
        }
        let look = Look(path: path, stamp: stamp, className: registration.className)
        guard looks[registration.id] != look else { return }
        let notice: RulesNotice?
        let isReadable = stamp.size <= RulesWatch.mostBytes
        switch isReadable ? reload.read(path) : .wrong("\(path): \(stamp.size) bytes are no file of rules") {
        case .rules(let className):
            notice = className == registration.className ? nil : .changed(file: path, className: className)
        case .wrong(let problem):
            notice = .wrong(file: path, problem: problem)
        }
        // Written while it was read: looked at again.
        guard RulesWatch.stamp(path) == stamp else { return }
        looks[registration.id] = look
        if notice != nil || strategy.rules != nil { tell(registration, notice) }
    }

    private func tell(_ registration: StrategyRegistration, _ notice: RulesNotice?) {
        let mode = reload.mode
        inbox.tell { $0.rulesRead(registration.id, notice, loads: mode == .auto) }
    }

    private static func stamp(_ path: String) -> Stamp? {
        var status = stat()
        // Anything but a file could be read for ever.
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Stamp(
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec, size: Int64(status.st_size),
            inode: UInt64(status.st_ino))
    }
}
