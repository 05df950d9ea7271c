import Testing

@testable import Venues

@Suite("the suite of behaviours is whole")
struct BehaviourTests {
    @Test("each behaviour has words of its own")
    func words() { #expect(Set(Behaviour.all.map(\.testDescription)).count == Behaviour.all.count) }

    @Test("whatever Binance Spot declares to have is tried")
    func declared() async throws {
        let bench = try await BinanceSpotBench(.allCases[0])
        let tried = Set(Behaviour.all.flatMap(\.needs))
        let declared = bench.venue.capabilities.features
        await bench.end()
        #expect(declared.subtracting(tried).map(\.rawValue) == [])
    }

    @Test("what no venue here has is not tried by mistake")
    func undeclared() {
        let tried = Set(Behaviour.all.flatMap(\.needs))
        #expect(tried.isDisjoint(with: [.deadMansSwitch, .reduceOnly, .cancelAllOfAccount]))
    }
}
