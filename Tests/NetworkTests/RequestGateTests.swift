import Synchronization
import Testing

@testable import Network

@Suite("The gate of a server")
struct RequestGateTests {
    private let now = ContinuousClock.now

    @Test("a pause that the server asked for is told with its end, to cancels as well")
    func pause() {
        let gate = RequestGate(limit: 100)
        #expect(gate.pause(.cancel, at: now) == nil)
        let pause = RequestPause(reason: .banned, until: now + .seconds(9))
        gate.keep(pause)
        #expect(gate.pause(.cancel, at: now) == pause)
        #expect(gate.pause(.open, at: now + .seconds(8)) == pause)
        #expect(gate.pause(.open, at: now + .seconds(9)) == nil)
    }

    @Test("pauses that the server asks for are told to whoever keeps them, not those of another process, each once")
    func told() throws {
        let gate = RequestGate(limit: 100)
        let told = Mutex<[RequestPause]>([])
        gate.tellPauses { pause in told.withLock { $0.append(pause) } }
        gate.keep(RequestPause(reason: .banned, until: now + .seconds(5)))
        let tickets = [1, 2].map { _ in gate.ask(1, .data, at: now + .seconds(5)) }
        let first = RequestPause(reason: .tooMuchAsked, until: now + .seconds(20))
        let second = RequestPause(reason: .tooMuchAsked, until: now + .milliseconds(20_500))
        gate.end(try tickets[0].get(), .refused(first, used: nil), at: now + .seconds(6))
        gate.end(try tickets[1].get(), .refused(second, used: nil), at: now + .seconds(6))
        #expect(told.withLock { $0 } == [first])
        let ban = RequestPause(reason: .banned, until: now + .seconds(140))
        gate.refused(ban)
        #expect(told.withLock { $0 } == [first, ban])
        #expect(gate.pause(.cancel, at: now + .seconds(6)) == ban)
    }

    @Test("data that are turned away are not asked for, longer each time until they are answered; all else goes on")
    func turnedAway() {
        let gate = RequestGate(limit: 100)
        let now = ContinuousClock.now
        #expect(gate.pause(.data, at: now) == nil)
        var time = now
        for minutes in [5, 10, 20, 40, 60, 60] {
            gate.turnedAway(at: time)
            // What was under way with it says nothing new.
            gate.turnedAway(at: time + .seconds(1))
            let end = time + .seconds(minutes * 60)
            #expect(gate.pause(.data, at: end - .seconds(1)) == RequestPause(reason: .turnedAway, until: end))
            if case .failure(let refusal) = gate.ask(1, .data, at: end - .seconds(1)) {
                #expect(refusal.pause == RequestPause(reason: .turnedAway, until: end))
            } else {
                Issue.record("it was let through")
            }
            for priority in RequestPriority.allCases where priority != .data {
                #expect(gate.pause(priority, at: time) == nil)
            }
            #expect(gate.pause(.data, at: end) == nil)
            time = end
        }
        gate.served()
        gate.turnedAway(at: time)
        #expect(gate.pause(.data, at: time)?.until == time + .seconds(300))
    }

    @Test("what is done beside requests counts, and waits for a pause and for room")
    func admitted() {
        let gate = RequestGate(limit: 10)
        #expect(gate.admit(4, .question, at: now) == nil)
        #expect(gate.use(at: now).weight == 4)
        #expect(
            gate.admit(4, .question, at: now) == RequestPause(reason: .limitUsedUp, until: now + .seconds(60)))
        let ban = RequestPause(reason: .banned, until: now + .seconds(90))
        gate.refused(ban)
        #expect(gate.admit(1, .cancel, at: now + .seconds(60)) == ban)
        #expect(gate.admit(1, .question, at: now + .seconds(90)) == nil)
    }

    @Test("a server that keeps failing is told of to the class that failed, and never to cancels")
    func failing() throws {
        let gate = RequestGate(limit: 100)
        for _ in 0..<5 {
            let ticket = try gate.ask(1, .open, at: now).get()
            gate.end(ticket, .failed(used: nil), at: now)
        }
        #expect(gate.pause(.open, at: now)?.reason == .keepsFailing)
        #expect(gate.pause(.cancel, at: now) == nil)
        #expect(gate.pause(.open, at: now + .seconds(31)) == nil)
    }
}
