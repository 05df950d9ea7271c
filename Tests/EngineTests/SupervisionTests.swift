import Glibc
import Synchronization
import Testing
import Trading

@testable import Engine

@Suite("Supervision")
struct SupervisionTests {
    private let second: Int64 = 1_000_000_000
    private let strategy = StrategyID(rawValue: 3)

    @Test("a strategy that failed comes back after ten seconds, a minute and five minutes, then stays halted")
    func backOff() {
        var supervisor = StrategySupervisor()
        var now: Int64 = 0
        for (pause, attempt) in [(Int64(10), 1), (60, 2), (300, 3)] {
            #expect(supervisor.faulted(strategy, at: now) == .restart(afterSeconds: pause, attempt: attempt))
            #expect(supervisor.due(at: now + pause * second - 1) == [])
            now += pause * second
            #expect(supervisor.due(at: now) == [strategy])
            #expect(supervisor.due(at: now + second) == [])
        }
        #expect(supervisor.faulted(strategy, at: now) == .stays)
        #expect(supervisor.due(at: now + 3_000 * second) == [])
    }

    @Test("an hour after a restart it counts no more")
    func hourPasses() {
        var supervisor = StrategySupervisor()
        for index in 0..<3 {
            _ = supervisor.faulted(strategy, at: Int64(index) * 400 * second)
            _ = supervisor.due(at: Int64(index) * 400 * second + 300 * second)
        }
        #expect(supervisor.faulted(strategy, at: 1_200 * second) == .stays)
        #expect(supervisor.faulted(strategy, at: 4_000 * second) == .restart(afterSeconds: 300, attempt: 3))
    }

    @Test("strategies are counted one by one")
    func apart() {
        var supervisor = StrategySupervisor()
        _ = supervisor.faulted(strategy, at: 0)
        #expect(
            supervisor.faulted(StrategyID(rawValue: 4), at: 0) == .restart(afterSeconds: 10, attempt: 1))
        #expect(supervisor.due(at: 10 * second) == [strategy, StrategyID(rawValue: 4)])
    }

    @Test("a strategy is stuck when the same step of it shows for longer than its budget")
    func stuck() {
        var watch = StrategyWatch(budget: second)
        let reading = ProbePage.Reading(strategy: 3, input: 17)
        #expect(watch.look(reading, at: 0) == nil)
        #expect(watch.look(reading, at: second - 1) == nil)
        let stuck = watch.look(reading, at: second)
        #expect(stuck?.strategy == strategy)
        #expect(stuck?.input == 17)
    }

    @Test("a strategy that takes one step after the other is not stuck")
    func busy() {
        var watch = StrategyWatch(budget: second)
        for step in 0..<10 {
            let reading = ProbePage.Reading(strategy: 3, input: UInt64(step))
            #expect(watch.look(reading, at: Int64(step) * 900_000_000) == nil)
        }
        #expect(watch.look(ProbePage.Reading(strategy: 0, input: 0), at: 20 * second) == nil)
        #expect(watch.look(ProbePage.Reading(strategy: 3, input: 9), at: 20 * second) == nil)
    }

    @Test("while somebody waits for an emergency stop the budget is shorter")
    func urgent() {
        var watch = StrategyWatch(budget: second)
        let reading = ProbePage.Reading(strategy: 3, input: 17)
        _ = watch.look(reading, at: 0)
        #expect(watch.look(reading, at: second / 10, budget: second / 10) != nil)
    }

    @Test("a page tells the next process in which step of which strategy the last one ended, and how often in a row")
    func deaths() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/running"
        func process(endsIn strategy: Int32, _ input: UInt64) throws -> UInt32 {
            let page = try ProbePage(path: path)
            page.begin(input)
            // What the kernel does before it calls a strategy.
            let file = open(path, O_RDWR)
            var word = strategy
            #expect(pwrite(file, &word, 4, 8) == 4)
            close(file)
            return page.deaths
        }
        #expect(try process(endsIn: 3, 17) == 0)
        #expect(try process(endsIn: 3, 17) == 1)
        let page = try ProbePage(path: path)
        #expect(page.deaths == 2)
        #expect(page.last == ProbePage.Reading(strategy: 3, input: 17))
        #expect(page.reading == ProbePage.Reading(strategy: 0, input: 17))
        page.end()
        #expect(try ProbePage(path: path).deaths == 0)
    }

    @Test("a death in another step begins a new count")
    func otherDeath() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/running"
        for (strategy, input) in [(Int32(3), UInt64(17)), (3, 18)] {
            let page = try ProbePage(path: path)
            page.begin(input)
            let file = open(path, O_RDWR)
            var word = strategy
            _ = pwrite(file, &word, 4, 8)
            close(file)
        }
        #expect(try ProbePage(path: path).deaths == 1)
    }

    @Test("a death outside of any step ends the count")
    func deathOutside() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/running"
        for strategy in [Int32(3), 0, 3] {
            let page = try ProbePage(path: path)
            page.begin(17)
            let file = open(path, O_RDWR)
            var word = strategy
            _ = pwrite(file, &word, 4, 8)
            close(file)
        }
        #expect(try ProbePage(path: path).deaths == 1)
    }

    @Test("a raised fence keeps its thread from going on, and another's does not")
    func fence() throws {
        let fence = Fence()
        let passed = Atomic<Int>(0)
        fence.pass()
        fence.raise()
        let reached = FinishedFlag()
        try EngineThread.start {
            reached.set()
            fence.pass()
            passed.add(1, ordering: .relaxed)
        }
        #expect(reached.wait(milliseconds: 10_000))
        usleep(20_000)
        #expect(passed.load(ordering: .relaxed) == 0)
        Fence().pass()
    }

    @Test("things that may block are done one after the other, in order")
    func serial() throws {
        let thread = SerialThread()
        let done = Mutex<[Int]>([])
        for number in 0..<50 { try thread.run { done.withLock { $0.append(number) } } }
        #expect(thread.waitUntilIdle(milliseconds: 10_000))
        #expect(done.withLock { $0 } == Array(0..<50))
    }
}

