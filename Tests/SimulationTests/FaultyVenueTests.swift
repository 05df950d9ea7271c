import Market
import Simulation
import Testing

@testable import Trading

@Suite("A venue that misbehaves")
struct FaultyVenueTests {
    @Test("after a bad day kernel and venue agree to the last digit, and what is held is protected", arguments: 1...200)
    func badDay(seed: Int) throws {
        var session = try FaultSession(
            .badDay(seed: UInt64(seed)), participation: seed % 3 == 0 ? .percent(50) : nil)
        for _ in 0..<3_600 { session.second() }
        session.heal()
        #expect(session.differences == [])
        #expect(session.unprotected == [])
        #expect(session.venue.arrivals.allSatisfy { $0.count == 1 })
        #expect(!session.submitted.isEmpty)
    }
}
