import Market
import Network
import Synchronization
import Testing

@testable import Venues

@Suite("a venue's clock")
struct VenueClockTests {
    /// A venue that is ahead of the machine, and a machine on which time passes as the test says.
    private final class World: Sendable {
        struct State {
            var steady = ContinuousClock.now
            var wall = Timestamp(milliseconds: 1_700_000_000_000)
        }
        let state = Mutex(State())
        var time: NetworkTime { NetworkTime(now: { self.state.withLock { $0.steady } }, wait: { _ in }) }
        var wall: Timestamp { state.withLock { $0.wall } }

        func pass(milliseconds: Int64) {
            state.withLock { state in
                state.steady += .milliseconds(milliseconds)
                state.wall = state.wall.adding(nanoseconds: milliseconds * 1_000_000)
            }
        }
        func setWall(by milliseconds: Int64) {
            state.withLock { $0.wall = $0.wall.adding(nanoseconds: milliseconds * 1_000_000) }
        }
    }

    private struct Silence: Error {}
    private let world = World()

    private func clock() -> VenueClock { VenueClock(world.time, wall: { [world] in world.wall }) }

    /// Asks a venue that is ahead by `ahead`, answers taking `there` and `back` in turn.
    private func refresh(_ clock: VenueClock, ahead: Int64, _ ways: [(there: Int64, back: Int64)]) async throws {
        let turn = Mutex(0)
        try await clock.refresh(probes: ways.count) { [world] () throws -> Timestamp in
            let way = turn.withLock { turn in
                defer { turn += 1 }
                return ways[turn]
            }
            world.pass(milliseconds: way.there)
            let venue = world.wall.adding(nanoseconds: ahead * 1_000_000)
            world.pass(milliseconds: way.back)
            return venue
        }
    }

    @Test("a symmetric way tells the venue's time exactly", arguments: [0, 300, -700, 100_000] as [Int64])
    func exact(_ ahead: Int64) async throws {
        let clock = clock()
        #expect(clock.now == nil && clock.isDue)
        try await refresh(clock, ahead: ahead, Array(repeating: (20, 20), count: 5))
        #expect(clock.now == world.wall.adding(nanoseconds: ahead * 1_000_000))
        #expect(clock.reading?.skew == .milliseconds(ahead) && clock.reading?.probes == 5)
        #expect(clock.reading?.isAlarming == (ahead.magnitude > 500))
    }

    @Test("one slow answer, or two, do not move the median")
    func median() async throws {
        let clock = clock()
        try await refresh(clock, ahead: 100, [(10, 10), (10, 3_000), (2_000, 10), (10, 10), (10, 10)])
        #expect(clock.reading?.skew == .milliseconds(100))
    }

    @Test("the venue's time goes on, whatever happens to the machine's time of day")
    func steady() async throws {
        let clock = clock()
        try await refresh(clock, ahead: 0, [(0, 0)])
        let before = try #require(clock.now)
        world.setWall(by: -3_600_000)
        world.pass(milliseconds: 1_500)
        #expect(clock.now == before.adding(nanoseconds: 1_500_000_000))
    }

    @Test("it is asked for again after ten minutes")
    func due() async throws {
        let clock = clock()
        try await refresh(clock, ahead: 0, [(0, 0)])
        world.pass(milliseconds: 600_000)
        #expect(!clock.isDue)
        world.pass(milliseconds: 1)
        #expect(clock.isDue)
    }

    @Test("without any answer what was known stays")
    func silence() async throws {
        let clock = clock()
        try await refresh(clock, ahead: 40, [(0, 0)])
        let before = clock.reading
        await #expect(throws: Silence.self) { try await clock.refresh { () throws(Silence) in throw Silence() } }
        #expect(clock.reading == before)
    }

    @Test("some answers are enough")
    func some() async throws {
        let clock = clock()
        let turn = Mutex(0)
        try await clock.refresh(probes: 5) { [world] () throws(Silence) -> Timestamp in
            let number = turn.withLock { turn in
                turn += 1
                return turn
            }
            guard number > 3 else { throw Silence() }
            return world.wall
        }
        #expect(clock.reading?.probes == 2)
    }

    @Test("a machine whose clock is far off is told what to do")
    func words() async throws {
        let clock = clock()
        try await refresh(clock, ahead: -800, [(0, 0)])
        #expect(clock.reading?.words == "the venue's clock is 800 ms behind this machine's; set the clock (NTP)")
        try await refresh(clock, ahead: 20, [(0, 0)])
        #expect(clock.reading?.words == "the venue's clock is 20 ms ahead of this machine's")
    }
}
