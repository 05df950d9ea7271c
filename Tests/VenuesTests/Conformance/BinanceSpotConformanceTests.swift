import Testing

@Suite("Binance Spot does what every venue does", .serialized)
struct BinanceSpotConformanceTests {
    @Test("what every venue does", arguments: Behaviour.all, BinanceSpotBench.Setup.allCases)
    func behaves(_ behaviour: Behaviour, _ setup: BinanceSpotBench.Setup) async throws {
        try await behaviour.tried(with: BinanceSpotBench(setup, isImpatient: behaviour.isImpatient))
    }
}
