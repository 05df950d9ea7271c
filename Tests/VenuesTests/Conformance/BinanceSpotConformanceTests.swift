import Testing

/// The suite of `docs/venues.md`, one way of reaching the stand-in a suite: they run side by side, the behaviours of one
/// after the other.
@Suite("Binance Spot does what every venue does, in plain with HMAC", .serialized)
struct PlainHMACConformanceTests {
    @Test("every venue", arguments: Behaviour.all)
    func behaves(_ behaviour: Behaviour) async throws {
        try await behaviour.tried(on: BinanceSpotBench.Setup(isPlain: true, kind: .hmac))
    }
}

@Suite("Binance Spot does what every venue does, in plain with Ed25519", .serialized)
struct PlainEd25519ConformanceTests {
    @Test("every venue", arguments: Behaviour.all)
    func behaves(_ behaviour: Behaviour) async throws {
        try await behaviour.tried(on: BinanceSpotBench.Setup(isPlain: true, kind: .ed25519))
    }
}

@Suite("Binance Spot does what every venue does, over TLS with HMAC", .serialized)
struct SecureHMACConformanceTests {
    @Test("every venue", arguments: Behaviour.all)
    func behaves(_ behaviour: Behaviour) async throws {
        try await behaviour.tried(on: BinanceSpotBench.Setup(isPlain: false, kind: .hmac))
    }
}

@Suite("Binance Spot does what every venue does, over TLS with Ed25519", .serialized)
struct SecureEd25519ConformanceTests {
    @Test("every venue", arguments: Behaviour.all)
    func behaves(_ behaviour: Behaviour) async throws {
        try await behaviour.tried(on: BinanceSpotBench.Setup(isPlain: false, kind: .ed25519))
    }
}

extension Behaviour {
    fileprivate func tried(on setup: BinanceSpotBench.Setup) async throws {
        try await tried(with: BinanceSpotBench(setup, isImpatient: isImpatient))
    }
}
