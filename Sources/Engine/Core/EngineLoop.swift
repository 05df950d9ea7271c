import Synchronization

/// The engine's thread: inbox, feed, snapshot, wait, and over again.
final class EngineLoop: Sendable {
    /// How long the thread sleeps at most while nothing is due, in milliseconds.
    private static let tickMilliseconds: Int32 = 66
    /// How long a stop waits for the store to take what is left, in milliseconds.
    private static let flushMilliseconds: Int32 = 15_000

    private let box: TransferBox<EngineCore>
    private let inbox: Inbox
    private let wake: WakeDescriptor
    private let clock: EngineClock
    private let backtests: BacktestRunner
    private let recorder: Recorder
    private let log: EngineLog
    private let isStopping = Atomic<Bool>(false)
    private let isStarted = Atomic<Bool>(false)
    private let finished = FinishedFlag()

    /// A loop over a core, which belongs to the loop's thread from `start` on.
    init(
        core: EngineCore, inbox: Inbox, wake: WakeDescriptor, clock: EngineClock, backtests: BacktestRunner,
        recorder: Recorder, log: EngineLog
    ) {
        box = TransferBox(core)
        self.inbox = inbox
        self.wake = wake
        self.clock = clock
        self.backtests = backtests
        self.recorder = recorder
        self.log = log
    }

    /// Begins.
    func start() throws(EngineError) {
        try backtests.start()
        try EngineThread.start { self.run(self.box.value) }
        isStarted.store(true, ordering: .releasing)
    }

    /// Ends the thread once what waits is done, then writes what is recorded.
    func stop() {
        backtests.stop()
        isStopping.store(true, ordering: .releasing)
        wake.signal()
        if isStarted.load(ordering: .acquiring) { finished.wait() }
        let left = recorder.backlog
        if !recorder.stop(milliseconds: EngineLoop.flushMilliseconds) {
            log.write(.error, "the store did not take the last \(left) rows; they are lost", at: clock.now())
            log.flush()
        }
    }

    private func run(_ core: EngineCore) {
        core.begin(at: clock.now())
        var items: [InboxItem] = []
        var detector = ClockStepDetector()
        var wait: Int32 = 0
        while true {
            wake.wait(milliseconds: wait)
            let isLast = isStopping.load(ordering: .acquiring)
            let now = clock.now()
            if let step = detector.step(wall: now, monotonic: EngineClock.monotonic()) { core.clockStepped(step) }
            let isBehind = core.advance(to: now)
            inbox.drain(into: &items)
            if !items.isEmpty { core.handle(items) }
            let due = core.publishIfDue(monotonic: EngineClock.monotonic())
            if isLast { break }
            wait =
                isBehind ? 0 : min(EngineLoop.tickMilliseconds, due.map { Int32(clamping: $0 / 1_000_000 + 1) } ?? .max)
        }
        core.handle(inbox.close())
        core.end()
        finished.set()
    }
}
