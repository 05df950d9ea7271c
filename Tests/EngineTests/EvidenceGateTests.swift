import Market
import Storage
import Testing
import Trading

@testable import Engine

@Suite("The gate before real money", .serialized)
struct EvidenceGateTests {
    private func live() async throws -> VenueRig {
        try await VenueRig(protection: Protection.none) { $0.trading?.mode = .live }
    }

    private func status(_ rig: VenueRig) -> StrategyStatus? { rig.snapshot.strategies.first?.registration.status }

    private func id(_ rig: VenueRig) throws -> StrategyID {
        try #require(rig.snapshot.strategies.first).registration.id
    }

    /// The same as kept by the commands that find evidence.
    private func keep(_ rig: VenueRig, _ checks: [EvidenceCheck], mark: Double = 0) throws {
        let store = try Store(directory: rig.folder.directory)
        try store.keep(
            checks.map {
                EvidenceRecord(
                    time: EngineClock.wall.now(), check: $0, className: "wilful",
                    parameters: EvidenceParameters(values: [("mark", mark)]), series: rig.instrument.name,
                    timeframe: .oneMinute, value: 1, passed: true, source: "a test", detail: "")
            })
        try store.close()
    }

    private static let needed = EvidenceCheck.allCases.filter { $0 != .waiver }

    @Test("with real money a strategy without evidence is refused, with what is missing and how to make it")
    func refused() async throws {
        let rig = try await live()
        defer { rig.end() }
        // It was enabled in the store before the first session.
        #expect(status(rig) == .disabled)
        #expect(rig.snapshot.alerts.contains { $0.alert.kind == "strategy-refused" })
        guard case .refused(let text) = try await rig.ask(.enableStrategy(try id(rig))) else {
            Issue.record("it was enabled")
            return
        }
        for check in Self.needed { #expect(text.contains("\(check.rawValue): there is none")) }
        #expect(text.contains("wick backtest audit --symbol \(rig.instrument.name) --timeframe 1m"))
        #expect(text.contains("wick strategy enable wilful --waive"))
        #expect(status(rig) == .disabled)
    }

    @Test("with all evidence it is enabled; changed parameters need their own")
    func enabled() async throws {
        let rig = try await live()
        defer { rig.end() }
        try keep(rig, Self.needed, mark: 1)
        if case .refused = try await rig.ask(.enableStrategy(try id(rig))) {
        } else {
            Issue.record("of other parameters")
        }
        try keep(rig, Self.needed)
        if case .done = try await rig.ask(.enableStrategy(try id(rig))) {} else { Issue.record("it was refused") }
        #expect(status(rig) == .enabled)
        var registration = try #require(rig.snapshot.strategies.first).registration
        registration.parameters = try Parameters(registration.parameters.descriptors, overrides: [("mark", "2")])
        if case .refused = try await rig.ask(.changeStrategy(registration)) {} else { Issue.record("it was changed") }
        // Evidence is not about how big entries are.
        registration = try #require(rig.snapshot.strategies.first).registration
        registration.sizing = .quantity(try rig.instrument.quantity("0.02"))
        if case .done = try await rig.ask(.changeStrategy(registration)) {} else { Issue.record("it was not changed") }
    }

    @Test("a waiver enables it, stands in the audit with its reason, and outlives a restart")
    func waived() async throws {
        let rig = try await live()
        defer { rig.end() }
        if case .refused = try await rig.ask(.enableWaived(try id(rig), reason: " ")) {
        } else {
            Issue.record("no reason")
        }
        if case .done = try await rig.ask(.enableWaived(try id(rig), reason: "a small try")) {
        } else {
            Issue.record("it was refused")
        }
        #expect(status(rig) == .enabled)
        try await rig.restart()
        #expect(status(rig) == .enabled)
        _ = try await rig.ask(.disableStrategy(try id(rig)))
        if case .done = try await rig.ask(.enableStrategy(try id(rig))) {} else { Issue.record("the waiver is gone") }
        rig.end()
        let store = try Store(directory: rig.folder.directory.account(named: "binance-spot"))
        let trail = try store.auditTrail().first { $0.action == "evidence waived" }
        #expect(trail?.subject == "wilful" && trail?.detail.hasPrefix("a small try (wilful lacks evidence") == true)
    }

    @Test("a test network asks for nothing")
    func testnet() async throws {
        let rig = try await VenueRig(protection: Protection.none)
        defer { rig.end() }
        #expect(status(rig) == .enabled)
        _ = try await rig.ask(.disableStrategy(try id(rig)))
        if case .done = try await rig.ask(.enableStrategy(try id(rig))) {} else { Issue.record("it was refused") }
    }
}