@Suite("The gate before the last step")
struct OpeningGateTests {
    @Test("an emergency stop closes it before anybody looks into the inbox")
    func closesAtOnce() throws {
        let inbox = Inbox(wake: try WakeDescriptor())
        #expect(!inbox.gate.isClosed)
        inbox.submit(.stepReplay, origin: "t", reply: nil)
        #expect(!inbox.gate.isClosed)
        inbox.submit(.halt(origin: "t"), origin: "t", reply: nil)
        #expect(inbox.gate.isClosed)
        #expect(inbox.gate.emergencyRequestedAt != nil)
    }

    @Test("an emergency stop is taken before what came first")
    func jumpsTheQueue() throws {
        let inbox = Inbox(wake: try WakeDescriptor())
        inbox.submit(.stepReplay, origin: "t", reply: nil)
        inbox.submit(.emergencyStop(keepsProtection: false, origin: "t"), origin: "t", reply: nil)
        #expect(inbox.hasEmergency)
        #expect(inbox.take()?.isEmergency == true)
        #expect(!inbox.hasEmergency)
        #expect(inbox.take()?.isEmergency == false)
        #expect(inbox.isEmpty)
    }

    @Test("it stays closed until the stop is lifted, however often its request is taken in")
    func staysClosed() {
        let gate = OpeningGate()
        gate.close(at: 5)
        gate.emergencyTaken()
        #expect(gate.isClosed)
        gate.open()
        #expect(!gate.isClosed)
    }

    @Test("the first of several requests counts for the receipt's milliseconds")
    func firstRequest() {
        let gate = OpeningGate()
        gate.close(at: 5)
        gate.close(at: 9)
        #expect(gate.emergencyRequestedAt == 5)
        gate.emergencyTaken()
        #expect(gate.emergencyRequestedAt == nil)
    }
}

@Suite("The receipt of an emergency stop")
struct EmergencyWatchTests {
    @Test("it names per venue what was sent, confirmed and remains, and follows confirmations that come late")
    func rows() {
        let ids = (1...3).map { OrderID(rawValue: $0) }
        var watch = EmergencyWatch(
            targets: [(ids[0], "A"), (ids[1], "A"), (ids[2], "B")], venues: ["A", "B"], started: 1_000_000)
        let first = watch.rows(now: 3_000_000) { $0 == ids[0] || $0 == ids[2] }
        #expect(first.map(\.confirmed) == [1, 1])
        #expect(first.map(\.remaining) == [1, 0])
        #expect(first.map(\.milliseconds) == [2, 2])
        let second = watch.rows(now: 9_000_000) { _ in true }
        #expect(second.map(\.sent) == [2, 1])
        #expect(second.map(\.remaining) == [0, 0])
        #expect(second.map(\.milliseconds) == [8, 2])
    }
}
