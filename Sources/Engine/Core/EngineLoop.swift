import Synchronization

/// The engine's thread: inbox, feed, snapshot, wait, and over again.
final class EngineLoop: Sendable {
    /// How long the thread sleeps at most while nothing is due, in milliseconds.
    private static let tickMilliseconds: Int32 = 66

    /// How many requests are carried out before the market has its turn.
    private static let itemsPerTurn = 256

    /// What ends the thread when another has taken its place.
    let fence: Fence
    private let box: TransferBox<EngineCore>
    private let inbox: Inbox
    private let wake: WakeDescriptor
    private let clock: EngineClock
    private let isEnding = Atomic<Bool>(false)
    private let isStarted = Atomic<Bool>(false)
    private let finished = FinishedFlag()

    /// A loop over a core, which belongs to the loop's thread from `start` on.
    init(core: EngineCore, inbox: Inbox, wake: WakeDescriptor, clock: EngineClock, fence: Fence) {
        box = TransferBox(core)
        self.inbox = inbox
        self.wake = wake
        self.clock = clock
        self.fence = fence
    }

    /// Whether the thread was asked to end.
    var isStopping: Bool { isEnding.load(ordering: .acquiring) }

    /// Begins.
    func start() throws(EngineError) {
        try EngineThread.start { self.run(self.box.value) }
        isStarted.store(true, ordering: .releasing)
    }

    /// Ends the thread once what waits is done.
    func stop() {
        isEnding.store(true, ordering: .releasing)
        wake.signal()
        if isStarted.load(ordering: .acquiring) && !fence.isRaised { finished.wait() }
    }

    private func run(_ core: EngineCore) {
        core.begin(at: clock.now())
        var detector = ClockStepDetector()
        // A session that goes on may have been told by a clock that was ahead.
        var steady = SteadyTime(behind: core.feed.followsWallClock ? core.kernel.now : nil)
        var wait: Int32 = 0
        while true {
            wake.wait(milliseconds: wait)
            fence.pass()
            let isLast = isStopping
            let now = clock.now()
            if let step = detector.step(wall: now, monotonic: EngineClock.monotonic()) { core.clockStepped(step) }
            var count = 0
            while count < EngineLoop.itemsPerTurn, let item = inbox.take() {
                core.handle(item)
                count += 1
            }
            let isBehind = core.advance(
                to: clock.isMachines ? steady.time(wall: now, elapsed: EngineClock.sinceStart()) : now)
            core.writeCheckpointIfDue()
            let due = core.publishIfDue(monotonic: EngineClock.monotonic())
            if isLast { break }
            wait =
                isBehind || !inbox.isEmpty
                ? 0 : min(EngineLoop.tickMilliseconds, due.map { Int32(clamping: $0 / 1_000_000 + 1) } ?? .max)
        }
        for item in inbox.close() { core.handle(item) }
        core.end()
        finished.set()
    }
}
