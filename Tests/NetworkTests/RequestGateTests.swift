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
